"""examples/conversation-studio is what its review describes, and pgproof finds what the review did not."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Verdict
from pgproof.project.config import read_config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.examples.versions import oldest_and_newest

FOLDER = Path(__file__).parents[2] / "examples" / "conversation-studio"
REPORT: dict[str, Any] = tomllib.loads((FOLDER / "report.toml").read_text(encoding="utf-8"))
EXPECTED: list[dict[str, str]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["finding"]
ROLES = ("anon", "authenticated", "service_role")
TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
COLUMNS = "select attname from pg_attribute where attrelid = '{}'::regclass and attnum > 0"


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


def run(live: LiveDatabase | None) -> Result:
    return check(Settings(FOLDER, read_config(FOLDER), live.url if live else None))


@pytest.mark.parametrize("path", REPORT["files"]["services"])
def test_the_files_that_the_review_names_are_there(path: str) -> None:
    assert (FOLDER / path).is_file()


def test_the_routes_and_migrations_that_the_review_names_are_there() -> None:
    routes = FOLDER / "src" / "app" / "api"
    assert {str(path.parent.relative_to(routes)) for path in routes.rglob("route.ts")} == set(REPORT["files"]["routes"])
    assert len(list((FOLDER / "supabase" / "migrations").glob("*.sql"))) == REPORT["migration_files"]


@oldest_and_newest
def test_the_tables_rows_and_columns_are_those_of_the_review(production: LiveDatabase) -> None:
    tables = {name for (name,) in production.rows(TABLES)}
    assert tables == {*REPORT["rows"], *REPORT["empty"]["tables"], *REPORT["beside"]}
    assert len(tables) == REPORT["tables_there"] + len(REPORT["beside"])
    assert len(tables) + len(REPORT["tables_missing"]) == REPORT["tables_expected"] + len(REPORT["beside"])
    for table, rows in {**REPORT["rows"], **REPORT["beside"]}.items():
        assert production.rows(f"select count(*) from {table}") == [(rows,)]
    for table in REPORT["empty"]["tables"]:
        assert production.rows(f"select count(*) from {table}") == [(0,)]
    for table, columns in REPORT["columns"].items():
        assert len(production.rows(COLUMNS.format(table))) == columns
    for table, names in REPORT["names"].items():
        assert {name for (name,) in production.rows(COLUMNS.format(table))} == set(names)


def test_the_totals_of_the_review_are_those_of_what_it_could_see(production: LiveDatabase) -> None:
    assert sum(REPORT["rows"].values()) == REPORT["total_rows"]
    assert sum(REPORT["columns"].values()) == REPORT["total_columns"]
    columns = [name for (table,) in production.rows(TABLES) for name in production.rows(COLUMNS.format(table))]
    assert f"All 24 have {len(columns)}" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_what_the_services_do_fails_as_the_readme_says(production: LiveDatabase) -> None:
    with pytest.raises(errors.UndefinedColumn):
        production.rows("select name from templates")
    with pytest.raises(errors.UndefinedColumn):
        production.rows("select file_size from export_logs")
    row = "('c', 'template', 'p', 'e', 't', 'needs_revision')"
    with pytest.raises(errors.CheckViolation):
        production.execute(
            f"insert into conversations (conversation_id, tier, persona, emotion, topic, status) values {row}"
        )


@oldest_and_newest
def test_exactly_the_expected_findings(production: LiveDatabase) -> None:
    result = run(production)
    found = sorted((finding.code, finding.subject) for finding in result.findings)
    assert found == sorted((one["code"], one["subject"]) for one in EXPECTED if "waits" not in one)
    assert result.verdict is Verdict.NO_GO


def test_the_features_are_as_ready_as_the_database_is(production: LiveDatabase) -> None:
    ready = {feature.title: feature.readiness for feature in run(production).features}
    assert {title for title, state in ready.items() if state == "READY"} == set(REPORT["features"]["ready"])
    assert [title for title, state in ready.items() if state == "BLOCKED"] == REPORT["features"]["blocked"]


def test_with_the_proposed_table_batch_generation_is_ready(production: LiveDatabase) -> None:
    production.execute((FOLDER / "proposed" / "batch_items.sql").read_text(encoding="utf-8"))
    result = run(production)
    assert "CON101" not in {finding.code for finding in result.findings}


def test_without_the_database_nothing_is_said() -> None:
    result = run(None)
    assert result.verdict is Verdict.UNDECIDED
    assert any("are not made by the migrations" in gap.reason and gap.blocking for gap in result.gaps)
