"""What the report of examples/ad-platform claims about behaviour, executed: some of it is true."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.conftest import LiveDatabase
from tests.examples.ad_platform import FIX, MIGRATIONS, column
from tests.examples.versions import oldest_and_newest

QUEUE = """
insert into pending_ad_changes (tenant_id, ad_entity_id, entity_type, change_type, requested_value)
select 't', 'ad ' || number, 'ad', 'budget', 10 from generate_series(1, 40) as number
"""


@pytest.mark.parametrize("path", MIGRATIONS[:5], ids=lambda path: path.name[:3])
def test_a_migration_that_is_idempotent_runs_twice(migrated: LiveDatabase, path: Path) -> None:
    migrated.execute(path.read_text(encoding="utf-8"))


@oldest_and_newest
def test_the_last_migration_is_not_idempotent(migrated: LiveDatabase) -> None:
    with pytest.raises(errors.DuplicateTable, match="idx_champion_per_model"):
        migrated.execute(MIGRATIONS[5].read_text(encoding="utf-8"))


@oldest_and_newest
def test_every_call_of_the_claim_function_fails(migrated: LiveDatabase) -> None:
    with pytest.raises(errors.AmbiguousColumn, match='column reference "status" is ambiguous'):
        migrated.rows("select * from claim_pending_ad_change('worker')")


@oldest_and_newest
def test_the_fixed_function_claims_a_due_change(migrated: LiveDatabase) -> None:
    migrated.execute(FIX.read_text(encoding="utf-8"))
    assert migrated.rows("select * from claim_pending_ad_change('worker')") == []
    migrated.execute(QUEUE)
    assert migrated.rows("select tenant_id, status, claimed_by from claim_pending_ad_change('worker')") == [
        ("t", "claimed", "worker")
    ]
    assert migrated.rows("select count(*) from pending_ad_changes where status = 'claimed'") == [(1,)]


def test_workers_that_use_the_fixed_function_at_once_get_each_change_once(migrated: LiveDatabase) -> None:
    migrated.execute(FIX.read_text(encoding="utf-8") + QUEUE)

    def work(worker: int) -> list[str]:
        mine = []
        with psycopg.connect(migrated.url, autocommit=True) as connection:
            while row := connection.execute(
                "select ad_entity_id from claim_pending_ad_change(%s)", [str(worker)]
            ).fetchone():
                mine.append(row[0])
        return mine

    with ThreadPoolExecutor(4) as workers:
        claimed = [entity for mine in workers.map(work, range(4)) for entity in mine]
    assert sorted(claimed) == sorted(f"ad {number}" for number in range(1, 41))


def test_a_second_champion_is_refused(migrated: LiveDatabase) -> None:
    register = (
        "insert into model_registry (model_name, version, artifact_path, is_champion) values ('m', '{}', 's3://m', {});"
    )
    migrated.execute(register.format(1, "true") + register.format(2, "false"))
    with pytest.raises(errors.UniqueViolation, match="idx_champion_per_model"):
        migrated.execute(register.format(3, "true"))


def test_callers_that_check_the_rate_limit_at_the_same_time_overrun_it(migrated: LiveDatabase) -> None:
    migrated.execute("select increment_job_rate_limit('t', 'ad-change') from generate_series(1, 14)")
    with psycopg.connect(migrated.url) as one, psycopg.connect(migrated.url) as other:
        passed = [c.execute("select check_job_rate_limit('t', 'ad-change')").fetchone() for c in (one, other)]
        one.execute("select increment_job_rate_limit('t', 'ad-change')")
        one.commit()
        other.execute("select increment_job_rate_limit('t', 'ad-change')")
    assert passed == [(True,), (True,)]
    assert migrated.rows("select job_count, hourly_limit::int from v_rate_limit_status") == [(16, 15)]


def test_a_click_expires_after_seven_days(migrated: LiveDatabase) -> None:
    migrated.execute("insert into click_tracking (click_id, tenant_id, ad_id) values ('c', 't', 'a')")
    assert migrated.rows("select expires_at - click_timestamp = interval '7 days' from v_active_clicks") == [(True,)]


@pytest.mark.parametrize(
    ("stage_values", "accepted"),
    [
        ('{"lead": {"value": 0, "confidence": 0.2}}', True),
        ("{}", False),
        ("[]", False),
        ('"lead"', False),
        ("null", False),
        ('{"lead": 5}', False),
        ('{"lead": {"value": 1}}', False),
        ('{"lead": {"value": -1, "confidence": 0.2}}', False),
        ('{"lead": {"value": "1", "confidence": 0.2}}', False),
        ('{"lead": {"value": 1, "confidence": 1.1}}', False),
        ('{"": {"value": 1, "confidence": 1}}', False),
    ],
)
def test_stage_values_are_validated(migrated: LiveDatabase, stage_values: str, accepted: bool) -> None:
    statement = f"insert into synthetic_revenue_config (tenant_id, stage_values) values ('t', '{stage_values}')"
    if accepted:
        migrated.execute(statement)
    else:
        with pytest.raises(errors.CheckViolation, match="valid_stage_values"):
            migrated.execute(statement)


def test_retention_removes_what_is_older_than_the_job_type_keeps(migrated: LiveDatabase) -> None:
    migrated.execute("""
        update job_config set retention_days = 30 where job_name = 'actuals-sync';
        insert into job_execution_history (job_id, job_name, status, started_at)
        select gen_random_uuid(), name, status, now() - days * interval '1 day'
        from (values
            ('ad-change', 'completed', 6), ('ad-change', 'completed', 8), ('ad-change', 'active', 8),
            ('actuals-sync', 'failed', 8), ('actuals-sync', 'failed', 31), ('unknown', 'completed', 8)
        ) as job (name, status, days)
    """)
    assert column(migrated, "select cleanup_old_job_history()") == [3]
    assert sorted(column(migrated, "select job_name || ' ' || status from job_execution_history")) == [
        "actuals-sync failed",
        "ad-change active",
        "ad-change completed",
    ]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (
            "ad_change_history",
            "(tenant_id, campaign_id, change_type, new_value, triggered_by)"
            " values ('t', 'c', 'BID_CHANGE', '1', 'manual')",
        ),
        (
            "synthetic_revenue_config",
            """(tenant_id, stage_values) values ('t', '{"won": {"value": 1, "confidence": 1}}')""",
        ),
        ("conversion_tracking", "(conversion_id, tenant_id, conversion_type) values ('c', 't', 'sale')"),
        ("job_config", "(job_name) values ('nightly')"),
        (
            "job_rate_limit_tracker",
            "(tenant_id, job_name, window_start, window_end) values ('t', 'j', now(), now() + interval '1 hour')",
        ),
    ],
    ids=lambda value: value if value.isidentifier() else "",
)
def test_an_update_sets_updated_at(migrated: LiveDatabase, table: str, row: str) -> None:
    migrated.execute(f"insert into {table} {row}; update {table} set updated_at = '2000-01-01'")
    assert migrated.rows(f"select min(updated_at) > '2000-01-01' from {table}") == [(True,)]
