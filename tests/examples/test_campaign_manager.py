"""examples/campaign-manager is what its report describes, and the report's claims about behaviour are executed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from pgproof.evidence.settings import Settings
from pgproof.project.config import read_config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.examples.versions import oldest_and_newest

FOLDER = Path(__file__).parents[2] / "examples" / "campaign-manager"
REPORT: dict[str, Any] = tomllib.loads((FOLDER / "report.toml").read_text(encoding="utf-8"))
EXPECTED: list[dict[str, str]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["finding"]
CLIENT = "11111111-1111-4111-8111-111111111111"
START = f"insert into de_enrollment_runs (client_id) values ('{CLIENT}') returning id"
DUE = f"select array_agg(lead_id) from get_leads_for_de_enrollment('{CLIENT}', 1000)"


@pytest.fixture
def production(live: LiveDatabase) -> LiveDatabase:
    """The production database of the example."""
    command = [sys.executable, str(FOLDER / "live" / "make_live.py"), live.url]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return live


def source(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", REPORT["files"]["delivered"])
def test_the_files_that_the_report_lists_are_there(path: str) -> None:
    assert source(path).strip()


@pytest.mark.parametrize("promised", REPORT["test"], ids=lambda promised: promised["file"])
def test_the_test_files_have_the_cases_that_the_report_counts(promised: dict[str, Any]) -> None:
    groups = source(f"__tests__/integration/{promised['file']}").split("\ndescribe(")[1:]
    assert [group.count("\n  it('") for group in groups] == promised["groups"]
    assert sum(promised["groups"]) == promised["cases"]


def test_the_report_counts_its_tests_right() -> None:
    assert sum(promised["cases"] for promised in REPORT["test"]) == REPORT["tests"]


@oldest_and_newest
def test_all_columns_tables_views_and_functions_exist(production: LiveDatabase) -> None:
    columns = {
        f"{table}.{column}"
        for table, column in production.rows("select table_name, column_name from information_schema.columns")
    }
    assert {f"{table}.{name}" for table, names in REPORT["columns"].items() for name in names} <= columns
    for table, count in REPORT["column_counts"].items():
        assert sum(name.startswith(f"{table}.") for name in columns) == count
    later = REPORT["migration"][1]
    for relation in later["tables"] + later["views"]:
        production.rows(f"select * from {relation}")
    functions = production.rows(
        "select format('%s(%s)', p.proname, (select string_agg(name, ', ' order by number) from"
        " unnest(p.proargnames, p.proargmodes) with ordinality as arguments (name, mode, number)"
        " where mode is null or mode = 'i'))"
        " from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prolang <> 12 and p.prolang <> 13"
    )
    assert {name for (name,) in functions} == set(later["functions"])


@oldest_and_newest
@pytest.mark.parametrize("promised", REPORT["migration"], ids=lambda promised: promised["file"][:4])
def test_the_migrations_make_the_indexes_that_the_report_counts(live: LiveDatabase, promised: dict[str, Any]) -> None:
    live.execute(
        source("database/production.sql")
        + source("migrations/0020_unify_campaign_model.sql") * ("0021" in promised["file"])
    )
    before = live.rows("select count(*) from pg_index where indrelid >= 16384 and not indisprimary and not indisunique")
    live.execute(source(f"migrations/{promised['file']}"))
    after = live.rows("select count(*) from pg_index where indrelid >= 16384 and not indisprimary and not indisunique")
    assert after[0][0] - before[0][0] == promised["indexes"]


@pytest.mark.parametrize("mismatch", REPORT["mismatch"], ids=lambda mismatch: mismatch["wished"])
def test_schema_ts_and_production_differ_as_the_report_says(production: LiveDatabase, mismatch: dict[str, str]) -> None:
    table, wished = mismatch["wished"].split(".")
    body = re.search(rf"pgTable\('{table}', {{(.*?)\n}}\);", source("src/db/schema.ts"), re.DOTALL)
    assert body
    assert f"('{wished}'" in body[1]
    with pytest.raises(errors.UndefinedColumn):
        production.rows(f"select {wished} from {table}")
    production.rows(f"select {mismatch['actual'].split('.')[1]} from {table}")


def test_the_verification_looks_at_ten_of_what_is_promised() -> None:
    script = source("scripts/verify-migrations.ts")
    assert len(REPORT["verified"]) == REPORT["checks"]
    for name in REPORT["verified"]:
        assert name.rpartition(".")[2].rpartition(": ")[2] in script
    for unchecked in ("auto_discovered", "process_de_enrollment_batch", "de_enrollment_health", "idx_"):
        assert unchecked not in script


@oldest_and_newest
@pytest.mark.parametrize("file", ["0020_unify_campaign_model.sql", "0021_add_de_enrollment_monitoring.sql"])
def test_the_first_versions_fail_on_production(live: LiveDatabase, file: str) -> None:
    live.execute(source("database/production.sql"))
    with pytest.raises(errors.UndefinedColumn):
        live.execute(source(f"first-versions/{file}"))


def test_the_fixtures_of_the_tests_are_refused(production: LiveDatabase) -> None:
    with pytest.raises(errors.InvalidTextRepresentation):
        production.execute("insert into clients (id, is_active) values ('test-client-de-1-1762323458858', true)")
    with pytest.raises(errors.NotNullViolation, match="company_name"):
        production.execute("insert into clients (is_active) values (true)")


@oldest_and_newest
def test_runs_at_the_same_time_take_each_lead_out_once_and_the_statistics_add_up(production: LiveDatabase) -> None:
    ((due,),) = production.rows(DUE)
    assert len(due) > 10
    before = production.rows(f"select sum(active_leads_count) from campaigns where client_id = '{CLIENT}'")

    def run(_: int) -> int:
        with psycopg.connect(production.url) as connection:
            (started,) = connection.execute(START).fetchone() or (None,)
            connection.commit()
            row = connection.execute("select process_de_enrollment_batch(%s, %s)", [started, due]).fetchone()
            assert row
            return int(row[0])

    with ThreadPoolExecutor(3) as workers:
        assert sum(workers.map(run, range(3))) == len(due)
    assert production.rows("select count(*), count(distinct lead_id) from de_enrollment_lead_log") == [
        (len(due), len(due))
    ]
    assert production.rows("select sum(leads_de_enrolled)::int from de_enrollment_runs") == [(len(due),)]
    assert production.rows(f"select sum(active_leads_count) from campaigns where client_id = '{CLIENT}'") == [
        (before[0][0] - len(due),)
    ]
    counts = "active_leads_count + completed_leads_count + opted_out_count + booked_count"
    assert production.rows(f"select bool_and({counts} = total_leads) from campaigns") == [(True,)]


@oldest_and_newest
@pytest.mark.parametrize(("run", "migrations"), [("", "migrations"), ("first versions", "first-versions")])
def test_exactly_the_expected_findings(major: int, run: str, migrations: str) -> None:
    config = replace(read_config(FOLDER), migrations=migrations, base="", server=major)
    families = ("MIG",) if run == "first versions" else ()  # what the code lacks then is no part of that story
    result = check(Settings(FOLDER, config, base=str(FOLDER / "database" / "production.sql")), families)
    expected = [(one["code"], one["subject"]) for one in EXPECTED if one.get("run", "") == run and "waits" not in one]
    assert sorted((finding.code, finding.subject) for finding in result.findings) == sorted(expected)


@oldest_and_newest
def test_the_live_database_is_what_the_migrations_make(production: LiveDatabase) -> None:
    result = check(
        Settings(FOLDER, read_config(FOLDER), production.url, base=str(FOLDER / "database" / "production.sql"))
    )
    expected = [(one["code"], one["subject"]) for one in EXPECTED if "run" not in one and "waits" not in one]
    assert sorted((finding.code, finding.subject) for finding in result.findings) == sorted(expected)
