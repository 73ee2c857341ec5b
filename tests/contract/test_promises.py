"""Promised numbers: added up, counted, and the list behind each."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.catalog import file, snapshot
from pgproof.contract.arithmetic import contradictions
from pgproof.contract.counting import COUNTABLE
from pgproof.project.config import read_config
from tests.conftest import LiveDatabase
from tests.contract.project import checked, found, write

SCHEMA = """
create schema app;
create table note (id int primary key, body text not null, slug text unique, tag int, check (tag > 0));
create table tag (id int primary key, note int references note);
create table log (id int, at date) partition by range (at);
create table log_1 partition of log for values from ('2025-01-01') to ('2026-01-01');
create index on log (at);
create index on note (body);
create unique index on note (lower(slug));
create index on note (body, tag) where tag is not null;
create view notes as select id from note;
create materialized view many as select id from note;
create function touch() returns trigger language plpgsql as 'begin return new; end';
create function one() returns int language sql as 'select 1';
create procedure go() language sql as 'select 1';
create trigger touch before update on note for each row execute function touch();
create policy p on note using (true);
create sequence s;
create type app.mood as enum ('sad');
create domain app.cents as int;
"""
COUNTS = {
    "tables": 3, "partitions": 1, "views": 1, "materialized_views": 1, "foreign_tables": 0, "columns": 10,
    "indexes": 4, "all_indexes": 8, "constraint_indexes": 3, "unique_indexes": 1, "partial_indexes": 1,
    "composite_indexes": 1, "expression_indexes": 1, "constraints": 5, "primary_keys": 2, "unique_constraints": 1,
    "foreign_keys": 1, "checks": 1, "policies": 1, "functions": 2, "trigger_functions": 1, "procedures": 1,
    "triggers": 1, "sequences": 1, "enums": 1, "types": 2, "extensions": 0, "schemas": 2,
}  # fmt: skip


def test_every_word_counts_what_the_page_says(live: LiveDatabase, tmp_path: Path) -> None:
    assert COUNTS.keys() == COUNTABLE.keys()
    live.execute(SCHEMA)
    contract = "[promises]\n" + "".join(f"{word} = {number}\n" for word, number in COUNTS.items())
    result = checked(write(tmp_path, contract), live.url)
    assert {one.message for one in found(result, "CON202")} == set()
    assert next(one.examined for one in result.checks if one.code == "CON202") == len(COUNTS)


def test_a_broken_number_lists_what_was_counted_and_what_was_left_out(tmp_path: Path) -> None:
    contract = "[promises]\nindexes = 3\n[promises.names]\nindexes = ['note_body_idx', 'note_gone_idx', 'note_x']\n"
    migrations = "create table note (id int primary key, body text);\ncreate index on note (body);\n"
    (one,) = found(checked(write(tmp_path, contract, migrations)), "CON202")
    assert (one.message, str(one.location)) == ("1 indexes, promised 3", "pgproof.toml:2")
    assert one.seen == (
        "promised and not there: note_gone_idx, note_x",
        "counted: migrations/0001_all.sql: 1 (note_body_idx)",
        "left out, indexes of constraints, and those on partitions: 1 (note_pkey)",
    )


def test_exact_least_and_most(tmp_path: Path) -> None:
    kept = {"2": True, "3": False, '">= 2"': True, '"3+"': False, '"<= 1"': False, '"<= 2"': True}
    contract = "".join(f"[promises.part.p{n}]\ntables = {promised}\n" for n, promised in enumerate(kept))
    tables = "create table a (id int);\ncreate table b (id int);\n"
    broken = {one.subject for one in found(checked(write(tmp_path, contract, tables)), "CON202")}
    assert broken == {f"p{n}" for n, keeps in enumerate(kept.values()) if not keeps}


def test_a_migration_is_counted_by_what_it_made(tmp_path: Path) -> None:
    contract = """
[promises.part.one]
migration = "0001_all.sql"
tables = 1
indexes = 2
[promises.part.two]
migration = "migrations/0002_more.sql"
tables = 1
[promises.part.three]
migration = "0003_mroe.sql"
tables = 1
"""
    more = {"migrations/0002_more.sql": "create table b (id int);\ncreate index on a (id);\n"}
    result = checked(write(tmp_path, contract, "create table a (id int);\ncreate index on a (id);\n", more))
    assert sorted(one.message for one in found(result, "CON202")) == [
        "migration 0001_all.sql makes 1 indexes, promised 2",
        'names the migration 0003_mroe.sql, which is not there, did you mean "0002_more.sql"?',
    ]


def test_a_delta_counts_from_a_state_before(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create table a (id int)")
    (tmp_path / "before.json").write_text(file.dump(snapshot.read(live.session())), "utf-8")
    live.execute("create table b (id int); create table c (id int)")
    contract = '[promises]\nbefore = "before.json"\ntables = "+3"\nviews = "+0"\n'
    (one,) = found(checked(write(tmp_path, contract), live.url), "CON202")
    assert one.message == "2 more tables, promised +3"
    assert one.seen == ("counted: made by no migration: 2 (b, c)",)


@pytest.mark.parametrize(
    ("contract", "problem"),
    [
        ("[promises]\nindexes = 60\n[promises.part.a]\nindexes = 40\n[promises.part.b]\nindexes = 19\n",
         "59 indexes in the parts, 60 in the total"),
        ('[promises]\nindexes = ">= 50"\n[promises.part.a]\nindexes = 40\n[promises.part.b]\nindexes = 19\n', ""),
        ('[promises]\nindexes = ">= 60"\n[promises.part.a]\nindexes = 40\n[promises.part.b]\nindexes = 19\n',
         "59 indexes in the parts, >= 60 in the total"),
        ("[promises]\nindexes = 60\n[promises.part.a]\nindexes = 40\n[promises.part.b]\ntables = 19\n", ""),
        ("[promises]\nindexes = 30\n[promises.part.a]\nindexes = 40\n[promises.part.b]\ntables = 19\n",
         "40 indexes in the parts, 30 in the total"),
        ("[promises.part.a]\nindexes = 2\nnames = { indexes = ['x', 'y', 'z'] }\n", "a promises 2 indexes and lists 3"),
        ("[promises.part.a]\nindexes = 2\nnames = { indexes = ['x', 'y', 'y'] }\n", "a lists y twice"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_all_be_true(tmp_path: Path, contract: str, problem: str) -> None:
    promises = read_config(write(tmp_path, contract)).contract.promises
    assert [one.problem for one in contradictions(promises)] == ([problem] if problem else [])


def test_promised_rows_are_counted_in_the_live_database(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create table a (id int); insert into a values (1), (2)")
    contract = '[promises.rows]\na = 3\n"public.a" = ">= 2"\n'
    (one,) = found(checked(write(tmp_path, contract), live.url), "CON103")
    assert one.message == "has 2 rows, not 3; this was promised"


def test_an_empty_database_breaks_every_number_but_0(live: LiveDatabase, tmp_path: Path) -> None:
    result = checked(write(tmp_path, "[promises]\ntables = 1\nviews = 0\n"), live.url)
    assert [one.message for one in found(result, "CON202")] == ["0 tables, promised 1"]


def test_the_tables_of_the_migration_tool_are_not_counted(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create table a (id int); create table schema_migrations (version text primary key)")
    assert not found(checked(write(tmp_path, "[promises]\ntables = 1\n"), live.url), "CON202")


def test_numbers_of_migrations_that_failed_are_unknown(tmp_path: Path) -> None:
    contract = """
[promises]
tables = 3
[promises.part.one]
migration = "0001_all.sql"
tables = 2
[promises.part.two]
migration = "0002_more.sql"
tables = 1
[promises.part.three]
migration = "0003_none.sql"
time = "1ms"
"""
    more = {"migrations/0002_more.sql": "create table b (id int);\n"}
    result = checked(write(tmp_path, contract, "create table a (id int);\ncreate table c (id nothing);\n", more))
    assert [one.message for one in found(result, "CON202")] == [
        'names the migration 0003_none.sql, which is not there, did you mean "0002_more.sql"?'
    ]
    assert not found(result, "CON203")
    reasons = [gap.reason for gap in result.gaps if "promised numbers" in gap.reason]
    assert [reason.split(":")[0] for reason in reasons] == [
        "the promised numbers of one",
        "the promised numbers of the total",
    ]


def test_what_a_failed_migration_may_have_made_is_not_said_to_be_made_by_none(
    live: LiveDatabase, tmp_path: Path
) -> None:
    live.execute("create table note (id int primary key); create table by_hand (id int)")
    migration = "create table note (id int primary key, x nowhere.type);"
    result = checked(write(tmp_path, "[promises]\ntables = 1\n", migration), live.url)
    [one] = found(result, "CON202")
    assert one.seen == (
        "counted: made by no migration: 1 (by_hand)",
        "counted: perhaps made by a statement that was not replayed: 1 (note)",
    )
