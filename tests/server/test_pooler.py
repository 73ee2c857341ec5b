"""Databases behind a pooler in transaction mode: each transaction runs in another session of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.model.errors import PgproofError
from pgproof.server.capabilities import capabilities
from pgproof.server.live import connect
from tests.cli.running import pgproof
from tests.conftest import LiveDatabase
from tests.server.pooler import Pooler, pooler

SCHEMA = """
create schema app;
create table app.note (id int primary key, at timestamptz default '2024-01-02 03:04:05+00', body text);
create view app.recent as select id, body from app.note where at > date '2024-02-03';
alter table app.note enable row level security;
create policy own on app.note using (body = current_user);
create function app.f(a interval default '1 day 2 hours') returns int language sql as 'select 1';
"""

# What other clients of the pooler left in the sessions: each would change what a naive reader reads.
LEFT_BEHIND = (
    "",
    "set search_path = app; set datestyle = 'German'; set timezone = 'Asia/Tokyo'; set intervalstyle = 'iso_8601'",
    "create temp table pg_class (relname name); create temp table pg_namespace (nspname name); set row_security = on",
    "set quote_all_identifiers = on; set bytea_output = 'escape'; set statement_timeout = '20s'; prepare s as select 1",
    "set default_transaction_isolation = 'serializable'; set client_min_messages = debug5; set extra_float_digits = -5",
)


@pytest.fixture
def pooled(live: LiveDatabase) -> Iterator[Pooler]:
    live.execute(SCHEMA)
    address = live.cluster.socket_dir / f".s.PGSQL.{live.cluster.port}"
    with pooler(address, "postgres", live.name, LEFT_BEHIND) as running:
        yield running


def url(pooled: Pooler, live: LiveDatabase, more: str = "") -> str:
    return f"postgresql://postgres:s3cr3t@127.0.0.1:{pooled.port}/{live.name}{more}"


def test_the_catalog_is_the_same_as_without_a_pooler(pooled: Pooler, live: LiveDatabase) -> None:
    with connect(url(pooled, live)) as session:
        first = snapshot.read(session)
        for _ in LEFT_BEHIND:  # other sessions answer the same queries
            assert snapshot.read(session).objects == first.objects
    assert first.objects == snapshot.read(live.session()).objects
    assert all(turns > 1 for turns in pooled.turns)


def test_a_chunk_stays_in_one_session_and_leaves_nothing_there(pooled: Pooler, live: LiveDatabase) -> None:
    state = "select name, setting from pg_settings where source = 'session' order by 1"
    before = [backend.rows(state) for backend in pooled.backends]
    with connect(url(pooled, live)) as session:
        for _ in LEFT_BEHIND:
            with session.chunk():
                ((pid,),) = session.rows("select pg_backend_pid()")
                assert session.rows("select pg_backend_pid()") == [(pid,)]
                assert session.rows("show transaction_read_only") == [("on",)]
                assert session.rows("show statement_timeout") == [("30s",)]
                assert session.rows("select count(*) from pg_class where relname = 'note'") == [(1,)]
    assert [backend.rows(state) for backend in pooled.backends] == before
    prepared = [backend.rows("select name from pg_prepared_statements") for backend in pooled.backends]
    assert prepared == [[], [], [], [["s"]], []]


def test_a_failure_in_the_middle_leaves_the_session_to_the_next_client(pooled: Pooler, live: LiveDatabase) -> None:
    with connect(url(pooled, live)) as session:
        for _ in LEFT_BEHIND:
            with pytest.raises(psycopg.errors.DivisionByZero):
                session.rows("select 1 / 0")
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                session.rows("delete from app.note")
        assert session.rows("select 1") == [(1,)]


def test_the_role_is_read(pooled: Pooler, live: LiveDatabase) -> None:
    with connect(url(pooled, live)) as session:
        assert all(capabilities(session).tables == 2 for _ in LEFT_BEHIND)


@pytest.mark.parametrize("major", [18])
def test_a_check_through_a_pooler_is_a_check(pooled: Pooler, live: LiveDatabase, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_app.sql").write_text(SCHEMA)
    live.execute(
        "create table schema_migrations (version text primary key); insert into schema_migrations values ('0001')"
    )
    done = pgproof("check", "--live", url(pooled, live, "?pgbouncer=true"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "public.schema_migrations records 1 migration as applied" in done.stdout
    live.execute("drop policy own on app.note")
    done = pgproof("check", "--live", url(pooled, live), cwd=tmp_path)
    assert "error[DRF101] missing-object   policy app.note.own" in done.stdout


@pytest.mark.parametrize("major", [18])
def test_a_parameter_that_the_pooler_refuses_is_said(pooled: Pooler, live: LiveDatabase) -> None:
    with pytest.raises(PgproofError, match="a parameter of the connection is refused") as caught:
        connect(url(pooled, live, "?options=-c%20search_path%3Dapp"))
    assert "unsupported startup parameter: options" in caught.value.problem
    assert "Leave it out of the URL" in caught.value.way_out
    assert "s3cr3t" not in f"{caught.value.problem}{caught.value.way_out}{caught.value.__cause__!r}"
