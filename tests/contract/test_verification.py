"""The team's own verification: run, and asked what it would notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.contract.promised import spellings
from pgproof.contract.verification import Outcome, impossible, judge, read
from pgproof.judge.result import Result
from pgproof.model import ObjectName
from pgproof.sql.parse import parse
from tests.conftest import LiveDatabase
from tests.contract.project import checked, found, write

VERIFY = '[verify]\nfiles = ["checks/*.sql"]\n'
TABLES = "create table a (id int primary key);\ncreate table b (id int references a);\n"


def verified(root: Path, sql: str, contract: str = "", live: str | None = None, migrations: str = TABLES) -> Result:
    return checked(write(root, VERIFY + contract, migrations, {"checks/verify.sql": sql}), live)


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([(True,)], Outcome.PASS), ([(True,), (False,)], Outcome.FAIL), ([("a exists", "✅ PASS")], Outcome.PASS),
        ([("PASS",), ("❌ missing",)], Outcome.FAIL), ([("ok 1 - table a",)], Outcome.PASS),
        ([("1..2\nok 1 - a\nnot ok 2 - b",)], Outcome.FAIL), ([("not ok 2 - b # TODO later",)], Outcome.SILENT),
        ([(5,)], Outcome.SILENT), ([], Outcome.SILENT), ([("deals",)], Outcome.SILENT), ([("north",)], Outcome.SILENT),
        ([("passenger",)], Outcome.SILENT),
    ],
)  # fmt: skip
def test_an_answer_says_whether_it_is_good(rows: list[tuple[object, ...]], outcome: Outcome) -> None:
    assert judge(rows, None)[0] is outcome


def test_a_comment_says_what_is_expected() -> None:
    script = read("x.sql", "-- expect: >= 82\nselect 1;\n\\echo hello\n-- expected: 59+\nselect 2;\nselect 3;\n")
    assert [one.expected.shown if one.expected else "" for one in script.queries] == [">= 82", ">= 59", ""]
    assert [one.location.line for one in script.queries] == [2, 5, 6]


def test_a_query_that_fails_is_found_on_the_replay(tmp_path: Path) -> None:
    result = verified(
        tmp_path, "-- expect: 3\nselect count(*) from pg_tables where schemaname = 'public';\nselect gone from a;"
    )
    assert [one.message for one in found(result, "CON301")] == [
        "says on the replay: 2, expected 3",
        'fails on the replay: column "gone" does not exist (42703)',
    ]


def test_rows_are_nothing_that_a_replay_has(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(TABLES)
    sql = "select count(*) > 0 from a;"
    assert not found(verified(tmp_path, sql), "CON301")
    (one,) = found(verified(tmp_path, sql, live=live.url), "CON301")
    assert one.message == "says in the live database: f"
    live.execute("insert into a values (1)")
    assert not found(verified(tmp_path, sql, live=live.url), "CON301")


def test_what_writes_is_never_run_on_the_live_database(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(TABLES + "create function f() returns int language sql as 'insert into a values (9) returning id'")
    sql = "insert into a values (7);\nselect f();\nwith x as (insert into a values (8) returning 1) select 1 from x;\n"
    made = TABLES + "create function f() returns int language sql as 'select 1';"
    result = verified(tmp_path, sql, live=live.url, migrations=made)
    assert live.rows("select * from a") == []
    assert any("calls public.f, which is volatile" in gap.reason for gap in result.gaps)


QUERIES = {
    "select count(*) from information_schema.table_constraints where constraint_type = 'FK'":
        "constraint_type = 'FK' matches nothing, in any database, did you mean \"FOREIGN KEY\"?",
    "select count(*) from information_schema.table_constraints where 'FK' = constraint_type": "matches nothing",
    "select count(*) from information_schema.tables t where t.table_type in ('TABLE', 'base table')":
        'did you mean "BASE TABLE"?',
    "select count(*) from pg_class where relkind = 'table'": "matches nothing",
    "select 'PASS'": "looks at nothing",
    "select count(*) from pg_policies": "",
    "select count(*) from information_schema.table_constraints where constraint_type = 'FOREIGN KEY'": "",
    "select count(*) from information_schema.tables where table_type in ('TABLE', 'VIEW')": "",
    "select count(*) = 0 from pg_policies where qual = 'true'": "",
    "select count(*) from a": "",
}  # fmt: skip


def test_queries_that_can_never_fail(tmp_path: Path) -> None:
    result = verified(tmp_path, "".join(f"{query};\n" for query in QUERIES))
    messages = {one.location.line: one.message for one in found(result, "CON302") if one.location}
    assert sorted(messages) == [line for line, problem in enumerate(QUERIES.values(), 1) if problem]
    for line, problem in enumerate(QUERIES.values(), 1):
        assert problem in messages.get(line, "")


def test_a_name_with_its_table_means_that_column_alone() -> None:
    assert spellings(ObjectName("column", ("public", "campaigns", "is_active"))) == {
        "is_active",
        "campaigns.is_active",
        "public.campaigns.is_active",
    }
    assert "f(integer,text)" in spellings(ObjectName("function", ("app", "f", "integer, text")))


def test_promised_objects_that_nothing_notices_are_named(tmp_path: Path) -> None:
    contract = (
        "[feature.f]\nneeds = ['a.id int', 'b', 'touch()', 'index b_id']\n[promises.names]\npolicies = ['mine']\n"
    )
    migrations = TABLES + (
        "create function touch() returns int language sql as 'select 1';\ncreate index b_id on b (id);\n"
        "create policy mine on a using (true);\n"
    )
    sql = """
select count(*) = 2 from information_schema.tables where table_schema = 'public' and table_name in ('a', 'b');
select exists (select from pg_proc where proname = 'touch');
"""
    (one,) = found(verified(tmp_path, sql, contract, migrations=migrations), "CON303")
    assert one.message == "the verification notices 2 of 5 promised objects when they are missing"
    assert one.seen == ("dropped, and no answer changed: column public.a.id, index public.b_id, policy public.a.mine",)
    assert str(one.proof) == "executed on replay"


def test_numbers_that_nobody_compares_are_a_gap(tmp_path: Path) -> None:
    sql = "select count(*) from pg_tables;\nselect count(*) from pg_views where viewname = 'a';\n"
    sql += "select true from pg_am;\n"
    result = verified(tmp_path, sql)
    (gap,) = (gap for gap in result.gaps if "compared" in gap.reason)
    assert gap.reason.startswith("2 queries in checks/verify.sql: ")
    assert gap.reason.endswith("; 1 would be answered alike by an empty database")


def test_a_script_of_tap_is_run_in_its_own_transaction(tmp_path: Path) -> None:
    """What pgTAP answers is lines of text; these functions give the same lines."""
    tap = """
create table tap_log (n serial);
create function no_plan() returns setof text language sql as 'select null::text where false';
create function ok(good boolean, what text) returns text language plpgsql as $$
declare number int; begin
  insert into tap_log default values returning n into number;
  return case when good then '' else 'not ' end || 'ok ' || number || ' - ' || what;
end $$;
"""
    sql = """
begin;
select no_plan();
select ok(exists (select from pg_tables where tablename = 'a'), 'table a');
select ok(exists (select from pg_tables where tablename = 'c'), 'table c');
rollback;
"""
    (one,) = found(verified(tmp_path, sql, migrations=TABLES + tap), "CON301")
    assert one.message == "says on the replay: not ok 2 - table c"


def test_tap_that_the_server_has_not_got_is_a_gap_and_no_failure(tmp_path: Path) -> None:
    result = verified(tmp_path, "select plan(1);\nselect has_table('a');\nselect * from finish();\n")
    assert not result.findings
    assert any("pgTAP is not on the private server" in gap.reason for gap in result.gaps)


def test_a_file_that_does_not_parse_is_found(tmp_path: Path) -> None:
    (one,) = found(verified(tmp_path, "select from where;"), "CON301")
    assert one.subject == "checks/verify.sql"
    assert "does not parse" in one.message


def test_impossible_values_are_found_wherever_they_stand() -> None:
    tree = parse("select 1 from (select * from pg_constraint k where k.contype in ('fk', 'FK') and k.conname = 'x') q")[
        0
    ]
    assert [(column, value) for column, value, _ in impossible(tree)] == [("contype", "fk")]


BASELESS = "create table items (id int, deal int references deals (id));\n"


def test_where_the_base_is_missing_the_replay_says_nothing(tmp_path: Path) -> None:
    result = verified(tmp_path, "select count(*) = 2 from pg_tables where schemaname = 'public';", migrations=BASELESS)
    assert not result.findings
    assert any("neither a whole replay nor a live database" in gap.reason for gap in result.gaps)


def test_where_the_base_is_missing_a_copy_of_the_live_schema_is_used(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create table deals (id int primary key);" + BASELESS)
    sql = "create temporary table t (n int);\nselect count(*) = 2 from pg_tables where schemaname = 'public';\n"
    contract = "[promises.names]\ntables = ['deals', 'items']\n[promises]\nindexes = 0\n"
    result = verified(tmp_path, sql.replace("= 2 from", "= 3 from"), contract, live.url, BASELESS)
    (one,) = found(result, "CON301")
    assert one.message == "says in the live database: f"
    assert str(one.proof) == "executed on clone of live and live"
    assert not found(verified(tmp_path, sql, contract, live.url, BASELESS), "CON303")


PROGRAM = """
import postgres from "postgres";
const client = postgres(process.env.DATABASE_URL!);
const COLUMNS = ["is_active", "booked_count"];
let passed = 0;
for (const column of COLUMNS) {
  const rows = await client`
    select 1 from information_schema.columns where table_name = 'a' and column_name = ${column}`;
  passed += rows.length;
}
const rows = await client`select 1 from information_schema.tables where table_name = ${"runs"}`;
console.log(`Total Checks: 3 | Passed: ${passed + rows.length}`);
"""


def test_a_program_that_checks_some_of_what_was_promised(tmp_path: Path) -> None:
    """It prints 3 of 3."""
    contract = '[verify]\nfiles = ["scripts/verify.ts"]\n[feature.f]\n'
    contract += 'needs = ["a.is_active", "a.booked_count", "a.lost_count", "runs", "run_log"]\n'
    migrations = (
        "create table a (id int, is_active bool, booked_count int, lost_count int);\n"
        "create table runs (id int);\ncreate table run_log (id int);\n"
    )
    files = {"scripts/verify.ts": PROGRAM, "package.json": '{"dependencies": {"postgres": "3"}}'}
    result = checked(write(tmp_path, contract, migrations, files))
    (one,) = found(result, "CON303")
    assert one.message == "the verification notices 3 of 5 promised objects when they are missing"
    assert one.seen == ("dropped, and no answer changed: column public.a.lost_count, table public.run_log",)
    assert [finding.code for finding in result.findings] == ["CON303"]
