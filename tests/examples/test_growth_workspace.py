"""examples/growth-workspace is what its plan describes, and the plan's claims are executed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors

from pgproof.evidence.settings import Settings
from pgproof.project.config import read_config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.examples.versions import oldest_and_newest

FOLDER = Path(__file__).parents[2] / "examples" / "growth-workspace"
REPORT: dict[str, Any] = tomllib.loads((FOLDER / "report.toml").read_text(encoding="utf-8"))
EXPECTED: list[dict[str, str]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["finding"]
ACME, ADA = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-0000000000a1"

OBJECTS = """
select 'tables', relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
union all
select 'functions', proname from pg_proc
where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype
union all
select 'triggers', tgname from pg_trigger where not tgisinternal
union all
select 'policies', polname || polrelid from pg_policy
union all
select 'foreign keys', conname || conrelid from pg_constraint where contype = 'f' and conrelid >= 16384
union all
select case when conindid is null then 'indexes' else 'indexes of constraints' end, relname
from pg_index join pg_class on pg_class.oid = indexrelid
left join pg_constraint on conindid = indexrelid and contype <> 'f'
where relnamespace = 'public'::regnamespace
"""


def objects(database: LiveDatabase) -> set[tuple[str, str]]:
    return set(database.rows(OBJECTS))


def count(found: set[tuple[str, str]], *kinds: str) -> int:
    return sum(kind in kinds for kind, _ in found)


def run(database: LiveDatabase, file: str) -> None:
    database.execute((FOLDER / "database" / "migrations" / file).read_text(encoding="utf-8"))


@pytest.fixture
def staging(live: LiveDatabase) -> LiveDatabase:
    """The staging database before week 2."""
    command = [sys.executable, str(FOLDER / "live" / "make_live.py"), live.url, "before"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    live.execute("drop table schema_migrations")
    return live


@pytest.fixture
def after(staging: LiveDatabase) -> LiveDatabase:
    """The same after week 2."""
    for migration in REPORT["migration"]:
        run(staging, migration["file"])
    return staging


@oldest_and_newest
def test_the_starting_state_is_what_the_plan_expects(staging: LiveDatabase) -> None:
    found = objects(staging)
    assert count(found, "tables") == REPORT["tables_before"]
    assert count(found, "foreign keys") == REPORT["foreign_keys_before"]
    assert count(found, "policies") == REPORT["policies_before"]
    assert count(found, "indexes", "indexes of constraints") >= REPORT["indexes_before"]


@oldest_and_newest
def test_each_migration_makes_what_the_plan_names(staging: LiveDatabase) -> None:
    before = objects(staging)
    for migration in REPORT["migration"]:
        run(staging, migration["file"])
        now = objects(staging)
        made, before = now - before, now
        assert {name for kind, name in made if kind == "tables"} == set(migration["tables"])
        assert {name for kind, name in made if kind == "functions"} == set(migration["named"])
        for kind in ("indexes", "policies", "triggers"):
            assert count(made, kind) == migration[kind]


def test_the_migrations_are_idempotent(after: LiveDatabase) -> None:
    before = objects(after)
    for migration in REPORT["migration"]:
        run(after, migration["file"])
    assert {name for kind, name in objects(after) if kind != "policies"} == {n for k, n in before if k != "policies"}


@oldest_and_newest
def test_the_totals_of_the_plan_hold_in_the_end(after: LiveDatabase) -> None:
    found = objects(after)
    assert count(found, "tables") == REPORT["tables_after"]
    assert count(found, "foreign keys") == 84 >= REPORT["foreign_keys"]
    assert count(found, "policies") == 38 >= REPORT["policies"]
    assert count(found, "indexes", "indexes of constraints") >= REPORT["indexes"]
    assert count(found, "indexes of constraints") == 64


def test_the_parts_of_the_plan_contradict_its_totals() -> None:
    def parts(kind: str) -> int:
        return sum(migration[kind] for migration in REPORT["migration"])

    assert parts("indexes") == 59
    assert parts("policies") == 20 != REPORT["policies"] - REPORT["policies_before"]
    assert parts("functions") == 11 < sum(len(m["named"]) for m in REPORT["migration"]) == REPORT["functions"]
    assert parts("checks") == REPORT["queries"]


@oldest_and_newest
def test_what_the_functions_do(after: LiveDatabase) -> None:
    def value(sql: str) -> Any:
        return after.rows(sql)[0][0]

    assert value(f"select calculate_move_success_rate('{ACME}')") == 50
    achievement = value(
        f"insert into achievements (workspace_id, code, title, points) values ('{ACME}', 'a', 'A', 250) returning id"
    )
    assert value(f"select unlock_achievement('{ADA}', '{achievement}')") is True
    assert value(f"select unlock_achievement('{ADA}', '{achievement}')") is False
    assert value("select level from user_stats") == "practitioner"
    agent = value(
        f"insert into agent_registry (workspace_id, name, kind) values ('{ACME}', 'a', 'writer') returning id"
    )
    assert value(f"select record_agent_execution('{agent}', null, false, 12)") is not None
    assert value("select status from agent_registry") == "failed"
    signal = value(
        f"insert into intelligence_signals (workspace_id, kind, title) values ('{ACME}', 'k', 't') returning id"
    )
    assert value(f"select title from get_priority_signals('{ACME}')") == "t"
    assert value(f"select create_insight_from_signals('{ACME}', 'i', array['{signal}'::uuid])") is not None
    assert after.rows(f"select * from get_priority_signals('{ACME}')") == []
    alert = value(f"select create_system_alert('{ACME}', 'critical', 'on fire')")
    told = value(f"select send_user_notification('{ADA}', '{alert}')")
    assert value(f"select notification_title from get_user_unread_notifications('{ADA}')") == "on fire"
    assert value(f"select mark_notification_as_read('{told}')") is True
    assert value(f"select acknowledge_alert('{alert}', '{ADA}')") is True


@oldest_and_newest
def test_one_function_fails_on_every_call(after: LiveDatabase) -> None:
    with pytest.raises(errors.AmbiguousColumn, match="expires_at"):
        after.rows(f"select * from get_active_insights('{ACME}')")


def test_the_rollback_by_hand_leaves_functions_behind(after: LiveDatabase) -> None:
    assert set(REPORT["rollback"]) == {table for migration in REPORT["migration"] for table in migration["tables"]}
    before = count(objects(after), "functions")
    after.execute("; ".join(f"drop table if exists {table} cascade" for table in REPORT["rollback"]))
    assert count(objects(after), "tables") == REPORT["tables_before"]
    assert count(objects(after), "functions") == before - 1  # get_priority_signals returns rows of a table
    assert after.rows("select count(*) from pg_proc where proname = 'touch_updated_at'") == [(1,)]


@oldest_and_newest
@pytest.mark.parametrize("named", [False, True])
def test_exactly_the_expected_findings(live: LiveDatabase, named: bool) -> None:
    subprocess.run([sys.executable, str(FOLDER / "live" / "make_live.py"), live.url], check=True)
    result = check(Settings(FOLDER, read_config(FOLDER), live.url if named else None))
    found = sorted((finding.code, finding.subject) for finding in result.findings)
    assert found == sorted(
        (one["code"], one["subject"]) for one in EXPECTED if "waits" not in one and (named or "live" not in one)
    )
