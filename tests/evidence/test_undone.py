"""What statements that failed would have made or altered: no more than they could."""

from __future__ import annotations

import pytest

from pgproof.evidence.undone import Undone, undone
from pgproof.migrations.observation import Effect, Failure, Observation
from pgproof.model import Location
from pgproof.probes.bodies.surroundings import ANYTHING, KEYS
from pgproof.sql.mentions import mentions_in
from pgproof.sql.parse import SyntaxProblem, parse


def failed(*texts: str, before: tuple[Observation, ...] = ()) -> Undone:
    return undone([*before, *(observed(text, Failure("42P01", "it failed")) for text in texts)])


def observed(text: str, failure: Failure | None = None, effects: tuple[Effect, ...] = ()) -> Observation:
    try:
        node = next(iter(parse(text)[0]))
    except SyntaxProblem:
        node = ""
    where = Location("0001_step.sql", 1, 1)
    mentions = frozenset(mentions_in(text))
    return Observation("0001_step.sql", 0, where, text, node, effects=effects, failure=failure, mentions=mentions)


NOTHING = [
    "do $$ begin delete from note where id in (select gen_random_uuid()); raise notice 'x'; end $$",
    "do $$ begin execute format('create policy %I on note using (true)', 'a'); end $$",
    "do $$ declare p record; begin for p in select policyname from pg_policies where tablename = 'note' loop"
    " execute 'drop policy \"a_' || p.policyname || '\" on note'; end loop; end $$",
    "alter table note enable row level security",
    "alter table note drop constraint note_title_check, add constraint c check (title <> '')",
    "select count(*), now() from note",
    "create policy p on note using (title = 'x')",
    "create index i on note (title)",
]
ALTERED = [
    ("alter table only public.note add column if not exists title text", {"title"}),
    ("alter table note add column id int primary key", {"id", *KEYS}),
    ("alter table note add unique (title)", KEYS),
    ("create unique index i on note (title)", KEYS),
    ("alter table note rename column a to title", {"title"}),
    ("alter table note alter column title type int", {"title"}),
    ("alter table note inherit other", {ANYTHING}),
    ("create table note (id int, title text check (body <> ''))", {"id", "title"}),
    ("create table note (like other)", {ANYTHING}),
    ("do $$ begin if true then alter table note add title text; end if; end $$", {"title"}),
    ("do $$ begin execute 'alter table note add ' || 'title text'; end $$", {"title"}),
    ("do $$ declare t text; begin foreach t in array array['note'] loop"
     " execute format('alter table %I add column title text', t); end loop; end $$", {"title"}),
    ("do $$ begin execute some_text || 'note'; end $$", {ANYTHING}),
    ("do language plpython3u $$ note = 1 $$", {ANYTHING}),
    ("select addgeometrycolumn('note', 'place', 4326, 'POINT', 2)", {ANYTHING}),
    ("select partman.create_parent('note')", {ANYTHING}),
    ("alter table note add column title text x y z", {"alter", "table", "note", "add", "column", "title", "text", "x"}),
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_a_statement_that_could_not_alter_a_table_leaves_no_doubt_of_it(text: str) -> None:
    assert "note" not in failed(text).made
    assert "note" not in failed(text).altered


@pytest.mark.parametrize(("text", "columns"), ALTERED)
def test_what_a_table_would_have_got(text: str, columns: set[str]) -> None:
    assert failed(text).altered["note"] >= columns
    assert ANYTHING in columns or ANYTHING not in failed(text).altered["note"]


def test_what_would_have_been_made() -> None:
    texts = (
        "create table a.note (id int)",
        "create function f() returns int language sql as 'create table x (id int)'",
        "alter table t rename to task",
        "drop function g(int)",
        "create materialized view v as select * from note",
        "<<<<<<< HEAD\ncreate table conflict (id int)",
    )
    assert failed(*texts).made == {"note", "f", "task", "g", "v", "conflict"}


def test_a_function_of_the_project_that_makes_tables_may_make_any() -> None:
    creates = "create function make(t text) returns void language plpgsql as $$ begin execute 'create ' || t; end $$"
    reads = "create function look(t text) returns text language sql as 'select title from note'"
    makers = tuple(
        observed(text, effects=(Effect("create", "function", f"public.{name}(text)"),))
        for text, name in ((creates, "make"), (reads, "look"))
    )
    assert failed("select make('note')", before=makers).made == {"note", "make", "select"} - {"select"}
    assert "note" not in failed("select look('note')", before=makers).made
