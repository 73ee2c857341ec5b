"""How a schema is read: by whom, what counts, and what happens when it moves."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.kinds import ALL, BY_NAME
from pgproof.catalog.watermark import watermark
from pgproof.model import ObjectName
from pgproof.model.errors import PgproofError
from pgproof.server.session import Session
from tests.catalog.changes import changes
from tests.catalog.test_recreate import HARD
from tests.conftest import LiveDatabase

ONE_MAJOR = pytest.mark.parametrize("major", [18])

TABLES = """
create table note (id serial primary key, body text, owner text);
create view short as select id, left(body, 10) as body from note;
"""


class Meddling:
    """A session that lets somebody do something right after the rows of one kind were read."""

    def __init__(self, session: Session, after: str, meddle: Callable[[], None]) -> None:
        self.session = session
        self.query = BY_NAME[after].query(session.version)
        self.meddle = meddle

    @property
    def version(self) -> int:
        return self.session.version

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        rows = self.session.rows(sql, parameters)
        if sql == self.query:
            self.meddle()
        return rows

    def chunk(self) -> AbstractContextManager[None]:
        return self.session.chunk()


@pytest.fixture
def nobody(live: LiveDatabase) -> Iterator[str]:
    """A role that may connect and nothing else."""
    live.execute("drop role if exists snapshot_nobody; create role snapshot_nobody login")
    live.execute(f"revoke all on database {live.name} from public")
    live.execute(f"grant connect on database {live.name} to snapshot_nobody")
    live.execute("revoke all on schema public from public")
    yield "snapshot_nobody"
    live.execute("drop owned by snapshot_nobody; drop role snapshot_nobody")


def test_the_columns_of_a_query_are_the_attributes_of_its_kind(live: LiveDatabase) -> None:
    import psycopg

    with psycopg.connect(live.url) as connection:
        for kind in ALL:
            columns = connection.execute(kind.query(connection.info.server_version).encode()).description or []
            assert [column.name for column in columns][3:] == list(kind.attributes), kind.name


def test_a_role_that_may_only_connect_reads_the_same_catalog(live: LiveDatabase, nobody: str) -> None:
    live.execute("create function tf() returns trigger language plpgsql as 'begin return new; end'")
    live.execute(HARD)
    live.execute("alter table stored enable row level security; create policy p on stored using (a > 1)")
    everything = snapshot.read(live.session())
    assert snapshot.read(live.session(nobody)) == everything
    assert len(everything) > 100


def test_objects_of_extensions_are_left_out_with_their_children(live: LiveDatabase) -> None:
    live.execute("""
create extension if not exists plpgsql;
create table member (id serial primary key, body text default 'x', check (id > 0));
create view member_view as select * from member;
create table own (id integer);
alter extension plpgsql add table member;
alter extension plpgsql add sequence member_id_seq;
alter extension plpgsql add view member_view;
""")
    catalog = snapshot.read(live.session())
    assert [str(name) for name in sorted(catalog.objects) if name.kind not in ("schema", "extension", "database")] == [
        "public.own.id",
        "public.own",
    ]
    live.execute("""
alter extension plpgsql drop table member; alter extension plpgsql drop sequence member_id_seq;
alter extension plpgsql drop view member_view""")


def test_an_object_of_another_catalog_with_the_number_of_a_member_is_kept(live: LiveDatabase) -> None:
    """An OID is unique in its catalog only: a policy or constraint may have that of a function in an extension."""
    live.execute("create table note (id integer constraint positive check (id > 0))")
    live.execute("""
insert into pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
select 'pg_proc'::regclass, o.oid, 0, 'pg_extension'::regclass, e.oid, 0, 'e'
from pg_extension e, (select oid from pg_constraint where conname = 'positive'
  union all select 'note'::regclass::oid) o""")
    catalog = snapshot.read(live.session())
    assert ObjectName("constraint", ("public", "note", "positive")) in catalog.objects
    assert ObjectName("table", ("public", "note")) in catalog.objects


def test_schemas_can_be_left_out(live: LiveDatabase) -> None:
    live.execute("create schema auth; create table auth.users (id integer primary key); create table note ()")
    catalog = snapshot.read(live.session(), leave_out=frozenset({"auth"}))
    assert {name.kind for name in catalog.objects} == {"schema", "extension", "table", "database"}
    assert all("auth" not in name.parts for name in catalog.objects)


def test_each_object_has_its_address(live: LiveDatabase) -> None:
    live.execute(TABLES)
    catalog = snapshot.read(live.session())
    assert sorted(catalog.addresses.values()) == sorted(catalog.objects)
    [(table, constraint)] = live.rows(
        "select 'note'::regclass::oid::bigint, (select oid::bigint from pg_constraint where conname = 'note_pkey')"
    )
    assert catalog.addresses["pg_class", table, 0] == ObjectName("table", ("public", "note"))
    assert catalog.addresses["pg_class", table, 2] == ObjectName("column", ("public", "note", "body"))
    assert catalog.addresses["pg_constraint", constraint, 0] == ObjectName(
        "constraint", ("public", "note", "note_pkey")
    )


def test_the_catalog_knows_its_database(live: LiveDatabase) -> None:
    catalog = snapshot.read(live.session())
    assert (catalog.database, catalog.owner) == (live.name, "postgres")
    assert catalog.major == live.cluster.installation.major


@pytest.mark.parametrize(
    "harmless",
    [
        "alter table gap drop gone",
        "select nextval('note_id_seq') from generate_series(1, 5)",
        "insert into note (body) values ('x'); analyze note",
        "truncate note; vacuum full note",
        "drop index note_body; create index note_body on note (body)",
        "set search_path = pg_catalog; drop view public.short; "
        'create view public.short as select id, "left"(body, 10) as body from public.note',
        "revoke all on note from public; grant select on note to public; revoke select on note from public",
        "create temporary table note (id integer); create temporary view short as select 1",
        "drop table part_a; create table part_a partition of part for values in ('it''s, it is', null, 'a')",
    ],
)
def test_what_is_no_difference(live: LiveDatabase, harmless: str) -> None:
    import psycopg

    live.execute(TABLES)
    live.execute("create index note_body on note (body); create table gap (gone integer, kept integer)")
    live.execute("create table part (word text) partition by list (word)")
    live.execute("create table part_a partition of part for values in ('a', 'it''s, it is', null)")
    before = snapshot.read(live.session())
    with psycopg.connect(live.url, autocommit=True) as connection:
        for statement in harmless.split("; "):
            connection.execute(statement.encode())
        after = snapshot.read(live.session())
    assert (
        changes(before, after)
        - {
            ("column", "public.gap.gone", "missing"),
            ("column", "public.gap.kept", "position"),
        }
        == set()
    )


def test_columns_are_counted_without_the_dropped_ones(live: LiveDatabase) -> None:
    live.execute("create table t (a int, b int, c int, d int); alter table t drop a, drop c; alter table t add e int")
    columns = snapshot.read(live.session()).of("column")
    assert [(one.name.parts[-1], one.attributes["position"]) for one in columns] == [("b", 1), ("d", 2), ("e", 3)]


def test_a_schema_that_changes_while_it_is_read_is_read_again(live: LiveDatabase) -> None:
    live.execute(TABLES)
    statements = ["alter table note add late text; drop view short"]
    session = Meddling(live.session(), "table", lambda: live.execute(statements.pop() if statements else "select"))
    catalog = snapshot.read(session)
    assert ObjectName("column", ("public", "note", "late")) in catalog.objects
    assert ObjectName("view", ("public", "short")) not in catalog.objects
    assert catalog == snapshot.read(live.session())


@pytest.mark.parametrize(
    "change",
    [
        "comment on table note is 'x'",
        "comment on table note is null",
        "alter table note alter body set not null",
        "alter table note rename body to text",
        "grant select on note to public",
        "alter table note enable row level security",
        "create policy p on note using (true)",
        "alter sequence note_id_seq owned by none",
        "alter sequence note_id_seq cache 7",
        "create or replace view short as select id, left(body, 11) as body from note",
        "alter view short set (security_invoker = true)",
        "alter table note disable trigger all",
        "create type colour as enum ('red')",
        "create function f() returns int language sql return 1",
        "create extension if not exists plpgsql; comment on extension plpgsql is 'again'",
        "create publication p for table note",
        "alter default privileges grant select on tables to public",
        "create collation c (locale = 'C')",
        "create operator === (function = int4eq, leftarg = integer, rightarg = integer)",
        "create text search configuration words (copy = simple)",
        "create foreign data wrapper w; create server s foreign data wrapper w",
        "create statistics related on body, owner from note",
        "do $$ begin execute format('alter database %I set work_mem = 100', current_database()); end $$",
        "do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$",
    ],
)
@ONE_MAJOR
def test_each_change_moves_the_watermark(live: LiveDatabase, change: str) -> None:
    live.execute(TABLES)
    live.execute(
        "create trigger t before update on note for each row execute function suppress_redundant_updates_trigger()"
    )
    live.execute("comment on table note is 'of mine'")
    session = live.session()
    before = watermark(session)
    live.execute(change)
    assert watermark(session) != before


@pytest.mark.parametrize(
    "work",
    [
        "insert into note (body) values ('x'); update note set body = 'y'; analyze note",
        "truncate note",
        "create temporary table t (id serial primary key, x text default 'y', check (id > 0)); "
        "create temporary view v as select * from t; drop table t cascade",
        "vacuum note",
        "select nextval('note_id_seq')",
    ],
)
def test_the_work_of_an_application_does_not_move_the_watermark(live: LiveDatabase, work: str) -> None:
    import psycopg

    live.execute(TABLES)
    session = live.session()
    before = watermark(session)
    with psycopg.connect(live.url, autocommit=True) as connection:
        for statement in work.split("; "):
            connection.execute(statement.encode())
            assert watermark(session) == before, statement


@ONE_MAJOR
def test_a_schema_that_keeps_changing_is_an_error(live: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PAUSE_S", 0)
    live.execute(TABLES)
    counter = iter(range(100))
    session = Meddling(live.session(), "table", lambda: live.execute(f"create table t{next(counter)} ()"))
    with pytest.raises(PgproofError, match="could not be read in 3 attempts") as caught:
        snapshot.read(session)
    assert "migration" in caught.value.way_out


@ONE_MAJOR
def test_a_locked_table_is_named(live: LiveDatabase) -> None:
    import psycopg

    live.execute(TABLES)
    with psycopg.connect(live.url) as migration:
        migration.execute("lock table note in access exclusive mode")
        with pytest.raises(PgproofError, match=r"holds an exclusive lock \(public\.note\)"):
            snapshot.read(live.session())
        migration.rollback()
    assert ObjectName("view", ("public", "short")) in snapshot.read(live.session()).objects


@ONE_MAJOR
def test_a_catalog_that_may_not_be_read_is_an_error_and_never_empty(live: LiveDatabase, nobody: str) -> None:
    live.execute("revoke select on pg_catalog.pg_policy from public")
    with pytest.raises(PgproofError, match="permission denied for table pg_policy") as caught:
        snapshot.read(live.session(nobody))
    assert "grant it" in caught.value.way_out


@ONE_MAJOR
def test_a_lost_connection_is_an_error(live: LiveDatabase) -> None:
    session = live.session()
    live.rows("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgproof'")
    with pytest.raises(PgproofError, match=r"connection to .* was lost"):
        snapshot.read(session)


@ONE_MAJOR
def test_bytes_that_are_not_utf_8_are_an_error(live: LiveDatabase) -> None:
    live.execute("update pg_database set encoding = 0 where datname = current_database()")  # SQL_ASCII
    live.execute(r"""
set client_encoding = 'SQL_ASCII';
do $$ begin execute 'comment on schema public is ' || quote_literal(E'caf\xe9'); end $$""")
    with pytest.raises(PgproofError, match="invalid byte sequence") as caught:
        snapshot.read(live.session())
    assert "SQL_ASCII" in caught.value.way_out


def test_each_kind_has_a_transaction_of_its_own_when_they_are_long(
    live: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.execute(TABLES)
    everything = snapshot.read(live.session())
    session = live.session()
    chunks = []

    class Counting(Meddling):
        def chunk(self) -> AbstractContextManager[None]:
            chunks.append(1)
            return super().chunk()

    monkeypatch.setattr(snapshot, "CHUNK_S", 0)
    assert snapshot.read(Counting(session, "table", lambda: None)) == everything
    assert len(chunks) == len(ALL)


def test_nothing_stays_open_or_switched_off(live: LiveDatabase) -> None:
    snapshot.read(live.session())
    assert live.rows(
        "select state from pg_stat_activity where application_name = 'pgproof' and datname = current_database()"
    ) == [("idle",)]
    assert gc.isenabled()
