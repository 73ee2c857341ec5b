"""Where the columns of views come from, held against what PostgreSQL itself says of their queries."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from pgproof.catalog.snapshot import read
from pgproof.code.match.views import VIEWS, Origin, trace
from tests.conftest import MAJORS, LiveDatabase, make_live, running_cluster

TABLES = """
create schema crm;
create table team (id int primary key, title text);
create table crm.person (id int primary key, team_id int references team, name text, "Other Name" text);
create table visit (person_id int references crm.person, day date, note text, primary key (person_id, day));
"""
VIEWS_OF_THEM = """
create view plain as select * from crm.person;
create view renamed as select p.id as person, p."Other Name", t.id as "Team"
    from crm.person p join team t on t.id = p.team_id;
create view used as select * from visit join (select id as person_id, name from crm.person) p using (person_id);
create view left_used as select person_id, name
    from visit left join (select id as person_id, name from crm.person) p using (person_id);
create view computed as select id + 0 as id, team_id::bigint, coalesce(name, '') as name, 1 as one from crm.person;
create view grouped as select team_id, count(*), max(name) as name from crm.person group by team_id;
create view distinct_on as select distinct on (team_id) team_id, id from crm.person order by team_id, id;
create view of_union as select id from team union select id from crm.person;
create view inner_union as select u.id, p.name from (select id from team union select id from team) u, crm.person p;
create view with_query as with a as (select id, team_id t from crm.person), b as (select t, id from a)
    select b.t, b.id from b;
create view recursive as with recursive r as (select 1 as n union all select n + 1 from r where n < 3)
    select n, t.id from r, team t;
create view lateral_of as select t.id, l.name, g.n from team t,
    lateral (select name from crm.person p where p.team_id = t.id limit 1) l, generate_series(1, 2) as g (n);
create view listed as select v.a, w.c from (values (1)) as v (a), (select id, name from crm.person) as w (b, c);
create view scalar as select (select max(id) from team) as id, exists (select from visit) as seen from team;
create view windowed as select id, row_number() over (order by name) from crm.person;
create view self as select a.id, b.id as other from crm.person a join crm.person b on a.team_id = b.team_id;
create view of_view as select person, "Team" as team from renamed;
create materialized view kept as select team, count(*) from of_view group by team;
"""


@pytest.fixture(scope="module", params=MAJORS[-1:])
def views(request: pytest.FixtureRequest) -> Iterator[LiveDatabase]:
    live = make_live(running_cluster(request.param))
    live.execute(TABLES + VIEWS_OF_THEM)
    yield live
    live.close()


def asked(live: LiveDatabase, definition: str) -> set[tuple[str, Origin]]:
    """Return the columns of a query with the table's columns that the server notes for them."""
    with psycopg.connect(live.url) as connection:
        result = connection.execute(definition).pgresult
        assert result is not None
        columns = [(result.fname(n), result.ftable(n), result.ftablecol(n)) for n in range(result.nfields)]
        names = connection.execute(
            "select attrelid, attnum, nspname, relname, attname from pg_attribute"
            " join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace where attnum > 0"
        ).fetchall()
    known = {(relation, number): (schema, table, column) for relation, number, schema, table, column in names}
    return {((name or b"").decode(), known[table, number]) for name, table, number in columns if table}


def test_the_origin_of_each_column_is_what_postgresql_says(views: LiveDatabase) -> None:
    catalog = read(views.session())
    traced = trace(catalog)
    on_tables = {name for name in traced if name[1] not in ("of_view", "kept")}
    assert len(on_tables) == len(traced) - 2
    for view in catalog.of(*VIEWS):
        name = (view.name.parts[0], view.name.parts[1])
        found = {(column, origin) for origin, columns in traced[name].columns.items() for column in columns}
        if name in on_tables:
            assert found == asked(views, str(view.attributes["definition"])), name
    assert all(view.certain for view in traced.values())
    assert traced["public", "of_view"].columns == {
        ("crm", "person", "id"): ["person"],
        ("public", "team", "id"): ["team"],
    }
    assert traced["public", "kept"].columns == {("public", "team", "id"): ["team"]}
