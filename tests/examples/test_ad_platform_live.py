"""live/make_live.py brings a database into the state that expected.toml lists, and into no other."""

from __future__ import annotations

import subprocess
import sys
import tomllib

from tests.conftest import LiveDatabase
from tests.examples.ad_platform import FOLDER, apply_all, column
from tests.examples.versions import oldest_and_newest

SCHEMA = """
select 'table', relname, relname, '' from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
union all
select 'view', relname, relname, pg_get_viewdef(oid)
from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace
union all
select 'column', relname, attname,
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
from pg_class join pg_attribute on attrelid = pg_class.oid left join pg_attrdef on adrelid = attrelid and adnum = attnum
where relkind in ('r', 'v') and relnamespace = 'public'::regnamespace and attnum > 0
union all
select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace
union all
select 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
from pg_index join pg_class on pg_class.oid = indexrelid where relnamespace = 'public'::regnamespace
union all
select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union all
select 'function', '', proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
union all
select 'right', relname, grantee::regrole::text, privilege_type
from pg_class, aclexplode(relacl) where relnamespace = 'public'::regnamespace and grantee <> relowner
"""


EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["finding"]


def subject(kind: str, table: str, name: str) -> tuple[str, str]:
    """Return the kind and the subject of the finding that a difference is: a right is a matter of its table."""
    if kind == "right":
        return "table", f"public.{table}"
    return kind, f"public.{name}" if kind == "index" else f"public.{table}.{name}"


def run_make_live(database: LiveDatabase) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FOLDER / "live" / "make_live.py"), database.url]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@oldest_and_newest
def test_the_live_database_has_drifted_as_expected_and_not_otherwise(empty: LiveDatabase) -> None:
    made = run_make_live(empty)
    assert made.returncode == 0, made.stderr
    live = {row for row in empty.rows(SCHEMA) if "schema_migrations" not in row[1]}
    empty.execute("drop schema public cascade; create schema public")
    apply_all(empty)
    declared = {row for row in empty.rows(SCHEMA) if row[1] != "model_registry"}

    changed = {(kind, table, name) for kind, table, name, _ in live ^ declared}
    assert {subject(*difference) for difference in changed} == {
        (finding["kind"], finding["subject"]) for finding in EXPECTED if "code" not in finding
    }
    assert ("right", "job_execution_history", "ad_worker") in changed


def test_the_remaining_expected_finding_is_the_migration_that_never_ran(empty: LiveDatabase) -> None:
    run_make_live(empty)
    (phantom,) = (finding for finding in EXPECTED if finding.get("code") == "HIS103")
    assert (FOLDER / phantom["subject"]).name == "006_model_registry.sql"
    assert empty.rows("select 1 from schema_migrations where version = '006'") == [(1,)]
    assert empty.rows("select to_regclass('model_registry')") == [(None,)]


def test_all_six_migrations_are_recorded(empty: LiveDatabase) -> None:
    run_make_live(empty)
    assert column(empty, "select version from schema_migrations order by 1") == [
        "001",
        "002",
        "003",
        "004",
        "005",
        "006",
    ]


def test_make_live_refuses_a_database_that_is_not_empty(empty: LiveDatabase) -> None:
    empty.execute("create table customer (id int)")
    refused = run_make_live(empty)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert column(empty, "select relname from pg_class where relnamespace = 'public'::regnamespace") == ["customer"]
