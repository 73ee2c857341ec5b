"""What each statement is seen to do: effects, locks on older relations, rewrites, scans; and where objects are from."""

from __future__ import annotations

import pytest

from pgproof.migrations.layout import Transaction
from pgproof.migrations.observation import Lock, Observation, Replay
from pgproof.model import Location, ObjectName
from tests.migrations.conftest import Replayer, failures, only

OLD = (
    "create table old (id int primary key, a int, b text); create table other (id int primary key);"
    "insert into old select i, i, 'x' from generate_series(1, 100) i; insert into other select generate_series(1, 100);"
    "create index old_a on old (a); create view old_v as select a from old;"
    "create materialized view old_m as select a from old;"
)


def last(replay: Replay) -> Observation:
    return replay.observations[-1]


def effects(observation: Observation) -> list[tuple[str, str, str]]:
    return [(e.action, e.object_type, e.identity) for e in observation.effects]


def place(replay: Replay, kind: str, *parts: str) -> tuple[str, int, str, int]:
    """Return the files and lines where an object was created and where it was last shaped."""
    name = ObjectName(kind, parts)
    created, shaped = replay.created[name], replay.origins[name]
    return created.path[2:], created.line, shaped.path[2:], shaped.line


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "create table t (id int primary key)",
            [("create", "table", "public.t"), ("create", "index", "public.t_pkey")],
        ),
        ("create or replace view v as select 1 as a", [("create", "view", "public.v")]),
        ("create or replace view old_v as select a from old where a > 1", [("alter", "view", "public.old_v")]),
        ("comment on table old is 'x'", [("comment", "table", "public.old")]),
        ("drop view old_v", [("drop", "view", "public.old_v")]),
        ("grant select on old to public", [("alter", "table", "")]),
        ("refresh materialized view old_m", []),
        ("insert into old values (101)", []),
        ("create table if not exists old (id int)", []),
        ("do $$ begin execute 'create type e as enum ()'; end $$", [("create", "type", "public.e")]),
        ("select 1 as a into t", [("create", "table", "public.t")]),
        ("alter table old rename to new", [("alter", "table", "public.new")]),
        ("create policy p on old using (true)", [("create", "policy", "p on public.old")]),
        (
            "drop table old cascade",
            [
                ("drop", "table", "public.old"),
                ("drop", "view", "public.old_v"),
                ("drop", "materialized view", "public.old_m"),
            ],
        ),
        (
            "alter table old add c int, add d int",
            [("alter", "table", "public.old"), *(("create", "table column", f"public.old.{c}") for c in "cd")],
        ),
    ],
)
def test_effects_are_seen(replayed: Replayer, statement: str, expected: list[tuple[str, str, str]]) -> None:
    seen = [e for e in effects(last(replayed(OLD, statement))) if e[1] not in ("default value", "table constraint")]
    assert sorted(seen) == sorted(expected)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("alter table old add c int", {("old", "AccessExclusive")}),
        ("create index on old (b)", {("old", "Share")}),
        ("create policy p on old using (true)", {("old", "AccessExclusive")}),
        ("comment on table old is 'x'", {("old", "ShareUpdateExclusive")}),
        ("create table t (old int references old)", {("old", "ShareRowExclusive")}),
        (
            "create trigger g after insert on old execute function suppress_redundant_updates_trigger()",
            {("old", "ShareRowExclusive")},
        ),
        (
            "update old set a = 1 where id = 1",
            {("old", "RowExclusive"), ("old_a", "RowExclusive"), ("old_pkey", "RowExclusive")},
        ),
        ("drop table other", {("other", "AccessExclusive"), ("other_pkey", "AccessExclusive")}),
        ("create function f() returns int language sql as 'select a from old'", set()),
        ("grant select on old to public", set()),
        ("select * from old", set()),
    ],
)
def test_locks_on_older_relations_are_seen(replayed: Replayer, statement: str, expected: set[tuple[str, str]]) -> None:
    locks = last(replayed(OLD, statement)).locks
    assert locks == tuple(sorted(Lock(f"public.{relation}", f"{mode}Lock") for relation, mode in expected))


def test_a_lock_counts_for_the_statement_that_took_it_and_only_once(replayed: Replayer) -> None:
    replay = replayed(
        OLD, "create table t (); alter table old add c int; alter table old add d int; create index on old (c);"
    )
    assert [o.locks for o in replay.observations[-4:]] == [
        (),
        (Lock("public.old", "AccessExclusiveLock"),),
        (),
        (Lock("public.old", "ShareLock"),),
    ]


def test_a_relation_that_was_renamed_keeps_the_name_that_the_statement_used(replayed: Replayer) -> None:
    replay = replayed(OLD, "alter table old rename to new;", "alter table new add x int;", "drop table new cascade;")
    locked = [[lock.relation for lock in o.locks if "_" not in lock.relation] for o in replay.observations[-3:]]
    assert locked == [["public.old"], ["public.new"], ["public.new"]]


def test_relations_of_a_renamed_schema_have_its_new_name(replayed: Replayer) -> None:
    replay = replayed(
        "create schema s; create table s.t ();", "alter schema s rename to r;", "alter table r.t add x int;"
    )
    assert last(replay).locks == (Lock("r.t", "AccessExclusiveLock"),)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("alter table old alter b type int using 1", ("public.old",)),
        ("alter table old add c float default random()", ("public.old",)),
        ("alter table old add c timestamptz default now()", ()),
        ("alter table old set unlogged", ("public.old",)),
        ("refresh materialized view old_m", ("public.old_m",)),
        ("reindex table old", ("public.old_a", "public.old_pkey")),
        ("truncate other", ("public.other",)),
        ("alter table old add check (a > 0)", ()),
        ("create table t (a int); alter table t alter a type bigint", ()),
    ],
)
def test_rewrites_are_seen(replayed: Replayer, statement: str, expected: tuple[str, ...]) -> None:
    assert last(replayed(OLD, statement)).rewrites == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("alter table old alter a set not null", ("public.old",)),
        ("alter table old add check (a > 0)", ("public.old",)),
        ("alter table old add check (a > 0) not valid", ()),
        ("create index on old (b)", ("public.old",)),
        ("update old set b = 'y'", ("public.old",)),
        ("alter table old add c timestamptz default now()", ()),
        ("comment on table old is 'x'", ()),
    ],
)
def test_scans_of_older_tables_are_seen(replayed: Replayer, statement: str, expected: tuple[str, ...]) -> None:
    assert last(replayed(OLD, statement)).scans == expected


def test_a_foreign_key_scans_the_table_that_gets_it(replayed: Replayer) -> None:
    replay = replayed(OLD, "alter table old add foreign key (a) references other")
    assert "public.old" in last(replay).scans  # whether the other one is scanned or its index is for the planner to say


def test_what_was_scanned_before_does_not_count_again(replayed: Replayer) -> None:
    replay = replayed(
        OLD, "update old set b = 'y'; update old set b = 'z'; alter table old add c int;", "alter table old add d int;"
    )
    assert [o.scans for o in replay.observations[-4:]] == [("public.old",), ("public.old",), (), ()]


def test_the_same_is_seen_statement_by_statement(replayed: Replayer) -> None:
    text = "alter table old alter b type int using 1; create index on old (b); insert into other values (0);"
    whole, careful = replayed(OLD, text), replayed(OLD, text + "select 1/0;")
    assert failures(careful) == [("22012", "select 1/0")]

    def seen(replay: Replay) -> list[object]:
        steps = replay.observations[-4:] if replay is careful else replay.observations[-3:]
        return [(effects(o), o.locks, o.rewrites, o.scans) for o in steps[:3]]

    assert seen(whole) == seen(careful)


def test_notices_and_warnings_belong_to_their_statement_in_exact_order(replayed: Replayer) -> None:
    replay = replayed(
        "do $$ begin raise notice 'a'; raise warning 'b'; end $$; select 1;"
        "do $$ begin raise notice 'c'; raise info 'not kept'; end $$; drop table if exists nothing;"
    )
    assert [[(n.severity, n.message) for n in o.notices] for o in replay.observations] == [
        [("NOTICE", "a"), ("WARNING", "b")],
        [],
        [("NOTICE", "c")],
        [("NOTICE", 'table "nothing" does not exist, skipping')],
    ]


def test_time_is_measured_for_each_statement(replayed: Replayer) -> None:
    replay = replayed("select 1; select pg_sleep(0.05);")
    quick, slow = replay.observations
    assert quick.elapsed_ms < 50 <= slow.elapsed_ms


def test_every_object_knows_the_statement_that_made_it(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (id serial primary key, a int unique check (a > 0));\n"
        "alter table t add b int references t, add unique (a, b);\n"
        "alter table t add check (b > 0);\nalter table t add check (b > 1);\n"
        "create policy p on t using (true);\n"
        "create trigger g before update on t for each row execute function suppress_redundant_updates_trigger();\n"
        "do $$ begin execute 'alter table t add c int'; end $$;\n"
        "create table part (id int) partition by range (id);"
        "create table part_1 partition of part for values from (1) to (2);\n"
        "alter table part add primary key (id);\n"
        "create domain d as int constraint positive check (value > 0);\n"
        "create function f(int) returns int language sql return $1;\n"
        "create schema s create table q (a int);\n",
    )
    created = {(name.kind, str(name)): at.line for name, at in replay.created.items()}
    expected = {
        ("table", "public.t"): 1,
        ("sequence", "public.t_id_seq"): 1,
        ("column", "public.t.a"): 1,
        ("constraint", "public.t.t_pkey"): 1,
        ("constraint", "public.t.t_a_check"): 1,
        ("column", "public.t.b"): 2,
        ("constraint", "public.t.t_b_fkey"): 2,
        ("constraint", "public.t.t_a_b_key"): 2,
        ("constraint", "public.t.t_b_check"): 3,
        ("constraint", "public.t.t_b_check1"): 4,
        ("policy", "public.t.p"): 5,
        ("trigger", "public.t.g"): 6,
        ("column", "public.t.c"): 7,
        ("table", "public.part_1"): 8,
        ("constraint", "public.part.part_pkey"): 9,
        ("domain", "public.d"): 10,
        ("function", "public.f(integer)"): 11,
        ("schema", "s"): 12,
        ("table", "s.q"): 12,
    }
    assert {key: created.get(key) for key in expected} == expected
    missing = [n for n in replay.catalog.objects if n not in replay.created]
    assert {(n.kind, str(n)) for n in missing} <= {
        ("schema", "public"),
        ("extension", "plpgsql"),
        ("database", "current_database"),
    }


def test_every_object_knows_the_statement_that_last_shaped_it(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (a int, b int, c int);\ncreate function f() returns int language sql return 1;\n"
        "create view v as select a from t;\nalter table t add constraint positive check (a > 0) not valid;\n",
        "alter table t alter a set default 1;\nalter table t validate constraint positive;\n"
        "create or replace function f() returns int language sql return 2;\n"
        "do $$ begin alter table t alter column b set not null; end $$;\n"
        "alter table t rename c to d;\ncomment on table t is 'x';\ngrant select on t to public;\n",
    )
    assert place(replay, "column", "public", "t", "a") == ("1.sql", 1, "2.sql", 1)
    assert place(replay, "column", "public", "t", "b") == ("1.sql", 1, "2.sql", 4)
    assert place(replay, "column", "public", "t", "d") == ("1.sql", 1, "2.sql", 5)
    assert place(replay, "constraint", "public", "t", "positive") == ("1.sql", 4, "2.sql", 2)
    assert place(replay, "function", "public", "f", "") == ("1.sql", 2, "2.sql", 3)
    assert place(replay, "view", "public", "v") == ("1.sql", 3, "1.sql", 3)
    assert place(replay, "table", "public", "t") == ("1.sql", 1, "2.sql", 4)


def test_what_is_dropped_and_made_again_is_from_the_second_statement(replayed: Replayer) -> None:
    replay = replayed("create table t (a int);", "drop table t; create table t (a int);")
    assert place(replay, "table", "public", "t") == ("2.sql", 1, "2.sql", 1)


def test_what_was_rolled_back_made_nothing(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (a int);", "begin; alter table t alter a set default 1; rollback;", "create table u ();"
    )
    assert place(replay, "column", "public", "t", "a") == ("1.sql", 1, "1.sql", 1)
    assert place(replay, "table", "public", "u") == ("3.sql", 1, "3.sql", 1)


def test_outside_of_a_transaction_effects_are_seen_too(replayed: Replayer) -> None:
    replay = replayed(
        "create table t (a int); create index concurrently i on t (a);", transaction=Transaction.STATEMENT
    )
    assert effects(last(replay)) == [("create", "index", "public.i")]
    assert place(replay, "index", "public", "i")[:2] == ("1.sql", 1)


def test_members_of_an_extension_are_effects_of_its_statement(replayed: Replayer) -> None:
    replay = replayed("create extension citext;")
    made = last(replay).effects
    assert [e.identity for e in made if not e.in_extension] == ["citext"]
    assert any(e.in_extension and e.object_type == "type" for e in made)
    assert only(replay, lambda o: o.node == "CreateExtensionStmt").failure is None
    assert replay.created[ObjectName("extension", ("citext",))] == Location("m/1.sql", 1, 1)


def test_observing_can_neither_be_switched_off_nor_seen(replayed: Replayer) -> None:
    replay = replayed(
        "set session_replication_role = replica; set search_path = ''; set client_min_messages = error;",
        "drop event trigger pgproof_command_ended; drop schema pgproof cascade; drop function pgproof.held(oid);",
        "drop schema public cascade; create schema public; create table public.t ();",
    )
    assert {state for state, _ in failures(replay)} == {"42501"}
    assert effects(last(replay)) == [("create", "table", "public.t")]
    assert not [name for name in replay.catalog.objects if "pgproof" in str(name)]
