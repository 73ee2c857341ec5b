"""A schema that somebody changes all the time while it is read: nothing is invented, and nobody is harmed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.model.errors import PgproofError
from pgproof.server.live import LOCK_TIMEOUT_MS
from tests.conftest import LiveDatabase

ONE = """
create type state as enum ('a', 'b');
create table note (id integer primary key, state state default 'a', body text check (length(body) > 1));
create index note_body on note (lower(body)) where state = 'a';
create view short as select id, state from note;
create materialized view counted as select state, count(*) from short group by state;
create function touch(note) returns integer language sql begin atomic select ($1).id; end;
create trigger same before update on note for each row execute function suppress_redundant_updates_trigger();
create policy own on note using (state = 'b');
create rule gone as on delete to note do also select 1;
create statistics related on lower(body), state from note;
create table part (state state) partition by list (state);
create table part_a partition of part for values in ('a');
create publication told for table note where (id > 3);
"""
OTHER = ONE.replace("'a', 'b')", "'a', 'b', 'c')").replace("(id integer", "(id bigint").replace("> 1", "> 2")
GONE = "drop publication told; drop table note, part cascade; drop type state cascade;"
READS = 8
PAUSES_S = (0.0, 0.3, 0.05, 0.5)


class Migrating:
    """A session that replaces one schema by the other, in one transaction, again and again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.times = 0
        self.error: psycopg.Error | None = None
        self._stop = threading.Event()

    def run(self) -> None:
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                while not self._stop.is_set():
                    connection.execute((GONE + (ONE, OTHER)[self.times % 2]).encode())
                    self.times += 1
                    time.sleep(PAUSES_S[self.times % len(PAUSES_S)])
        except psycopg.Error as error:
            self.error = error

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self.run)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()


@pytest.mark.parametrize("major", [18])
def test_what_is_read_is_one_of_the_schemas_that_were_there_or_an_error(
    live: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PAUSE_S", 0.1)
    possible = []
    for schema in (ONE, GONE + OTHER):
        live.execute(schema)
        possible.append(snapshot.read(live.session()).objects)
    migrating = Migrating(live.url)
    seen: list[object] = []
    refused: list[PgproofError] = []
    with migrating.at_work():
        while len(seen) + len(refused) < READS or migrating.times < READS:
            try:
                seen.append(snapshot.read(live.session()).objects)
            except PgproofError as error:
                refused.append(error)
    assert migrating.error is None
    assert possible[0] != possible[1]
    assert seen != []
    assert [objects for objects in seen if objects not in possible] == []
    assert all("in 3 attempts" in one.problem and "no migration is running" in one.way_out for one in refused)


@pytest.mark.parametrize("major", [18])
def test_a_migration_never_dies_of_waiting_for_what_is_read(live: LiveDatabase) -> None:
    """Both wait for each other: the server would end the one that finds it out, after `deadlock_timeout`."""
    live.execute("create table first (id integer check (id > 0)); create table second (id integer check (id > 0))")
    definition = "select pg_get_constraintdef(oid) from pg_constraint where conname = '{}_id_check'"
    session = live.session()
    with psycopg.connect(live.url) as migration:
        migration.execute("lock table second in access exclusive mode")
        waiting = threading.Thread(target=lambda: migration.execute("lock table first in access exclusive mode"))

        def both_wait() -> None:
            with session.chunk():
                session.rows(definition.format("first"))
                waiting.start()
                session.rows(definition.format("second"))

        with pytest.raises(psycopg.errors.LockNotAvailable):
            both_wait()
        waiting.join()
        assert migration.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        migration.rollback()
    [(timeout_ms,)] = live.rows("select setting::integer from pg_settings where name = 'deadlock_timeout'")
    assert timeout_ms > LOCK_TIMEOUT_MS + 1000 * snapshot.CHUNK_S
