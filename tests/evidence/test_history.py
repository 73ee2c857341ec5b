"""History tables as the tools write them, matched with the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

NOTE = "create table note (id int primary key);"
TAG = "create table tag (id int primary key);"

PROJECTS = {
    "supabase": (
        {"supabase/migrations/20240101000000_note.sql": NOTE, "supabase/migrations/20240102000000_tag.sql": TAG},
        "create schema supabase_migrations;"
        "create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);"
        "insert into supabase_migrations.schema_migrations values ('20240101000000', null, 'note')",
    ),
    "numbered": (
        {"migrations/001_note.sql": NOTE, "migrations/002_tag.sql": TAG},
        "create table schema_migrations (version int); insert into schema_migrations values (1)",
    ),
    "golang-migrate": (
        {
            "migrations/000001_note.up.sql": NOTE,
            "migrations/000001_note.down.sql": "drop table note;",
            "migrations/000002_tag.up.sql": TAG,
            "migrations/000002_tag.down.sql": "drop table tag;",
        },
        "create table schema_migrations (version bigint primary key, dirty boolean);"
        "insert into schema_migrations values (1, false)",
    ),
    "goose": (
        {
            "migrations/00001_note.sql": f"-- +goose Up\n{NOTE}\n-- +goose Down\ndrop table note;",
            "migrations/00002_tag.sql": f"-- +goose Up\n{TAG}\n-- +goose Down\ndrop table tag;",
        },
        "create table goose_db_version (id serial, version_id bigint, is_applied boolean, tstamp timestamp);"
        "insert into goose_db_version (version_id, is_applied) values (0, true), (1, true)",
    ),
    "flyway": (
        {"migrations/V1__note.sql": NOTE, "migrations/V2__tag.sql": TAG},
        "create table flyway_schema_history (installed_rank int, version text, description text, type text,"
        " script text, checksum int, installed_by text, installed_on timestamp, execution_time int, success boolean);"
        "insert into flyway_schema_history (installed_rank, version, type, script, success) values"
        " (0, '0', 'BASELINE', '<< Flyway Baseline >>', true), (1, '1', 'SQL', 'V1__note.sql', true)",
    ),
    "prisma": (
        {
            "prisma/migrations/20240101000000_note/migration.sql": NOTE,
            "prisma/migrations/20240102000000_tag/migration.sql": TAG,
            "prisma/migrations/migration_lock.toml": 'provider = "postgresql"',
        },
        "create table _prisma_migrations (id text primary key, checksum text, finished_at timestamptz,"
        " migration_name text, logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int);"
        "insert into _prisma_migrations (id, finished_at, migration_name) values ('x', now(), '20240101000000_note')",
    ),
    "yoyo": (
        {
            "migrations/0001_note.sql": f"-- depends:\n{NOTE}",
            "migrations/0002_tag.sql": f"-- depends: 0001_note\n{TAG}",
        },
        "create table _yoyo_migration (migration_hash varchar, migration_id varchar, applied_at_utc timestamp);"
        "insert into _yoyo_migration values ('b281', '0001_note', now())",
    ),
    "liquibase": (
        {
            "db/changelog/1_note.sql": f"--liquibase formatted sql\n--changeset anna:1\n{NOTE}",
            "db/changelog/2_tag.sql": f"--liquibase formatted sql\n--changeset anna:1\n{TAG}",
        },
        "create table databasechangelog (id text, author text, filename text, dateexecuted timestamp,"
        " orderexecuted int, exectype text, md5sum text);"
        "insert into databasechangelog values ('1', 'anna', 'db/changelog/1_note.sql', now(), 1, 'EXECUTED', null)",
    ),
    "dbmate": (
        {
            "db/migrations/20240101000000_note.sql": f"-- migrate:up\n{NOTE}\n-- migrate:down\ndrop table note;",
            "db/migrations/20240102000000_tag.sql": f"-- migrate:up\n{TAG}\n-- migrate:down\ndrop table tag;",
        },
        "create table schema_migrations (version varchar primary key);"
        "insert into schema_migrations values ('20240101000000')",
    ),
}


@pytest.fixture
def major() -> int:
    return 18


def run(root: Path, files: dict[str, str], live: LiveDatabase) -> Result:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return check(Settings(root, Config(platform="plain"), live.url))


@pytest.mark.parametrize("tool", ["flyway", "numbered"])
def test_what_is_recorded_is_applied_and_the_rest_is_pending(tool: str, tmp_path: Path, live: LiveDatabase) -> None:
    files, history = PROJECTS[tool]
    live.execute(f"{NOTE} {history}")
    result = run(tmp_path, files, live)
    assert result.findings == ()
    (line,) = (line for line in result.introduction if "records" in line)
    assert "records 1 migration as applied; 1 pending" in line


def test_the_schema_that_upgrades_build_on_is_not_pending(tmp_path: Path, live: LiveDatabase) -> None:
    upgrades = ("alter table note add a int;", "alter table note add b int;")
    files = {"db/note.sql": NOTE} | {f"db/upgrades/{n}.sql": text for n, text in enumerate(upgrades, 1)}
    live.execute(f"{NOTE} {upgrades[0]} {PROJECTS['numbered'][1]}")
    result = run(tmp_path, files, live)
    assert result.findings == ()
    assert any("records 1 migration as applied; 1 pending: 2.sql" in line for line in result.introduction)


@pytest.mark.parametrize("tool", ["flyway", "numbered"])
def test_a_pending_migration_whose_effects_are_there_is_told(tool: str, tmp_path: Path, live: LiveDatabase) -> None:
    files, history = PROJECTS[tool]
    live.execute(f"{NOTE} {TAG} {history}")
    assert [finding.code for finding in run(tmp_path, files, live).findings] == ["HIS104"]


def test_a_history_without_rows_in_a_database_that_has_everything_is_one_finding(
    tmp_path: Path, live: LiveDatabase
) -> None:
    live.execute(f"{NOTE} {TAG} create table schema_migrations (version text)")
    (finding,) = run(tmp_path, PROJECTS["numbered"][0], live).findings
    assert finding.subject == "public.schema_migrations"
    assert len(finding.consequences) == 2


def test_a_history_that_records_other_files_is_not_this_projects(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(f"{NOTE} {TAG} create table schema_migrations as select '2019' as version")
    result = run(tmp_path, PROJECTS["numbered"][0], live)
    assert result.findings == ()
    assert any("none of which is a file" in gap.reason for gap in result.gaps)


def test_a_changeset_that_is_not_recorded_is_told_apart_from_others_of_its_file(
    tmp_path: Path, live: LiveDatabase
) -> None:
    files, history = PROJECTS["liquibase"]
    both = {"db/changelog/1_note.sql": f"{files['db/changelog/1_note.sql']}\n--changeset anna:2\n{TAG}"}
    live.execute(f"{NOTE} {history}")
    assert run(tmp_path, both, live).findings == ()
    live.execute(TAG)
    (finding,) = run(tmp_path, both, live).findings
    assert (finding.code, finding.subject) == ("HIS104", "db/changelog/1_note.sql::2::anna")
    assert str(finding.location) == "db/changelog/1_note.sql:4"


def test_many_records_without_their_files_are_one_finding(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} {TAG} create table schema_migrations as select '00' || n as version from generate_series(1, 9) n"
    )
    (finding,) = run(tmp_path, {"migrations/009_all.sql": f"{NOTE} {TAG}"}, live).findings
    assert (finding.code, finding.subject) == ("HIS105", "public.schema_migrations")
    assert finding.seen == ("recorded in public.schema_migrations: 001, 002, 003 … 008",)


def test_a_changeset_that_liquibase_passed_over_is_not_missed(tmp_path: Path, live: LiveDatabase) -> None:
    """Liquibase 4.28.0 records MARK_RAN where a precondition with onFail:MARK_RAN did not hold."""
    files, history = PROJECTS["liquibase"]
    live.execute(f"{NOTE} {history}")
    live.execute(
        "insert into databasechangelog values ('1', 'anna', 'db/changelog/2_tag.sql', now(), 2, 'MARK_RAN', null)"
    )
    check = "--preconditions onFail:MARK_RAN\n--precondition-sql-check expectedResult:1 select count(*) from note\n"
    result = run(
        tmp_path, files | {"db/changelog/2_tag.sql": files["db/changelog/2_tag.sql"].replace(TAG, check + TAG)}, live
    )
    assert result.findings == ()
    assert any("passed over, as it recorded: db/changelog/2_tag.sql" in gap.reason for gap in result.gaps)
