"""What a statement mentions."""

from __future__ import annotations

import pytest

from pgproof.sql.mentions import mentions, mentions_in
from pgproof.sql.parse import parse


def of(sql: str) -> set[str]:
    """Return what one statement mentions, as `schema.name`."""
    (tree,) = parse(sql)
    return {f"{schema}.{name}" if schema else name for schema, name in mentions(tree)}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("create table a.t (x a.e default a.f(), y int references u (z))", "a.t a.e a.f u"),
        ("create table a.p partition of a.t for values in (1)", "a.p a.t"),
        ("alter table a.b rename to c", "a.b a.c"),
        ("alter table a.b rename column c to d", "a.b"),
        ("alter table a.b set schema n", "a.b n.b n"),
        ("alter table t inherit p", "t p"),
        ("create index i on a.t (f(x))", "a.i a.t f"),
        ("alter index a.i rename to j", "a.i a.j"),
        ("create view a.v as with q as (select 1) select * from q, a.t", "a.v a.t"),
        ("create materialized view a.m as select 1", "a.m"),
        ("refresh materialized view a.m", "a.m"),
        ("create policy p on a.t to r using (owner = auth.uid())", "a.p a.t r auth.uid"),
        ("alter policy p on t rename to q", "p q t"),
        ("create trigger g before insert on a.t for each row execute function b.f()", "a.g a.t b.f"),
        ("create function a.f(x a.d) returns setof a.t language sql as 'select * from a.hidden'", "a.f a.d a.t"),
        ("create aggregate a.g(int) (sfunc = a.f, stype = int)", "a.g a.f"),
        ("create type a.e as enum ('x')", "a.e"),
        ("alter type a.e add value 'y'", "a.e"),
        ("create type a.c as (x int, y a.d)", "a.c a.d"),
        ("create domain a.d as text check (a.f(value))", "a.d a.f"),
        ("create sequence a.s owned by a.t.x", "a.s a.t"),
        ("create extension if not exists pgcrypto with schema ext", "pgcrypto ext"),
        ("create role r in role q", "r q"),
        ("grant r to q", "r q"),
        ("grant select on a.t, b to r, public", "a.t b r"),
        ("grant execute on function a.f(int) to r", "a.f r"),
        ("grant usage on schema s to r", "s r"),
        ("alter default privileges for role x in schema s grant select on tables to y", "x s y"),
        ("drop table if exists a.b, c cascade", "a.b c"),
        ("drop function f(int, a.t), a.g", "f a.t a.g"),
        ("drop policy p on s.x", "s.p s.x"),
        ("drop type a.t", "a.t"),
        ("drop schema a, b", "a b"),
        ("comment on column a.b.c is 'x'", "a.b"),
        ("comment on constraint c on a.b is 'x'", "a.b a.c"),
        ("comment on function a.f(int) is 'x'", "a.f"),
        ("create publication p for table a.t", "p a.t"),
        ("create foreign table a.t (x int) server s", "a.t s"),
        ("create event trigger e on ddl_command_end execute function a.f()", "e a.f"),
        ("insert into a.t select nextval('b.s'::regclass)", "a.t nextval b b.s"),
        ("select create_hypertable('a.t', 'time')", "create_hypertable a a.t time"),
        ("call a.p()", "a.p"),
        ("copy a.t from stdin", "a.t"),
        ("set search_path = a", ""),
    ],
)
def test_a_statement_mentions(sql: str, expected: str) -> None:
    assert of(sql) == set(expected.split())


def test_the_words_of_a_do_block_count() -> None:
    found = of("do $$ begin execute 'alter table a.b add c int'; perform a.f(); end $$")
    assert {"a.b", "a.f"} <= found
    assert not {"begin", "execute", "alter", "table"} & found


def test_built_in_types_and_what_is_qualified_as_built_in_do_not_count() -> None:
    assert of("create table t (a text, b uuid, c pg_catalog.point, d point, e a.point, f serial)") == {"t", "a.point"}


def test_a_text_that_does_not_parse_mentions_its_names_but_not_those_in_comments() -> None:
    found = mentions_in('create tabel A.t ("X y" int; -- not.this\n/* nor.this */ alter table "Q""q" x')
    assert {("a", "t"), ("", "X y"), ("", 'Q"q'), ("", "x")} <= found
    assert not {("not", "this"), ("nor", "this")} & found


def test_a_deep_tree_is_walked() -> None:
    assert of("select " + "||".join("f(x)" for _ in range(5_000)) + " from a.t") == {"f", "a.t"}
