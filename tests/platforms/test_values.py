"""Types whose input is read by a stand-in: wherever PostgreSQL reads values."""

from __future__ import annotations

import pytest

from tests.platforms.conftest import Owner, lacking

# type, a text, how it is shown, a text that is refused
TYPES = {
    "hstore": ("hstore", "b=>2, a=>1", '"a"=>"1", "b"=>"2"', "a"),
    "ltree": ("ltree", "a.b", "a.b", "a..b"),
    "cube": ("cube", "(1,2)", "(1, 2)", "(1"),
    "vector": ("vector", "[1, 2]", "[1,2]", "[1"),
    "postgis": ("geometry", "POINT(1 2)", "POINT(1 2)", "PINT(1 2)"),
}
PLACES = pytest.mark.parametrize(("extension", "major"), [(e, major) for e in TYPES for major in lacking(e)])


@PLACES
def test_a_value_is_read_wherever_there_are_values(owner: Owner, extension: str) -> None:
    owner.create(extension)
    name, text, shown, _ = TYPES[extension]
    owner.run(f"create table t (v {name} default '{text}', w {name}[], constraint c check (v is not null))")
    owner.run(
        f"create type pair as (v {name}, n int); create domain d as {name} default '{text}' check (value is not null)"
    )
    owner.run(f"""insert into t (w) values (array['{text}', null]::{name}[]); alter table t add column x d""")
    with owner.connection.cursor().copy("copy t (v) from stdin") as copy:
        copy.write_row([text])
    read = [
        *owner.values("select v::text from t"),
        owner.value("select w[1]::text from t where w is not null"),
        *owner.values("select x::text from t"),
        owner.value(f"""select (format('(%s,1)', quote_ident('{text}'))::pair).v::text"""),
        owner.value(f"select v::text from jsonb_to_record(jsonb_build_object('v', '{text}')) as r (v {name})"),
        owner.connection.execute(f"select (%s::{name})::text".encode(), (text,)).fetchone()[0],  # type: ignore[index]
    ]
    assert read == [shown] * 8


@PLACES
def test_a_default_is_shown_as_the_real_type_shows_it(owner: Owner, extension: str) -> None:
    owner.create(extension)
    name, text, shown, _ = TYPES[extension]
    owner.run(f"create table t (v {name} default '{text}')")
    assert owner.value("select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 't'::regclass") == (
        f"'{shown}'::{name}"
    )


@PLACES
def test_what_is_no_value_is_refused(owner: Owner, extension: str) -> None:
    owner.create(extension)
    name, _, _, wrong = TYPES[extension]
    assert owner.refusal(f"select '{wrong}'::{name}") in ("22P02", "42601", "XX000")


@PLACES
def test_a_value_is_read_without_a_snapshot(fresh: Owner, extension: str) -> None:
    """In a procedure no snapshot is active after COMMIT, when the next expression is parsed."""
    fresh.create(extension)
    name, text, shown, _ = TYPES[extension]
    fresh.run("create table seen (v text)")
    fresh.run(f"""
        create procedure p() language plpgsql as $$
        declare
          v {name};
          t constant text := '{text}';
        begin
          commit;
          v := '{text}';
          insert into seen values (v::text);
          commit;
          v := t::{name};
          insert into seen values (v::text);
          rollback;
          execute 'insert into seen select $1::{name}::text' using t;
          commit;
        end $$
    """)
    fresh.run("call p()")
    fresh.run("call p()")
    assert fresh.values("select v from seen") == [shown] * 4


@pytest.mark.parametrize("major", lacking("postgis"))
def test_modifiers_of_geometry_are_those_of_postgis(owner: Owner) -> None:
    owner.create("postgis")
    owner.run(
        "create table p (a geometry(Point,4326), b geography(Point), c geometry, d geometry(multipolygonz, 3857), "
        "e geometry(Geometry,4326), f geometry(PointZM), g geography(LINESTRING,4326), h geometry(LineStringM, 27700))"
    )
    assert owner.run(
        "select format_type(atttypid, atttypmod), atttypmod from pg_attribute "
        "where attrelid = 'p'::regclass and attnum > 0 order by attnum"
    ) == [
        ("geometry(Point,4326)", 1107460),
        ("geography(Point,4326)", 1107460),
        ("geometry", -1),
        ("geometry(MultiPolygonZ,3857)", 987418),
        ("geometry(Geometry,4326)", 1107456),
        ("geometry(PointZM)", 7),
        ("geography(LineString,4326)", 1107464),
        ("geometry(LineStringM,27700)", 7091209),
    ]
    # PL/pgSQL compiles no function while it compiles another: the server crashed
    owner.run(
        "create function f() returns int language plpgsql as 'declare g geometry(Point, 4326); begin return 1; end'"
    )


@pytest.mark.parametrize("value", ["POINT(1 2)", "SRID=4326;LINESTRING(0 0,1 1)"])
@pytest.mark.parametrize("major", lacking("postgis"))
def test_a_geometry_that_does_not_fit_its_column_is_refused(owner: Owner, value: str) -> None:
    owner.create("postgis")
    owner.run("create table p (g geometry(Point,4326))")
    assert owner.refusal(f"insert into p values ('{value}')") == "22023"


@pytest.mark.parametrize("major", lacking("postgis"))
def test_points(owner: Owner) -> None:
    owner.create("postgis")
    assert owner.run(
        "select st_x(p), st_y(p), st_srid(p), st_astext(p), st_x(p::geography::geometry) "
        "from (select st_setsrid(st_makepoint(1.5, -2), 4326) as p) as x"
    ) == [(1.5, -2.0, 4326, "POINT(1.5 -2)", 1.5)]


@pytest.mark.parametrize("major", lacking("postgis"))
def test_functions_and_views_over_geometries_can_be_defined_and_not_run(owner: Owner) -> None:
    owner.create("postgis")
    owner.run("create table p (id int, h geography(Point)); insert into p values (1, st_makepoint(1, 2)::geography)")
    owner.run(
        "create view v as select id, st_asgeojson(h)::jsonb as g, st_dwithin(h, st_point(0, 0)::geography, 10) from p"
    )
    owner.run("create function f() returns setof p language sql as 'select * from p order by h <-> h'")
    assert owner.refusal("select * from v") == "PGP99"
