"""Two spellings of one expression are no difference; two expressions are."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.compare import compare
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.object import Object
from pgproof.server import binaries
from tests.conftest import MAJORS, make_live, running_cluster

if TYPE_CHECKING:
    from tests.conftest import LiveDatabase

HERE = Path(__file__).parent
EXPRESSIONS = (HERE / "expressions.sql").read_text(encoding="utf-8")


def restore(source: LiveDatabase, target: LiveDatabase) -> None:
    """Bring a dump of `source` into `target`, with the newest programs at hand; older servers lack one setting."""
    programs = binaries.choose(max(MAJORS)).bindir
    dump = subprocess.run([programs / "pg_dump", source.url], check=True, capture_output=True, text=True).stdout
    dump = dump.replace("SET transaction_timeout = 0;", "").replace("CREATE SCHEMA public;", "")
    subprocess.run(
        [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", target.url],
        input=dump, check=True, capture_output=True, text=True,
    )  # fmt: skip


def differences(declared: LiveDatabase, live: LiveDatabase) -> tuple[list[Difference], list[Difference]]:
    """Return the differences by spelling, and those that remain."""
    ours, theirs = snapshot.read(declared.session()), snapshot.read(live.session())
    found = compare(ours, theirs)
    return found, survivors(found, ours, theirs, lambda: psycopg.connect(declared.url))


@contextmanager
def databases(declared: int, live: int, sql: str = "") -> Iterator[tuple[LiveDatabase, LiveDatabase]]:
    """Make two databases, of these majors, with a schema."""
    with closing(make_live(running_cluster(declared))) as one, closing(make_live(running_cluster(live))) as other:
        one.execute(sql)
        yield one, other


@pytest.mark.parametrize("source", MAJORS)
@pytest.mark.parametrize("target", MAJORS)
def test_a_database_restored_from_its_dump_is_the_same(source: int, target: int) -> None:
    with databases(source, target, EXPRESSIONS) as (declared, live):
        restore(declared, live)
        spelled, remaining = differences(declared, live)
        assert spelled, "a dump and restore spells some otherwise: else this would prove nothing"
        assert remaining == []


@pytest.mark.parametrize("schema", ["mutations.sql", "routines_and_types.sql"])
@pytest.mark.parametrize("source", MAJORS)
@pytest.mark.parametrize("target", MAJORS)
def test_other_attributes_survive_a_restore_too(source: int, target: int, schema: str) -> None:
    sql = (HERE / schema).read_text(encoding="utf-8")
    with databases(source, target, sql) as (declared, live):
        for role in sorted(set(re.findall(r'create role ("[^"]+"|\w+)', sql))):
            live.execute(f"do $$ begin create role {role}; exception when duplicate_object then null; end $$")
        restore(declared, live)
        assert differences(declared, live)[1] == []


@pytest.fixture
def pair() -> Iterator[tuple[LiveDatabase, LiveDatabase]]:
    with databases(max(MAJORS), max(MAJORS)) as both:
        yield both


IN_LIST = "create table note (id integer, status varchar(9), check (status in ('a', 'b')))"


def changed(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.name.kind, str(one.name), one.attribute or one.action) for one in found]


def test_what_differs_keeps_the_spelling_of_both_sides(pair: tuple[LiveDatabase, LiveDatabase]) -> None:
    declared, live = pair
    declared.execute(IN_LIST)
    live.execute(IN_LIST.replace("'b'", "'c'"))
    _, [remaining] = differences(declared, live)
    assert (
        remaining.declared
        == "CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))"
    )
    assert (
        remaining.live
        == "CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'c'::character varying])::text[])))"
    )
    assert remaining.reason == ""


def test_a_text_that_cannot_be_parsed_stays_and_says_why(pair: tuple[LiveDatabase, LiveDatabase]) -> None:
    declared, live = pair
    declared.execute("create table note (a integer); create view glance as select a from note where a > 0")
    live.execute("create table note (a integer, b integer); create view glance as select a from note where b > 0")
    _, remaining = differences(declared, live)
    assert changed(remaining) == [("column", "public.note.b", "extra"), ("view", "public.glance", "definition")]
    assert remaining[1].reason.startswith("the second text cannot be parsed in the schema of the first: column ")


def test_an_expression_that_follows_a_changed_type_is_no_difference_of_its_own(
    pair: tuple[LiveDatabase, LiveDatabase],
) -> None:
    declared, live = pair
    declared.execute("create table note (status varchar(9) default 'a', constraint known check (status <> 'b'))")
    live.execute("create table note (status text default 'a', constraint known check (status <> 'b'))")
    _, remaining = differences(declared, live)
    assert ("constraint", "public.note.known", "definition") not in changed(remaining)
    assert ("column", "public.note.status", "type") in changed(remaining)


@pytest.mark.parametrize(
    ("declared_sql", "live_sql", "kind"),
    [
        (
            "alter table note add constraint mine check (status in ('a', 'b'))",
            "alter table note add constraint his check (status::text=any (array['a'::varchar, 'b'::varchar]::text[]))",
            "constraint",
        ),
        (
            "create index mine on note (id) where status in ('a', 'b')",
            "create index his on note (id) where status::text = any (array['a'::varchar, 'b'::varchar]::text[])",
            "index",
        ),
        (
            "create policy mine on note using (status in ('a', 'b'))",
            "create policy his on note using (status::text = any (array['a'::varchar, 'b'::varchar]::text[]))",
            "policy",
        ),
    ],
)
def test_an_object_with_another_name_and_another_spelling_is_renamed(
    pair: tuple[LiveDatabase, LiveDatabase], declared_sql: str, live_sql: str, kind: str
) -> None:
    declared, live = pair
    declared.execute(f"create table note (id integer, status varchar(9)); {declared_sql}")
    live.execute(f"create table note (id integer, status varchar(9)); {live_sql}")
    _, [remaining] = differences(declared, live)
    assert (remaining.action, remaining.name.kind) == ("renamed", kind)
    assert (remaining.declared, remaining.live) == ("mine", "his")


def test_two_objects_with_other_names_and_other_expressions_are_not_renamed(
    pair: tuple[LiveDatabase, LiveDatabase],
) -> None:
    declared, live = pair
    declared.execute("create table note (id integer constraint mine check (id > 0))")
    live.execute("create table note (id integer constraint theirs check (id > 1))")
    _, remaining = differences(declared, live)
    assert [one.action for one in remaining] == ["missing", "extra"]


def test_no_connection_is_opened_when_nothing_but_constants_differ(pair: tuple[LiveDatabase, LiveDatabase]) -> None:
    declared, live = pair
    declared.execute("create table note (id integer, body text default 'x')")
    live.execute("create table note (id bigint, body text default 'it''s')")
    ours, theirs = snapshot.read(declared.session()), snapshot.read(live.session())

    def connect() -> psycopg.Connection[Any]:
        raise AssertionError("a connection was opened")

    assert len(survivors(compare(ours, theirs), ours, theirs, connect)) == 2


def test_without_plpgsql_every_difference_stays_and_says_why(pair: tuple[LiveDatabase, LiveDatabase]) -> None:
    declared, live = pair
    declared.execute(IN_LIST + "; drop extension plpgsql")
    live.execute("create table note (id integer, status varchar(9)); drop extension plpgsql")
    live.execute("alter table note add check (status::text = any (array['a'::varchar, 'b'::varchar]::text[]))")
    _, [remaining] = differences(declared, live)
    assert 'language "plpgsql" does not exist' in remaining.reason


def test_nothing_is_left_behind(pair: tuple[LiveDatabase, LiveDatabase]) -> None:
    declared, live = pair
    declared.execute(EXPRESSIONS)
    restore(declared, live)
    before = snapshot.read(declared.session())
    differences(declared, live)
    assert snapshot.read(declared.session()) == before


@pytest.mark.parametrize("attack", ["commit", "drop table note", "create table planted ()", "reset all; rollback"])
def test_a_text_that_carries_statements_of_its_own_changes_nothing(
    pair: tuple[LiveDatabase, LiveDatabase], attack: str
) -> None:
    declared, live = pair
    declared.execute(IN_LIST)
    live.execute(IN_LIST)
    ours, theirs = snapshot.read(declared.session()), snapshot.read(live.session())
    [check] = theirs.of("constraint")
    forged = Object(check.name, {**check.attributes, "definition": f"CHECK (true) not valid; {attack}; select (true)"})
    theirs = replace(theirs, objects={**theirs.objects, check.name: forged})
    remaining = survivors(compare(ours, theirs), ours, theirs, lambda: psycopg.connect(declared.url))
    assert changed(remaining) == [("constraint", "public.note.note_status_check", "definition")]
    assert snapshot.read(declared.session()) == ours


def test_the_role_that_owns_the_schema_suffices(pair: tuple[LiveDatabase, LiveDatabase]) -> None:
    declared, live = pair
    declared.execute("drop role if exists fixpoint_owner; create role fixpoint_owner login")
    declared.execute(f"alter database {declared.name} owner to fixpoint_owner")
    try:
        with psycopg.connect(declared.url_as("fixpoint_owner"), autocommit=True) as connection:
            connection.execute(EXPRESSIONS.encode())
        live.execute(EXPRESSIONS)
        restore(live, other := make_live(live.cluster))
        ours, theirs = snapshot.read(declared.session()), snapshot.read(other.session())
        other.close()
        found = compare(ours, theirs, {"fixpoint_owner": "postgres"})
        url = declared.url_as("fixpoint_owner")
        assert found != []
        assert survivors(found, ours, theirs, lambda: psycopg.connect(url)) == []
    finally:
        declared.execute(f"alter database {declared.name} owner to postgres")
        declared.execute("drop owned by fixpoint_owner cascade; drop role fixpoint_owner")
