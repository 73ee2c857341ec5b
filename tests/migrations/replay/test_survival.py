"""Each class of broken migration that was seen in public repositories (and the SQLSTATE it dies with) is survived."""

from __future__ import annotations

import pytest

from pgproof.migrations.layout import Transaction
from pgproof.model import Location
from tests.migrations.conftest import Replayer, failures, names, only


def test_a_base_made_by_hand_fails_statement_by_statement_and_the_rest_is_kept(replayed: Replayer) -> None:
    replay = replayed(
        "create table note (id int primary key); alter table users add column note_id int references note;",
        "create index on users (name); create table tag (id int primary key);",
    )
    assert failures(replay) == [("42P01", "alter table users"), ("42P01", "create index on")]
    assert names(replay, "table") == ["public.note", "public.tag"]
    assert ("", "users") in replay.unknown


def test_a_second_definition_is_skipped_with_a_notice_and_its_index_dies(replayed: Replayer) -> None:
    replay = replayed(
        "create table users (id int primary key, name text);",
        "create table if not exists users (id int primary key, email text); create index on users (email);",
    )
    skipped = replay.observations[1]
    assert [(n.severity, n.sqlstate) for n in skipped.notices] == [("NOTICE", "42P07")]
    assert skipped.notices[0].message == 'relation "users" already exists, skipping'
    assert skipped.effects == ()
    assert failures(replay) == [("42703", "create index on")]


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("create index i on t (a)", "42P07"),
        ("create policy p on t using (true)", "42710"),
        (
            "create trigger g before update on t for each row execute function suppress_redundant_updates_trigger()",
            "42710",
        ),
        ("alter table t add constraint c check (a > 0)", "42710"),
        ("create type e as enum ('x')", "42710"),
        ("create table t (a int)", "42P07"),
    ],
)
def test_what_is_created_again_fails_and_stays_as_it_was(replayed: Replayer, statement: str, sqlstate: str) -> None:
    first = (
        "create table t (a int); create index i on t (a); create policy p on t using (true);"
        "create trigger g before update on t for each row execute function suppress_redundant_updates_trigger();"
        "alter table t add constraint c check (a > 0); create type e as enum ('x');"
    )
    replay = replayed(first, f"{statement}; create table kept (a int)")
    assert [state for state, _ in failures(replay)] == [sqlstate]
    assert names(replay, "table") == ["public.kept", "public.t"]


@pytest.mark.parametrize(
    ("statement", "sqlstate", "column"),
    [
        ("alter table t add constraint if not exists c check (a > 0)", "42601", 33),
        ("create function f() returns void language plpgsql as $$ begin execute $$select 1$$; end $$", "42601", 73),
        ("do $$ begin raise exception '80%+'; end $$", "42601", 7),
        ("create index i on t (a) where created > now()", "42P17", None),
    ],
)
def test_sql_that_can_never_have_run_is_told_apart_from_what_can(
    replayed: Replayer, major: int, statement: str, sqlstate: str, column: int | None
) -> None:
    if major >= 18 and "if not exists" in statement:
        column = 37  # 18 has NOT NULL constraints with a name, here "if": it stumbles one word later
    replay = replayed(f"create table t (a int, created timestamptz);\n{statement};\ncreate table kept (a int);")
    assert [state for state, _ in failures(replay)] == [sqlstate]
    assert names(replay, "table") == ["public.kept", "public.t"]
    failed = only(replay, lambda o: o.failure)
    assert failed.location == Location("m/1.sql", 2, 1)
    assert failed.failure is not None
    assert failed.failure.location == (Location("m/1.sql", 2, column) if column else None)


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("create table u (id uuid default no_such_generate_v4())", "42883"),
        ("create table u (v no_such_vector(3))", "42704"),
        ("create index i on t using gin (b no_such_trgm_ops)", "42704"),
        ("create extension no_such_extension", "0A000"),
    ],
)
def test_what_a_missing_extension_would_have_brought_is_unknown(
    replayed: Replayer, statement: str, sqlstate: str
) -> None:
    replay = replayed(f"create table t (b text); {statement};")
    assert [state for state, _ in failures(replay)] == [sqlstate]
    assert {name for _, name in replay.unknown} & {"u", "i", "no_such_extension"}


def test_concurrently_fails_in_a_transaction_and_not_outside_of_one(replayed: Replayer) -> None:
    text = "create table t (a int); create index concurrently i on t (a);"
    assert failures(replayed(text)) == [("25001", "create index concurrently")]
    outside = replayed(text, transaction=Transaction.STATEMENT)
    assert failures(outside) == []
    assert names(outside, "index") == ["public.i"]


def test_a_lone_statement_of_a_query_is_in_no_transaction(replayed: Replayer) -> None:
    files = ("create table t (a int);", "create index concurrently i on t (a);")
    assert failures(replayed(*files, transaction=Transaction.QUERY)) == []
    together = replayed("".join(files), transaction=Transaction.QUERY)
    assert failures(together) == [("25001", "create index concurrently")]


def test_a_view_column_renamed_by_create_or_replace_fails(replayed: Replayer) -> None:
    replay = replayed("create view v as select 1 as a;", "create or replace view v as select 1 as b;")
    assert failures(replay) == [("42P16", "create or replace")]


def test_data_that_breaks_a_check_fails_with_the_row(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (state text check (state in ('a', 'b'))); insert into t values ('a');",
        "update t set state = 'c'; create table kept (a int);",
    )
    assert failures(replay) == [("23514", "update t set")]
    failed = only(replay, lambda o: o.failure)
    assert failed.failure is not None
    assert "(c)" in failed.failure.detail
    assert names(replay, "table") == ["public.kept", "public.t"]


def test_a_version_that_answers_otherwise_is_recorded_as_it_answers(replayed: Replayer, major: int) -> None:
    replay = replayed("select to_regprocedure('no_such(no_such_type[])');")
    assert failures(replay) == ([("42704", "select to_regprocedure('no_such(no_such_type[])')")] if major < 16 else [])


def test_the_style_of_a_dump_is_replayed(replayed: Replayer) -> None:
    replay = replayed(
        "set check_function_bodies = false; set client_min_messages = warning; set row_security = off;\n"
        "select pg_catalog.set_config('search_path', '', false);\n"
        "create extension if not exists citext with schema public;\n"
        "create table public.t (a public.citext);\n"
        "create table u (a int);",
        transaction=Transaction.STATEMENT,
    )
    assert failures(replay) == [("3F000", "create table u")]
    assert names(replay, "table") == ["public.t"]


def test_two_owners_of_one_table_clash(replayed: Replayer) -> None:
    replay = replayed('create table "User" (id int);', 'create table "User" (id int, name text);')
    assert failures(replay) == [("42P07", 'create table "User"')]
