"""What somebody made before the first migration ran: extensions and schemas are made up, and said to be."""

from __future__ import annotations

import pytest

from tests.migrations.conftest import Replayer, failures, names


@pytest.mark.parametrize(
    ("statement", "extension"),
    [
        ("create index i on t using gin (b gin_trgm_ops)", "pg_trgm"),
        ("create table u (id uuid default uuid_generate_v4())", "uuid-ossp"),
        ("create table u (id uuid default public.uuid_generate_v4())", "uuid-ossp"),
        ("create table u (v citext)", "citext"),
        ("create table u (v vector(3))", "vector"),
        ("create table u (v public.vector(3))", "vector"),
        ("create index i on t using hnsw (b)", "vector"),
        ("select * from t where b % 'x'::text", "pg_trgm"),
        ("select crypt('x', gen_salt('bf'))", "pgcrypto"),
        ("select count(*) from pg_stat_statements where false", "pg_stat_statements"),
        ("comment on extension hstore is 'x'", "hstore"),
        ("select cron.schedule('0 0 * * *', 'select 1')", "pg_cron"),
        ("select count(*) from cron.job", "pg_cron"),
        ("select pgmq.create('jobs')", "pgmq"),
        (
            "create trigger g before update on t for each row execute function moddatetime(b)",
            "moddatetime",
        ),
        ("alter text search configuration c alter mapping for word with unaccent, simple", "unaccent"),
    ],
)
def test_an_extension_that_no_file_creates_is_made_up(replayed: Replayer, statement: str, extension: str) -> None:
    replay = replayed(f"create table t (b text); create text search configuration c (copy = simple); {statement};")
    if extension == "vector" and "hnsw" in statement:  # made up, and then text is no vector
        assert [state for state, _ in failures(replay)] == ["42704"]
    else:
        assert failures(replay) == []
    assert replay.assumed == (f"extension {extension}",)
    assert extension in {thing.name.parts[0] for thing in replay.catalog.of("extension")}


@pytest.mark.parametrize("name", ["xx_YY", "en_US.utf9", "pg_catalog.xx_YY@euro", "xx-YY-x-icu"])
def test_a_locale_that_this_system_does_not_have_is_made_up(replayed: Replayer, name: str) -> None:
    schema, _, plain = name.rpartition(".") if name.startswith("pg_catalog.") else ("", "", name)
    written = f'{schema}."{plain}"' if schema else f'"{plain}"'
    replay = replayed(f"create table t (a text collate {written}); create index i on t (a collate {written});")
    assert failures(replay) == []
    assert replay.assumed == (f"collation {plain}",)


@pytest.mark.parametrize("name", ["german", "app.xx_YY", "XX_yy"])
def test_a_collation_that_no_system_brings_is_missing(replayed: Replayer, name: str) -> None:
    replay = replayed(f"create schema app; create table t (a text collate {name});")
    assert [state for state, _ in failures(replay)] == ["42704"]
    assert replay.assumed == ()


def test_it_is_made_up_in_a_transaction_that_goes_on_statement_by_statement(replayed: Replayer) -> None:
    replay = replayed("create table t (b text); select 1/0; create index i on t using gin (b gin_trgm_ops);")
    assert failures(replay) == [("22012", "select 1/0")]
    assert replay.assumed == ("extension pg_trgm",)
    assert names(replay, "index") == ["public.i"]


def test_it_is_made_up_outside_of_a_transaction(replayed: Replayer) -> None:
    replay = replayed("create table t (b text);", "create index concurrently i on t using gin (b gin_trgm_ops);")
    assert failures(replay) == [("25001", "create index concurrently")]
    assert replay.assumed == ()


def test_an_extension_that_a_later_file_creates_is_not_made_up(replayed: Replayer) -> None:
    replay = replayed("create table t (v citext);", "create extension citext;")
    assert failures(replay) == [("42704", "create table t")]
    assert replay.assumed == ()


def test_what_only_a_comment_creates_is_made_up(replayed: Replayer) -> None:
    replay = replayed(
        "-- create extension citext;\n/* create role prerequisite_app; */ create table t (v citext);"
        "grant select on t to prerequisite_app;"
    )
    assert failures(replay) == []
    assert replay.assumed == ("extension citext", "role prerequisite_app")


def test_what_does_not_help_is_taken_back(replayed: Replayer) -> None:
    replay = replayed("set search_path = ''; create table public.t (v citext);", "select gen_salt(1, 2, 3, 4);")
    assert [state for state, _ in failures(replay)] == ["42704", "42883"]
    assert replay.assumed == ()
    assert names(replay, "extension") == ["plpgsql"]


def test_what_helped_once_stays_for_the_others(replayed: Replayer) -> None:
    replay = replayed(
        "select digest('x', 'md5');",
        "set search_path = ''; select digest('x', 'sha1');",
        "create table t (a text); insert into t select digest('x', 'md5');",
    )
    assert failures(replay) == [("42883", "select digest('x', 'sha1')")]
    assert replay.assumed == ("extension pgcrypto",)


def test_an_extension_that_leaves_the_sandbox_is_not_made_up(replayed: Replayer) -> None:
    replay = replayed("select dblink_connect('host=localhost');")
    assert failures(replay) == [("42883", "select dblink_connect('host=localhost')")]
    assert replay.assumed == ()


def test_a_schema_that_no_file_creates_is_made_up_once(replayed: Replayer) -> None:
    replay = replayed(
        "create table app.a (id int primary key);",
        "create table app.b (a int references app.a); create index on app.b (a);",
    )
    assert failures(replay) == []
    assert replay.assumed == ("schema app",)
    assert names(replay, "table") == ["app.a", "app.b"]


def test_a_schema_that_a_later_file_creates_is_not_made_up(replayed: Replayer) -> None:
    replay = replayed("create table app.a ();", "create schema if not exists app;")
    assert failures(replay) == [("3F000", "create table app.a")]


def test_a_schema_that_is_a_slip_of_the_pen_is_not_made_up(replayed: Replayer) -> None:
    replay = replayed("create schema billing; create table biling.a ();", "create table pulbic.b ();")
    assert [state for state, _ in failures(replay)] == ["3F000", "3F000"]
    assert replay.assumed == ()


def test_a_files_own_object_of_the_same_name_does_not_block(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (b text);"
        "create function similarity(text, text) returns real language sql as 'select 1.0::real';"
        "select 1/0; create index i on t using gin (b gin_trgm_ops); create table kept ();"
    )
    assert [state for state, _ in failures(replay)] == ["22012", "42704"]
    assert replay.assumed == ()
    assert names(replay, "table") == ["public.kept", "public.t"]
