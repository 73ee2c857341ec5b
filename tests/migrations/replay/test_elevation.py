"""What needs a superuser is done inside the migration's own transaction and observed; nothing else has those rights."""

from __future__ import annotations

from pgproof.migrations.layout import Transaction
from pgproof.model import Location
from tests.migrations.conftest import Replayer, failures, names, only


def test_what_needs_a_superuser_is_made_in_its_place(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (a int);\n"
        "create function f() returns event_trigger language plpgsql as 'begin end';\n"
        "create event trigger watch on ddl_command_end execute function f();\n"
        "create publication everything for all tables;\n"
        "alter database postgres set app.secret = 'x';\n"
        "create table u (a int);\n"
    )
    assert failures(replay) == []
    made = {o.location.line: [e.identity for e in o.effects] for o in replay.observations if o.effects}
    assert made[4] == ["everything"]
    assert 3 not in made  # PostgreSQL has no events for event triggers
    assert names(replay, "table") == ["public.t", "public.u"]


def test_what_needs_a_superuser_is_rolled_back_with_its_transaction(replayed: Replayer) -> None:
    replay = replayed("begin; create publication everything for all tables; rollback; create publication everything;")
    assert failures(replay) == []


def test_it_fails_where_it_stands_and_alone(replayed: Replayer) -> None:
    twice = "create publication p for all tables;"
    replay = replayed(f"create table t (); {twice}\n{twice}\ncreate table u ();")
    assert failures(replay) == [("42710", "create publication p")]
    failed = only(replay, lambda o: o.failure)
    assert failed.location == Location("m/1.sql", 2, 1)
    assert names(replay, "table") == ["public.t", "public.u"]


def test_a_migration_is_no_superuser(replayed: Replayer) -> None:
    replay = replayed(
        "alter role postgres superuser;",
        "create role replay_admin superuser;",
        "select pg_read_file('/etc/passwd');",
        "set role pgproof_admin;",
        "select pgproof.elevate('alter role postgres superuser', '');",
        "create function f() returns void language c as 'x', 'y';",
        "do $$ begin assert not (select rolsuper from pg_roles where rolname = current_user); end $$;",
    )
    assert [state for state, _ in failures(replay)] == ["42501"] * 6


def test_a_stand_in_is_named(replayed: Replayer, major: int) -> None:
    replay = replayed("create extension vector; create extension pg_net; create table t (v vector(3));")
    assert failures(replay) == []
    real = replayed.shadow.installation.share / "extension" / "vector.control"
    assert replay.standins == (("pg_net",) if real.exists() else ("pg_net", "vector"))


def test_outside_of_a_transaction_it_works_too(replayed: Replayer) -> None:
    text = "create publication everything for all tables; vacuum; select 1;"
    assert failures(replayed(text, transaction=Transaction.STATEMENT)) == []


WATCHED = (
    "create table log (who text, tag text);\n"
    "create function f() returns event_trigger language plpgsql as $$ begin\n"
    "    insert into public.log values (current_user, tg_tag); end $$;",
    "create event trigger watch on ddl_command_start execute function f();",
)


def test_a_trusted_extension_is_made_although_a_migration_watches(replayed: Replayer) -> None:
    replay = replayed(
        *WATCHED,
        "create extension pgcrypto;\ncreate table t (a text default encode(digest('a', 'sha256'), 'hex'));",
        "alter extension pgcrypto update;",
        "do $$ begin assert (select array_agg(who || tag) = '{postgresCREATE TABLE}' from log); end $$;",
    )
    assert failures(replay) == []
    assert names(replay, "extension") == ["pgcrypto", "plpgsql"]
    assert "pgcrypto" in {e.identity for e in replay.observations[3].effects}


def test_what_is_wrong_with_it_is_said_at_its_place(replayed: Replayer) -> None:
    replay = replayed(*WATCHED, "create table t ();\ncreate extension pgcrypto; create extension pgcrypto;")
    assert failures(replay) == [("42710", "create extension pgcrypto")]
    assert only(replay, lambda o: o.failure).location == Location("m/3.sql", 2, 28)
