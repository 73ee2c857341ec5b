"""examples/outreach is what its report describes, and the report's claims about behaviour are executed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.conftest import LiveDatabase
from tests.examples.versions import oldest_and_newest

FOLDER = Path(__file__).parents[2] / "examples" / "outreach"
REPORT: dict[str, Any] = tomllib.loads((FOLDER / "report.toml").read_text(encoding="utf-8"))
CAMPAIGN = "00000000-0000-4000-8000-00000000e001"
ROLES = ("anon", "authenticated", "service_role")


@pytest.fixture
def production(live: LiveDatabase) -> Iterator[LiveDatabase]:
    """The production database of the example; the roles of the platform are dropped in the end if it made them."""
    there = {name for (name,) in live.rows("select rolname from pg_roles")}
    command = [sys.executable, str(FOLDER / "live" / "make_live.py"), live.url]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    yield live
    for role in ROLES:
        live.execute(f"drop owned by {role}")
        if role not in there:
            live.execute(f"drop role {role}")


def source(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("named", REPORT["line"], ids=lambda named: str(named["line"]))
def test_the_lines_that_the_report_names_say_what_it_says(named: dict[str, Any]) -> None:
    assert named["text"] in source(REPORT["migration"]).splitlines()[named["line"] - 1]


@oldest_and_newest
def test_all_tables_columns_views_and_functions_exist(production: LiveDatabase) -> None:
    columns = production.rows("select table_name || '.' || column_name from information_schema.columns")
    promised = {f"{table}.{column}" for table, names in REPORT["columns"].items() for column in names}
    assert promised - {name for (name,) in columns} == set()
    for relation in REPORT["new_tables"] + REPORT["views"]:
        production.rows(f"select * from {relation}")
    functions = production.rows(
        "select proname from pg_proc where prorettype = 'outreach_campaigns'::regtype and proretset"
    )
    assert [name for (name,) in functions] == REPORT["functions"]


def test_the_column_that_the_report_misses_is_missing(production: LiveDatabase) -> None:
    with pytest.raises(errors.UndefinedColumn, match="stage_entered_at"):
        production.rows("select stage_entered_at from deals")


@pytest.mark.parametrize(
    "named", [n for n in REPORT["line"] if "foreign_key" in n], ids=lambda named: named["foreign_key"]
)
def test_each_foreign_key_refuses_an_orphan(production: LiveDatabase, named: dict[str, Any]) -> None:
    table, _, column = named["foreign_key"].partition(".")
    needed = {
        "campaign_targets": ("", ""),
        "agent_tickets": (", source, severity, title", ", 's', 'low', 't'"),
        "spend_log": (", cost_usd, api_name, event, actor", ", 1, 'a', 'e', 'a'"),
    }[table]
    with pytest.raises(errors.ForeignKeyViolation):
        production.execute(f"insert into {table} ({column}{needed[0]}) values (gen_random_uuid(){needed[1]})")


def test_the_letters_of_the_old_campaigns_are_there(production: LiveDatabase) -> None:
    assert production.rows("select count(*) from campaigns") == [(REPORT["letter_rows"],)]


def test_no_code_uses_the_name_of_the_old_table() -> None:
    code = [path for folder in ("src", "apps", "engine") for path in (FOLDER / folder).rglob("*.ts")]
    assert len(code) == 8
    assert not [
        path for path in code if re.search(r"""from\(["'`]campaigns["'`]\)""", path.read_text(encoding="utf-8"))
    ]


def test_the_code_writes_as_many_columns_as_it_does_and_the_report_miscounts_one() -> None:
    def keys(path: str, start: str) -> int:
        block = source(path).partition(start)[2].partition("})")[0]
        return len(re.findall(r"^ {4,6}(\w+):", block, re.MULTILINE))

    counts = REPORT["counts"]
    assert keys("src/circuit-breaker.ts", ".insert({") == counts["spend_log_insert"]
    assert keys("src/handoff.ts", ".insert({") == counts["deals_insert"]
    assert keys("src/tickets.ts", ".insert({") == counts["agent_tickets_insert"] + 1
    fields = source("src/tickets.ts").partition("interface AgentTicket {")[2].partition("}")[0]
    assert len(re.findall(r"^ {2}\w+:", fields, re.MULTILINE)) == counts["agent_ticket_fields"]


def test_the_budget_guard_cannot_be_told_from_an_unknown_campaign(production: LiveDatabase) -> None:
    spend = "select spent_usd::float from increment_campaign_spend('{}', {})"
    assert production.rows(spend.format(CAMPAIGN, 60)) == [(60.0,)]
    assert production.rows(spend.format(CAMPAIGN, 41)) == []
    assert production.rows(spend.format("00000000-0000-4000-8000-000000000000", 1)) == []
    assert production.rows(spend.format(CAMPAIGN, 40)) == [(100.0,)]


def test_two_callers_at_once_lose_no_spend(production: LiveDatabase) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def spend(_: int) -> None:
        with psycopg.connect(production.url, autocommit=True) as connection:
            for _ in range(10):
                connection.execute("select increment_campaign_spend(%s, 1)", [CAMPAIGN])

    with ThreadPoolExecutor(2) as callers:
        list(callers.map(spend, range(2)))
    assert production.rows("select spent_usd::float from outreach_campaigns") == [(20.0,)]


@pytest.mark.parametrize("table", REPORT["new_tables"])
def test_whoever_has_the_public_key_reads_and_writes_the_new_tables(production: LiveDatabase, table: str) -> None:
    production.execute(f"set role anon; begin; select count(*) from {table}; delete from {table}; rollback")
    assert production.rows(f"select relrowsecurity from pg_class where oid = '{table}'::regclass") == [(False,)]


def test_the_migrations_are_recorded_as_supabase_does_it(production: LiveDatabase) -> None:
    recorded = production.rows(
        "select version || '_' || name || '.sql' from supabase_migrations.schema_migrations order by 1"
    )
    assert [name for (name,) in recorded] == sorted(path.name for path in (FOLDER / "supabase/migrations").iterdir())
