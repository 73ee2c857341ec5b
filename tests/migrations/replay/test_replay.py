"""What a replay does with the transactions, sessions, data and psql commands of migration files."""

from __future__ import annotations

import pytest

from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay import Limits
from pgproof.model import Location
from tests.migrations.conftest import Replayer, failures, names, only

STATEMENT = Transaction.STATEMENT


def test_every_statement_is_observed_in_its_order(replayed: Replayer) -> None:
    replay = replayed("create table a (id int);\n\ncreate table b (id int);", "create table c (id int);")
    assert [(o.origin, o.index, o.location, o.text, o.node) for o in replay.observations] == [
        ("m/1.sql", 0, Location("m/1.sql", 1, 1), "create table a (id int)", "CreateStmt"),
        ("m/1.sql", 1, Location("m/1.sql", 3, 1), "create table b (id int)", "CreateStmt"),
        ("m/2.sql", 0, Location("m/2.sql", 1, 1), "create table c (id int)", "CreateStmt"),
    ]
    assert replay.files == ("m/1.sql", "m/2.sql")
    assert replay.server.startswith("PostgreSQL ")


def test_only_the_failing_statement_of_a_file_is_lost(replayed: Replayer) -> None:
    replay = replayed("create table a (id int); create table b (id nothing); create table c (id int);")
    assert failures(replay) == [("42704", "create table b")]
    assert names(replay, "table") == ["public.a", "public.c"]
    assert replay.unknown == {("", "b"), ("", "nothing")}


def test_a_statement_without_an_end_of_its_own_may_end_in_a_comment(replayed: Replayer) -> None:
    assert failures(replayed("create table a (id int) -- the end\n;\ncreate table b (id int) -- no semicolon")) == []


def test_an_empty_file_makes_nothing(replayed: Replayer) -> None:
    assert len(replayed("", "-- nothing but a comment\n")) == 0


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(replayed: Replayer) -> None:
    unread = MigrationFile("m/1.sql", "1", "", "", problem="byte 0xE9 at line 12 is not UTF-8")
    replay = replayed(unread, "create table a (id int);")
    assert replay.observations[0].refused == "byte 0xE9 at line 12 is not UTF-8"
    assert names(replay, "table") == ["public.a"]


@pytest.mark.parametrize("transaction", list(Transaction))
def test_a_file_may_have_transactions_of_its_own(replayed: Replayer, transaction: Transaction) -> None:
    replay = replayed(
        "begin; create table a (id int); commit; begin; create table b (id int); rollback; create table c (id int);",
        transaction=transaction,
    )
    assert failures(replay) == []
    assert names(replay, "table") == ["public.a", "public.c"]


def test_what_a_rollback_undid_has_no_effects(replayed: Replayer) -> None:
    replay = replayed("begin; create table b (id int); rollback;")
    assert only(replay, lambda o: o.node == "CreateStmt").effects == ()


def test_what_is_undone_to_a_savepoint_has_no_effects_and_the_rest_stays(replayed: Replayer) -> None:
    text = "begin; create table a (id int); savepoint s; create table b (id int); rollback to s; commit;"
    for broken in ("", "select 1/0;"):
        replay = replayed(text.replace("savepoint s;", f"savepoint s; {broken}"))
        assert names(replay, "table") == ["public.a"]
        by_text = {o.text: o.effects for o in replay.observations}
        assert by_text["create table a (id int)"]
        assert not by_text["create table b (id int)"]


def test_a_failure_inside_a_transaction_of_the_file_leaves_the_rest_of_it(replayed: Replayer) -> None:
    replay = replayed("begin; create table a (id int); select 1/0; create table b (id int); commit;")
    assert failures(replay) == [("22012", "select 1/0")]
    assert names(replay, "table") == ["public.a", "public.b"]


def test_a_savepoint_that_does_not_exist_fails_and_the_rest_stays(replayed: Replayer) -> None:
    replay = replayed("begin; create table a (id int); rollback to nowhere; create table b (id int); commit;")
    assert failures(replay) == [("3B001", "rollback to nowhere")]
    assert names(replay, "table") == ["public.a", "public.b"]


def test_a_transaction_that_never_ends_is_a_failure_at_its_beginning(replayed: Replayer) -> None:
    replay = replayed("create table a (id int); begin; create table b (id int);", transaction=STATEMENT)
    assert failures(replay) == [("25000", "begin")]
    assert names(replay, "table") == ["public.a"]
    # a tool that wraps the file in its own transaction commits it
    assert names(replayed("begin; create table b (id int);"), "table") == ["public.b"]


def test_a_constraint_that_is_checked_at_the_commit_loses_only_its_statement(replayed: Replayer) -> None:
    replay = replayed(
        "create table p (id int primary key);"
        "create table c (p int references p deferrable initially deferred);"
        "insert into c values (1);"
        "create table kept (id int);"
    )
    assert failures(replay) == [("23503", "insert into c")]
    assert names(replay, "table") == ["public.c", "public.kept", "public.p"]


def test_a_file_that_asks_for_no_transaction_gets_none(replayed: Replayer) -> None:
    text = "create table t (a int); create index concurrently i on t (a); vacuum t;"
    assert failures(replayed(MigrationFile("m/1.sql", "1", "", text, transactional=False))) == []


def test_a_new_enum_value_is_usable_after_its_transaction_only(replayed: Replayer) -> None:
    files = ("create type e as enum ('a');", "alter type e add value 'b'; create table t (e e default 'b');")
    assert failures(replayed(*files)) == [("55P04", "create table t")]
    assert failures(replayed(*files, transaction=STATEMENT)) == []


def test_a_statement_for_a_transaction_block_fails_where_there_is_none(replayed: Replayer) -> None:
    replay = replayed("create table t (a int); lock table t; set local search_path = x;", transaction=STATEMENT)
    assert failures(replay) == [("25P01", "lock table t")]
    assert [n.sqlstate for n in replay.observations[2].notices] == ["25P01"]


def test_no_setting_and_no_role_leaks_into_the_next_file(replayed: Replayer) -> None:
    replay = replayed(
        "create schema s; create role replay_leak; grant replay_leak to postgres;"
        "set search_path = s; create temp table t (a int); set role replay_leak;",
        "create table t (a int); do $$ begin assert current_user = 'postgres' and current_schema = 'public'; end $$;",
    )
    assert failures(replay) == []
    assert names(replay, "table") == ["public.t"]


def test_a_setting_of_the_database_counts_from_the_next_file_on_whatever_its_name_is(replayed: Replayer) -> None:
    replay = replayed(
        "create schema app; alter database production set search_path = app; comment on database production is 'x';",
        "create table t (a int);",
    )
    assert failures(replay) == []
    assert names(replay, "table") == ["app.t"]


@pytest.mark.parametrize(
    "transaction", ["set transaction isolation level repeatable read;", "Set Transaction Read Write, Deferrable;"]
)
def test_the_level_of_isolation_does_not_come_too_late(replayed: Replayer, transaction: str) -> None:
    assert (
        failures(replayed(f"{transaction} create table a ();", f"begin; {transaction} create table b (); commit;"))
        == []
    )
    halting = replayed(f"{transaction} create table t (); select 1/0; create table u ();")
    assert failures(halting) == [("22012", "select 1/0")]


def test_notices_are_seen_although_the_file_silences_them(replayed: Replayer) -> None:
    replay = replayed("create table t (); set client_min_messages to error; create table if not exists t ();")
    assert [n.sqlstate for n in replay.observations[2].notices] == ["42P07"]


def test_copy_data_goes_in_and_a_bad_line_of_it_is_named(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (a int check (a > 0), b text);\n"
        "copy t from stdin;\n1\tx;y\n2\t\\N\n\\.\n"
        "create table kept ();\n"
        "copy t from stdin with (format csv);\n3,three\n0,zero\n\\.\n"
        "do $$ begin assert (select count(*) from t) = 2; end $$;",
    )
    assert failures(replay) == [("23514", "copy t from")]
    failed = only(replay, lambda o: o.failure)
    assert failed.failure is not None
    assert failed.failure.location == Location("m/1.sql", 9)


def test_copy_out_and_rows_by_the_thousand_are_dropped(replayed: Replayer) -> None:
    replay = replayed("copy (select generate_series(1, 50000)) to stdout; select generate_series(1, 50000); select 1;")
    assert failures(replay) == []


def test_psql_commands_are_understood(replayed: Replayer) -> None:
    (replayed.root / "m").mkdir(exist_ok=True)
    (replayed.root / "m" / "part.sql").write_text("\n create table included (a int);\n create table bad (a nothing);")
    replay = replayed(
        "\\set name 'chosen'\n\\ir part.sql\ncreate table :name (a int);\n"
        "\\if false\ncreate table not_taken (a int);\n\\endif\n\\restrict x\nselect 1;\n\\unrestrict x\n"
    )
    assert names(replay, "table") == ["public.chosen", "public.included"]
    failed = only(replay, lambda o: o.failure)
    assert (failed.origin, failed.location) == ("m/1.sql", Location("m/part.sql", 3, 2))


def test_what_leaves_the_database_is_refused_and_said(replayed: Replayer) -> None:
    replay = replayed(
        "create table kept ();\n\\! id\ncreate database other;\ndrop database other;\n"
        "create subscription s connection 'host=x' publication p;\n\\connect other\ncreate table elsewhere ();"
    )
    assert [bool(o.refused) for o in replay.observations] == [False, True, True, True, True, True, True]
    assert names(replay, "table") == ["public.kept"]
    assert ("", "s") in replay.unknown


def test_a_program_is_never_run(replayed: Replayer) -> None:
    marker = replayed.root / "ran"
    replay = replayed(
        f"copy (select 1) to program 'touch {marker}';",
        f"create table t (a text); copy t from program 'touch {marker}'; copy t to '{marker}';",
        "grant pg_execute_server_program to postgres;",
    )
    assert {state for state, _ in failures(replay)} <= {"42501", "42704"}
    assert len(failures(replay)) == 4
    assert not marker.exists()


@pytest.mark.parametrize("transaction", [Transaction.FILE, STATEMENT])
def test_a_statement_that_never_ends_is_cancelled_and_the_rest_goes_on(
    replayed: Replayer, transaction: Transaction
) -> None:
    endless = (
        "set statement_timeout = 0; create table a ();do $$ begin loop perform 1; end loop; end $$; create table b ();"
    )
    replay = replayed(endless, limits=Limits(statement_s=0.5), transaction=transaction)
    assert failures(replay) == [("57014", "do $$ begin")]
    failed = only(replay, lambda o: o.failure)
    assert failed.failure is not None
    assert failed.failure.message == "never ended: cancelled after 0.5 s"
    assert names(replay, "table") == ["public.a", "public.b"]


def test_a_loop_of_notices_is_cancelled_and_its_notices_are_bounded(replayed: Replayer) -> None:
    endless = "do $$ begin loop raise notice '%', repeat('x', 5000); end loop; end $$;"
    replay = replayed(endless, limits=Limits(statement_s=0.5))
    assert failures(replay) == [("57014", "do $$ begin")]
    notices = replay.observations[0].notices
    assert len(notices) < 300
    assert "more messages" in notices[-1].message
    assert len(notices[0].message) < 3000


def test_a_file_that_ends_its_own_session_loses_only_that_statement(replayed: Replayer) -> None:
    replay = replayed("create table a (); select pg_terminate_backend(pg_backend_pid()); create table b ();")
    assert failures(replay) == [("57P01", "select pg_terminate_backend(pg_backend_pid())")]
    assert names(replay, "table") == ["public.a", "public.b"]


def test_rows_that_look_like_marks_do_not_shift_what_was_seen(replayed: Replayer) -> None:
    forged = (
        "create table a ();"
        "select coalesce((regexp_match(current_query(), '''([0-9a-f]+:)'))[1], '') || '2', '', 0;"
        "create table b ();"
    )
    replay = replayed(forged)
    made = {o.text: [e.identity for e in o.effects] for o in replay.observations if o.effects}
    assert made == {"create table a ()": ["public.a"], "create table b ()": ["public.b"]}


def test_what_a_migration_writes_among_the_events_is_passed_over(replayed: Replayer) -> None:
    forged = ["1", "{", "[]", "[1]", '["made"]', '["made", [["x"]], 1, null]', '["dropped", 1]', '["rewritten", "x"]']
    forged += ['["made", [["CREATE TABLE", "table", "public.x", 99999, 1, 0, false, null]], 1, null]', "[" * 10_000]
    replay = replayed(
        "".join(f"select set_config('pgproof.seen', e'\\x1d' || $forged${text}$forged$, false);" for text in forged)
        + "create table a (); reset pgproof.seen; reset all; create table b ();"
    )
    assert failures(replay) == []
    made = {o.text: [e.identity for e in o.effects] for o in replay.observations if o.text.startswith("create")}
    assert made == {"create table a ()": ["public.a"], "create table b ()": ["public.b"]}


def test_what_a_block_did_and_took_back_is_no_effect(replayed: Replayer) -> None:
    replay = replayed("do $$ begin create table a (); raise exception 'no'; exception when others then null; end $$;")
    assert failures(replay) == []
    assert replay.observations[0].effects == ()


@pytest.mark.parametrize("name", ['with "quotes"', "new\nline", "<b>bold</b>", "имя", "表", "a\x1fb", "%s %(x)s", "$1"])
def test_any_name_comes_back_as_it_is(replayed: Replayer, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    replay = replayed(
        f"create schema {quoted}; create table {quoted}.{quoted} ({quoted} int);"
        f"alter table {quoted}.{quoted} add {quoted}2 int;".replace(f"{quoted}2", '"' + name.replace('"', '""') + '2"')
        + f"grant select on {quoted}.{quoted} to {quoted};"
    )
    assert failures(replay) == []
    assert replay.assumed == (f"role {name}",)
    (table,) = replay.catalog.of("table")
    assert table.name.parts == (name, name)
    assert [column.name.parts[-1] for column in replay.catalog.of("column")] == [name, name + "2"]


def test_roles_are_made_up_after_a_statement_that_failed_too(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (a int); create table t (a int); grant select (a) on t to first_role;"
        " grant insert on t to second_role, third_role; alter table t owner to fourth_role;"
    )
    assert [state for state, _ in failures(replay)] == ["42P07"]
    assert replay.assumed == ("role first_role", "role fourth_role", "role second_role", "role third_role")


def test_statements_that_are_committed_one_by_one_find_owners_after_a_failure(replayed: Replayer) -> None:
    replay = replayed(
        "create schema app; create table app.t (a int); create table app.t (a int);"
        " alter table app.t owner to somebody;",
        transaction=Transaction.STATEMENT,
    )
    assert [state for state, _ in failures(replay)] == ["42P07"]
    (table,) = replay.catalog.of("table")
    assert table.attributes["owner"] == "somebody"


def test_carriage_returns_stay_in_bodies_and_hurt_nothing(replayed: Replayer) -> None:
    replay = replayed("create table a (\r\n  id int\r\n);\r\nselect no_such_column\r\n  from a;\r\n")
    assert failures(replay) == [("42703", "select no_such_column from")]
    failed = only(replay, lambda o: o.failure)
    assert failed.failure is not None
    assert failed.failure.location == Location("m/1.sql", 4, 8)


def test_an_error_is_placed_behind_characters_of_several_bytes(replayed: Replayer) -> None:
    replay = replayed("create table a (); select 'данные 表 😀', no_such_column from a;")
    failed = only(replay, lambda o: o.failure)
    assert failed.failure is not None
    assert failed.failure.location == Location("m/1.sql", 1, 41)


def test_an_error_in_a_block_is_placed_at_its_line(replayed: Replayer) -> None:
    replay = replayed("do $body$\nbegin\n  perform 1;\n  execute 'select 1/0';\nend\n$body$;")
    failed = only(replay, lambda o: o.failure)
    assert failed.failure is not None
    assert failed.failure.location == Location("m/1.sql", 4, 3)


def test_strings_are_read_in_one_way_only(replayed: Replayer) -> None:
    replay = replayed(
        "set standard_conforming_strings = off;\ncreate table t (a text default 'a\\b');",
        "select set_config('standard_conforming_strings', 'off', false);\ncommit;\n"
        "create table u (a text default 'a\\');",
    )
    assert failures(replay) == []
    assert "standard_conforming_strings" in replay.observations[0].refused
    assert [str(thing.attributes["default"]) for thing in replay.catalog.of("column")] == [
        "'a\\b'::text",
        "'a\\'::text",
    ]


def test_forged_marks_in_a_transaction_of_its_own_are_said(replayed: Replayer) -> None:
    forged = "select substring(current_query() from '''([0-9a-f]{16}):-1') || ':0', '0', '', '', '';"
    (gap,) = replayed(f"begin; create table t ();\n{forged} commit;").gaps
    assert gap.blocking
    assert "look like pgproof's own" in gap.reason
    assert gap.location == Location("m/1.sql", 1, 1)
    assert replayed(f"create table t ();\n{forged}").gaps == ()


def test_nothing_of_the_replays_own_is_in_a_message(replayed: Replayer) -> None:
    text = "do $$ begin raise notice '%', current_query(); end $$;"
    (notice,) = replayed(text).observations[0].notices
    assert notice.message == "begin;\nselect '…"


def test_a_role_that_is_let_in_no_more_stops_the_replay(replayed: Replayer) -> None:
    replay = replayed(
        "create table t ();\nalter database postgres connection limit 0;",
        "create table u ();\nalter role postgres set work_mem = '4MB';",
        "create table v ();",
    )
    (gap,) = replay.gaps
    assert "the migrations let their own role in no more (too many connections for database" in gap.reason
    assert (gap.blocking, gap.location) == (True, Location("m/2.sql", 2, 1))
    assert names(replay, "table") == ["public.t", "public.u"]
    assert ("", "v") in replay.unknown
