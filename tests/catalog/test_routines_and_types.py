"""Each attribute of routines, types and extensions: one thing is changed, and exactly that is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.object import Catalog, Object
from pgproof.model import ObjectName
from tests.catalog.changes import changes
from tests.catalog.transaction import TransactionSession
from tests.conftest import MAJORS, make_live, running_cluster

if TYPE_CHECKING:
    from tests.conftest import LiveDatabase

BASE = (Path(__file__).parent / "routines_and_types.sql").read_text(encoding="utf-8")


class Changed:
    """The base schema in a transaction that a test changes and that is rolled back."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.before = self.read()

    def read(self) -> Catalog:
        return snapshot.read(TransactionSession(self.connection))

    def by(self, sql: str) -> set[tuple[str, str, str]]:
        try:
            self.connection.execute(sql.encode())
            return changes(self.before, self.read())
        finally:
            self.connection.rollback()


@pytest.fixture(scope="module", params=MAJORS, ids=[f"pg{major}" for major in MAJORS])
def changed(request: pytest.FixtureRequest) -> Iterator[Changed]:
    with closing(make_live(running_cluster(request.param))) as database:
        database.execute(BASE)
        with psycopg.connect(database.url) as connection:
            yield Changed(connection)


NOTHING, MODES = ("function", "app.nothing()"), ("function", "app.modes(integer, text, text[])")
PARSED = ("function", "app.parsed(character varying, app.state)")
PROCEED, SUM = ("procedure", "app.proceed(integer, text)"), ("aggregate", "app.sum_of(integer)")
PAIR, EMAIL, SPAN = ("composite type", "app.pair"), ("domain", "app.email"), ("range type", "app.span")

# fmt: off
CHANGES: dict[str, tuple[tuple[str, str], set[str]]] = {
    "create or replace function app.nothing() returns void language sql as 'select 1'": (NOTHING, {"body"}),
    "set local check_function_bodies = off; "
    "create or replace function app.nothing() returns void language plpgsql as ''": (NOTHING, {"language"}),
    "create or replace function app.nothing() returns void begin atomic end": (NOTHING, {"body"}),
    "alter function app.nothing() security definer": (NOTHING, {"security definer"}),
    "alter function app.nothing() set search_path = app": (NOTHING, {"settings"}),
    "alter function app.nothing() immutable": (NOTHING, {"volatility"}),
    "alter function app.nothing() parallel restricted": (NOTHING, {"parallel"}),
    "alter function app.nothing() strict": (NOTHING, {"strict"}),
    "alter function app.nothing() leakproof": (NOTHING, {"leakproof"}),
    "alter function app.nothing() cost 0.5": (NOTHING, {"cost"}),
    "alter function app.supported support generate_series_int4_support": (
        ("function", "app.supported(text, text)"), {"support"}),
    "alter function app.tabled rows 13": (("function", "app.tabled(app.state)"), {"rows"}),
    "alter function app.tabled reset my.setting": (("function", "app.tabled(app.state)"), {"settings"}),
    "alter function app.nothing() owner to routines_owner": (NOTHING, {"owner", "privileges"}),
    "comment on function app.nothing() is 'x'": (NOTHING, {"comment"}),
    "grant execute on function app.nothing() to \"routines reader\" with grant option": (NOTHING, {"privileges"}),
    "create or replace function app.modes(a integer default 2, out b text, inout c text default 'x', "
    "variadic d text[] default '{}') language sql as $$ select $2, $3 $$": (MODES, {"defaults"}),
    "create or replace function app.parsed(v varchar, w app.state default 'new') returns boolean language sql "
    "immutable strict parallel safe leakproof begin atomic select w = 'new' and v = 'b'; end": (PARSED, {"body"}),
    "drop function app.windowed(); create function app.windowed() returns bigint language internal as "
    "'window_row_number'": (("function", "app.windowed()"), {"window"}),
    "drop function app.returned(integer); create function app.returned(a integer) returns integer language sql "
    "stable parallel restricted return $1 + 1": (("function", "app.returned(integer)"), {"arguments", "body"}),
    "drop function app.many_lines(); create function app.many_lines() returns varchar language sql as $$\n"
    "  select '1\n2' || E'\\\\n' -- 'quoted' $x$\n$$": (("function", "app.many_lines()"), {"result"}),
    "create or replace procedure app.proceed(inout x integer, y text default 'r') language plpgsql as "
    "$$ begin x := 1; end $$": (PROCEED, {"defaults"}),
    "alter procedure app.proceed set work_mem = '1MB'": (PROCEED, {"settings"}),
    "create function app.nothing(integer) returns void language sql as ''": (
        ("function", "app.nothing(integer)"), {"extra"}),
    "drop aggregate app.sum_of(integer)": (SUM, {"missing"}),
    **{
        f"create or replace aggregate app.sum_of(integer) ({definition})": (SUM, what)
        for definition, what in {
            "sfunc = int4mul, stype = integer, initcond = '0', parallel = safe, combinefunc = int4pl, msfunc = int4pl, "
            "minvfunc = int4mi, mstype = integer, minitcond = '0', sspace = 4": {"sfunc"},
            "sfunc = int4pl, stype = integer, initcond = '0', parallel = safe, combinefunc = int4mul, msfunc = int4pl, "
            "minvfunc = int4mi, mstype = integer, minitcond = '0', sspace = 8": {"combinefunc", "sspace"},
            "sfunc = int4pl, stype = integer, initcond = '1', combinefunc = int4pl, msfunc = int4pl, "
            "minvfunc = int4mi, mstype = integer, minitcond = '2', sspace = 4": {"initcond", "minitcond", "parallel"},
            "sfunc = int4pl, stype = integer, initcond = '0', parallel = safe, combinefunc = int4pl, sspace = 4":
                {"msfunc", "minvfunc", "mstype", "minitcond"},
        }.items()
    },
    "comment on aggregate app.sum_of(integer) is null": (SUM, {"comment"}),
    "alter type app.state add value 'sent' before 'new'": (("enum", "app.state"), {"labels"}),
    "alter type app.state rename value 'it''s' to 'its'": (("enum", "app.state"), {"labels"}),
    "alter type app.pair add attribute z date": (PAIR, {"attributes"}),
    "alter type app.pair alter attribute y type varchar(11) collate \"C\"": (PAIR, {"attributes"}),
    "alter type app.pair alter attribute y type varchar(10) collate \"POSIX\"": (PAIR, {"attributes"}),
    "alter type app.pair rename attribute x to w": (PAIR, {"attributes"}),
    "comment on column app.pair.x is 'ex'": (PAIR, {"attributes"}),
    "grant usage on type app.pair to public": (PAIR, {"privileges"}),
    "alter domain app.email drop not null": (EMAIL, {"not null"}),
    "alter domain app.email set default 'y@z'": (EMAIL, {"default"}),
    "alter domain app.email drop constraint late": (EMAIL, {"checks"}),
    "alter domain app.email validate constraint late": (EMAIL, {"checks"}),
    "comment on constraint late on domain app.email is 'x'": (EMAIL, {"check comments"}),
    "drop type app.words; create type app.words as range (subtype = text, subtype_opclass = text_pattern_ops)": (
        ("range type", "app.words"), {"collation"}),
    "drop type app.words; create type app.words as range (subtype = text, collation = \"C\")": (
        ("range type", "app.words"), {"subtype_opclass"}),
    "drop type app.span; create type app.span as range (subtype = float8, multirange_type_name = app.spans)": (
        SPAN, {"subtype_diff"}),
    "drop type app.span; create type app.span as range (subtype = float8, subtype_diff = float8mi)": (
        SPAN, {"multirange_type_name"}),
    "update pg_extension set extversion = '0.9'": (("extension", "plpgsql"), {"version"}),
    "update pg_extension set extnamespace = 'app'::regnamespace": (("extension", "plpgsql"), {"schema"}),
}
# fmt: on


@pytest.mark.parametrize(("sql", "thing", "attributes"), [(sql, *what) for sql, what in CHANGES.items()])
def test_one_change_is_seen_where_it_is(
    changed: Changed, sql: str, thing: tuple[str, str], attributes: set[str]
) -> None:
    assert changed.by(sql) == {(*thing, attribute) for attribute in attributes}


def read(database: LiveDatabase, sql: str) -> dict[str, Object]:
    database.execute(sql)
    return {f"{n.kind} {n}": thing for n, thing in snapshot.read(database.session()).objects.items()}


def test_line_ends_of_a_body_do_not_matter(live: LiveDatabase) -> None:
    body = "begin{0}  return 1;{0}end"
    found = read(
        live,
        f"create function unix() returns integer language plpgsql as $${body.format(chr(10))}$$;"
        f"create function windows() returns integer language plpgsql as $${body.format(chr(13) + chr(10))}$$",
    )
    assert found["function public.unix()"].attributes == found["function public.windows()"].attributes


def test_what_comes_with_a_range_type_is_not_told_apart(live: LiveDatabase) -> None:
    found = read(live, "create type span as range (subtype = float8)")
    assert [name for name in found if name.split()[0] not in ("schema", "extension", "database")] == [
        "range type public.span"
    ]


def test_a_table_brings_no_composite_type(live: LiveDatabase) -> None:
    assert not [name for name in read(live, "create table note (id integer)") if name.startswith("composite")]


def test_names_are_told_as_sql_writes_them(changed: Changed) -> None:
    name = ObjectName("function", ('Odd "Schema', "F f", "integer, app.state[]"))
    assert str(name) == '"Odd ""Schema"."F f"(integer, app.state[])'
    assert changed.before.objects[name].attributes["arguments"] == ['"select" integer', "b app.state[]"]
