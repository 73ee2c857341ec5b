"""examples/ad-platform is what its report describes: files, lines, names, constraints and default rows."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LiveDatabase
from tests.examples.ad_platform import MIGRATIONS, PROMISED, REPORT, column, text
from tests.examples.versions import oldest_and_newest

FILES = [promised["file"] for promised in PROMISED]

COLUMNS = """
select relname || '.' || attname from pg_class join pg_attribute on attrelid = pg_class.oid
where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0
"""
INDEXES = """
select relname, conname, indpred is not null, indnkeyatts > 1
from pg_index
join pg_class on pg_class.oid = indexrelid
left join pg_constraint on conindid = indexrelid and contype in ('p', 'u')
where relnamespace = 'public'::regnamespace
"""
CONSTRAINTS = """
select conrelid::regclass || ' (' || (
    select string_agg(attname, ', ' order by position)
    from unnest(conkey) with ordinality as key (number, position)
    join pg_attribute on attrelid = conrelid and attnum = number
) || ')' || coalesce(' -> ' || confrelid::regclass || ' (' || (
    select string_agg(attname, ', ' order by position)
    from unnest(confkey) with ordinality as key (number, position)
    join pg_attribute on attrelid = confrelid and attnum = number
) || ')', '')
from pg_constraint
where connamespace = 'public'::regnamespace and contype =
"""
FUNCTIONS = """
select proname || '(' || coalesce((
    select string_agg(format_type(type, null), ', ' order by position)
    from unnest(proargtypes) with ordinality as argument (type, position)
), '') || ')'
from pg_proc where pronamespace = 'public'::regnamespace
"""


def size_as_ls_shows_it(path: Path) -> str:
    size = path.stat().st_size / 1024
    return f"{math.ceil(size * 10) / 10}K" if size < 10 else f"{math.ceil(size)}K"


def test_the_files_have_the_names_lines_and_sizes_of_the_report() -> None:
    there = {path.name: (path.read_bytes().count(b"\n"), size_as_ls_shows_it(path)) for path in MIGRATIONS}
    assert there == {promised["file"]: (promised["lines"], promised["size"]) for promised in PROMISED}
    assert sum(lines for lines, _ in there.values()) == REPORT["totals"]["lines"]


@pytest.mark.parametrize("named", REPORT["line"], ids=lambda named: f"{named['file'][:3]}:{named['line']}")
def test_the_lines_that_the_report_names_say_what_it_says(named: dict[str, Any]) -> None:
    assert named["text"] in text(named["file"]).splitlines()[named["line"] - 1]


def test_all_tables_and_columns_of_the_schema_diagram_exist(migrated: LiveDatabase) -> None:
    promised = {f"{table}.{c}" for migration in PROMISED for table, cs in migration["columns"].items() for c in cs}
    assert promised - set(column(migrated, COLUMNS)) == set()
    tables = {name.partition(".")[0] for name in column(migrated, COLUMNS)}
    assert len(tables) == REPORT["totals"]["tables"]


@oldest_and_newest
def test_the_named_indexes_are_all_indexes_but_those_of_constraints(migrated: LiveDatabase) -> None:
    named = {name for migration in PROMISED for name in migration["index_names"]}
    indexes = migrated.rows(INDEXES)
    assert {index for index, constraint, *_ in indexes if constraint is None} == named
    assert (len(named), len(indexes)) == (44, 60)
    assert REPORT["totals"]["indexes"] == 47


def test_the_indexes_that_the_report_calls_partial_or_composite_are(migrated: LiveDatabase) -> None:
    indexes = migrated.rows(INDEXES)
    partial = {index for index, _, is_partial, _ in indexes if is_partial}
    composite = {index for index, constraint, _, has_more in indexes if has_more and constraint is None}
    assert composite == {name for migration in PROMISED for name in migration["composite_indexes"]}
    assert {name for migration in PROMISED for name in migration["partial_indexes"]} <= partial
    assert (len(partial), len(composite)) == (10, 9)


def test_all_named_functions_exist_and_three_that_the_report_does_not_count(migrated: LiveDatabase) -> None:
    names = set(column(migrated, FUNCTIONS))
    promised = {name for migration in PROMISED for name in migration["function_names"]}
    assert len(promised) == REPORT["totals"]["functions"]
    assert names - promised == {
        "update_synthetic_revenue_config_updated_at()",
        "update_conversion_tracking_updated_at()",
        "update_job_tables_updated_at()",
    }
    assert promised <= names


@oldest_and_newest
def test_all_named_views_exist_and_can_be_read(migrated: LiveDatabase) -> None:
    views = column(
        migrated, "select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace"
    )
    assert set(views) == {name for migration in PROMISED for name in migration["view_names"]}
    for view in views:
        migrated.rows(f"select * from {view}")


def test_each_migration_makes_as_many_views_and_triggers_as_the_report_says(empty: LiveDatabase) -> None:
    made = []
    for file in FILES:
        before = _views_and_triggers(empty)
        empty.execute(text(file))
        after = _views_and_triggers(empty)
        made.append((after[0] - before[0], after[1] - before[1]))
    assert made == [(promised["views"], promised["triggers"]) for promised in PROMISED]


def _views_and_triggers(database: LiveDatabase) -> tuple[int, int]:
    (made,) = database.rows("""
        select (select count(*) from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace),
               (select count(*) from pg_trigger where not tgisinternal)
    """)
    return made[0], made[1]


@pytest.mark.parametrize(
    ("kind", "contype", "number"), [("foreign_keys", "f", 1), ("checks", "c", 41), ("unique", "u", 6)]
)
@oldest_and_newest
def test_all_named_constraints_exist(migrated: LiveDatabase, kind: str, contype: str, number: int) -> None:
    there = column(migrated, f"{CONSTRAINTS} '{contype}'")
    assert set(REPORT["constraints"][kind]) <= set(there)
    assert len(there) == number


def test_the_foreign_key_and_every_tenant_are_indexed(migrated: LiveDatabase) -> None:
    led = set(
        column(
            migrated,
            """
            select indrelid::regclass || '.' || attname from pg_index
            join pg_attribute on attrelid = indrelid and attnum = indkey[0]
            where indpred is null
            """,
        )
    )
    tenants = {name for name in column(migrated, COLUMNS) if name.endswith(".tenant_id")}
    assert len(tenants) == 8
    assert tenants | {"conversion_tracking.attributed_click_id"} <= led


def test_the_default_jobs_are_configured(migrated: LiveDatabase) -> None:
    there = migrated.rows("""
        select job_name, max_retry_attempts, retry_backoff_ms, expire_in_seconds,
            rate_limit_per_tenant_per_hour, default_priority
        from job_config
    """)
    assert set(there) == {
        (j["name"], j["retries"], j["backoff_ms"], j["timeout_s"], j.get("hourly_limit"), j["priority"])
        for j in REPORT["job"]
    }


def test_the_default_stage_values_are_configured(migrated: LiveDatabase) -> None:
    there = migrated.rows("""
        select avg_deal_value::float, win_rate::float, sales_cycle_days, jsonb_object_agg(stage_name, stage_value)
        from synthetic_revenue_config join v_stage_values using (tenant_id)
        group by tenant_id, avg_deal_value, win_rate, sales_cycle_days
        order by avg_deal_value desc
    """)
    promised = sorted(REPORT["stages"], key=lambda stages: -stages["avg_deal_value"])
    assert there == [(s["avg_deal_value"], s["win_rate"], s["sales_cycle_days"], s["values"]) for s in promised]
