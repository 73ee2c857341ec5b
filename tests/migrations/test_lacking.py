"""What a statement lacks, in the server's own words."""

from __future__ import annotations

import psycopg
import pytest

from pgproof.migrations.lacking import Lacking, lacking
from tests.conftest import LiveDatabase

MADE = """
create schema app; create schema "with.dot"; create table app.t (a int);
create function app.f(integer) returns void language sql as '';
create function app.g() returns trigger language plpgsql as $$ begin new.b = 1; return new; end $$;
create trigger g before insert on app.t for each row execute function app.g();
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select * from app.u", Lacking("relation", "u", "app")),
        ('select * from "a b"', Lacking("relation", "a b")),
        ("drop table u", Lacking("relation", "u")),
        ("drop view u", Lacking("relation", "u")),
        ("drop index u", Lacking("relation", "u")),
        ("create table x (a app.u)", Lacking("type", "u", "app")),
        ("drop type u", Lacking("type", "u")),
        ("create function h() returns u[] language sql as ''", Lacking("type", "u")),
        ("create function h(integration app.u) returns void language sql as ''", Lacking("type", "u", "app")),
        ("select app.f('a'::text, 2)", Lacking("function", "f", "app")),
        ("select f()", Lacking("function", "f")),
        ("call p(1)", Lacking("function", "p")),
        ("drop function app.h", Lacking("function", "h", "app")),
        ("drop aggregate h(int)", Lacking("function", "h")),
        ("create trigger t after insert on app.t execute function app.h()", Lacking("function", "h", "app")),
        ("create table nowhere.t ()", Lacking("schema", "nowhere")),
        ("create table \"now.here\".t ()", Lacking("schema", "now.here")),
        ("grant select on app.t to nobody_at_all", Lacking("role", "nobody_at_all")),
        ("set role nobody_at_all", Lacking("role", "nobody_at_all")),
        ("create index on app.t using gin (a no_ops)", Lacking("operator class", "no_ops")),
        ("create index on app.t using nothing (a)", Lacking("access method", "nothing")),
        ("select 'a'::text <#> 'b'::varchar", Lacking("operator", "text <#> character varying")),
        ("comment on extension nothing is 'x'", Lacking("extension", "nothing")),
        ("select to_tsvector('nothing', 'a')", Lacking("text search object", "nothing")),
        ('drop policy "a. b" on app.t', Lacking("policy", "a. b", of="t")),
        ("drop trigger h on app.t", Lacking("trigger", "h", of="t")),
        ("alter table app.t drop constraint c", Lacking("constraint", "c", of="t")),
        ("alter table app.t drop column b", Lacking("column", "b", of="t")),
        ("select t.b from app.t", Lacking("column", "b")),
        ('select "B" from app.t', Lacking("column", "B")),
        ("alter table app.t add unique (b)", Lacking("column", "b")),
        ("alter table app.t add foreign key (b) references app.t", Lacking("column", "b")),
        ("insert into app.t values (1)", Lacking("column", "b")),
        ("create function h() returns void language nothing as ''", Lacking("language", "nothing")),
        ("do $$ begin raise 'relation \"u\" does not exist'; end $$", None),
        ("create table app.t ()", None),
        ("select 1 +", None),
    ],
)  # fmt: skip
def test_it_is_read_from_what_the_server_says(live: LiveDatabase, statement: str, expected: Lacking | None) -> None:
    live.execute(MADE)
    with pytest.raises(psycopg.Error) as caught:
        live.execute(statement)
    assert lacking(caught.value.sqlstate or "", caught.value.diag.message_primary or "") == expected
