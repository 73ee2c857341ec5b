"""What history tables say beyond "applied": edited files, baselines, failures, marks; and what they say wrongly."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

NOTE = "create table note (id int primary key);\n"
TAG = "create table tag (id int primary key);\n"
FLYWAY = (
    "create table flyway_schema_history (installed_rank int, version text, description text, type text, script text,"
    " checksum int, installed_by text, installed_on timestamp, execution_time int, success boolean);"
    "insert into flyway_schema_history (installed_rank, version, type, script, checksum, success) values "
)
PRISMA = (
    "create table _prisma_migrations (id text primary key, checksum text, finished_at timestamptz, migration_name text,"
    " logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int);"
    "insert into _prisma_migrations (id, checksum, finished_at, rolled_back_at, migration_name, applied_steps_count)"
    " values "
)


@pytest.fixture
def major() -> int:
    return 18


def run(root: Path, live: LiveDatabase, files: dict[str, str]) -> Result:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="")
    return check(Settings(root, Config(platform="plain"), live.url))


def codes(result: Result) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in result.findings]


def crc(text: str) -> int:
    value = zlib.crc32("".join(text.splitlines()).encode())
    return value - (1 << 32) if value >> 31 else value


def test_flyway_refuses_an_edited_file(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} {TAG} {FLYWAY} (1, '1', 'SQL', 'V1__note.sql', {crc(NOTE)}, true),"
        f" (2, '2', 'SQL', 'V2__tag.sql', {crc(TAG)}, true), (3, null, 'SQL', 'R__v.sql', {crc('select 1;')}, true)"
    )
    files = {"migrations/V1__note.sql": NOTE, "migrations/V2__tag.sql": TAG, "migrations/R__v.sql": "select 1;"}
    assert codes(run(tmp_path, live, files)) == []
    edited = TAG.replace("id int", "id bigint")
    result = run(tmp_path, live, {"migrations/V2__tag.sql": edited, "migrations/R__v.sql": "select 2;"})
    assert codes(result) == [("HIS106", "migrations/V2__tag.sql"), ("HIS106", "migrations/R__v.sql")]
    finding, again = result.findings
    assert (again.severity, again.message) == ("note", "was edited after it was applied: the tool will run it again")
    assert (finding.severity, finding.proof.method.name) == ("error", "RECORDED")
    assert finding.seen == (
        f"recorded in public.flyway_schema_history: checksum {crc(TAG)}",
        f"of the file as it is: checksum {crc(edited)}",
    )
    assert finding.consequences == ("public.tag.id: type is not what the migrations make it",)


def test_what_lies_below_a_flyway_baseline_is_applied(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} {TAG} {FLYWAY} (1, '1.0', 'BASELINE', '<< Flyway Baseline >>', null, true),"
        f" (2, '2', 'SQL', 'V2__tag.sql', {crc(TAG)}, true)"
    )
    files = {"migrations/V0.5__none.sql": "select 1;", "migrations/V1__note.sql": NOTE, "migrations/V2__tag.sql": TAG}
    result = run(tmp_path, live, files)
    assert codes(result) == []
    assert any("records 3 migrations as applied" in line for line in result.introduction)


def test_a_baseline_over_what_was_never_there_is_a_phantom(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{TAG} {FLYWAY} (1, '1', 'BASELINE', '<< Flyway Baseline >>', null, true),"
        f" (2, '2', 'SQL', 'V2__tag.sql', {crc(TAG)}, true)"
    )
    result = run(tmp_path, live, {"migrations/V1__note.sql": NOTE, "migrations/V2__tag.sql": TAG})
    assert codes(result) == [("HIS103", "migrations/V1__note.sql")]
    assert (
        "public.flyway_schema_history has a baseline in place of it: the tool never ran it" in result.findings[0].seen
    )


def test_a_failed_migration_stops_the_next_deployment(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} {FLYWAY} (1, '1', 'SQL', 'V1__note.sql', {crc(NOTE)}, true),"
        f" (2, '2', 'SQL', 'V2__tag.sql', {crc(TAG)}, false)"
    )
    result = run(tmp_path, live, {"migrations/V1__note.sql": NOTE, "migrations/V2__tag.sql": TAG})
    assert codes(result) == [("HIS107", "migrations/V2__tag.sql")]
    assert result.findings[0].seen[1].startswith("read from the live catalog: absent, without table public.tag, ")


def prisma(name: str, text: str, *, finished: bool = True, undone: bool = False, steps: int = 1, key: str = "") -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    moments = ("now()" if finished else "null", "now()" if undone else "null")
    return f"('{name}{key}', '{digest}', {moments[0]}, {moments[1]}, '{name}', {steps})"


PRISMA_FILES = {
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "prisma/migrations/1_note/migration.sql": NOTE,
    "prisma/migrations/2_tag/migration.sql": TAG,
}


def test_prisma_migrations_that_failed_were_undone_and_run_again_are_applied(
    tmp_path: Path, live: LiveDatabase
) -> None:
    rows = [prisma("1_note", NOTE), prisma("2_tag", "x", finished=False, undone=True, key="old"), prisma("2_tag", TAG)]
    live.execute(f"{NOTE} {TAG} {PRISMA} {', '.join(rows)}")
    assert codes(run(tmp_path, live, PRISMA_FILES)) == []


def test_a_prisma_migration_that_did_not_finish(tmp_path: Path, live: LiveDatabase) -> None:
    rows = [prisma("1_note", NOTE), prisma("2_tag", TAG, finished=False, steps=0)]
    live.execute(f"{NOTE} {PRISMA} {', '.join(rows)}")
    assert codes(run(tmp_path, live, PRISMA_FILES)) == [("HIS107", "prisma/migrations/2_tag/migration.sql")]


def test_a_prisma_migration_that_was_only_marked_as_applied(tmp_path: Path, live: LiveDatabase) -> None:
    rows = [prisma("1_note", NOTE, steps=0), prisma("2_tag", TAG, steps=0)]
    live.execute(f"{NOTE} {PRISMA} {', '.join(rows)}")
    result = run(tmp_path, live, PRISMA_FILES)
    assert codes(result) == [("HIS103", "prisma/migrations/2_tag/migration.sql")]
    assert "it was marked as applied: the tool never ran it" in result.findings[0].seen


def test_prisma_files_checked_out_with_other_line_ends_are_not_edited(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(f"{NOTE} {TAG} {PRISMA} {prisma('1_note', NOTE)}, {prisma('2_tag', TAG)}")
    files = {path: text.replace("\n", "\r\n") for path, text in PRISMA_FILES.items()}
    assert codes(run(tmp_path, live, files)) == []


def test_a_dirty_golang_migrate_version_is_not_applied(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} create table schema_migrations (version bigint, dirty boolean);"
        "insert into schema_migrations values (2, true)"
    )
    result = run(tmp_path, live, {"migrations/1_note.up.sql": NOTE, "migrations/2_tag.up.sql": TAG})
    assert codes(result) == [("HIS107", "migrations/2_tag.up.sql")]
    assert any("records 1 migration as applied; 1 pending" in line for line in result.introduction)


def test_after_an_edited_file_no_cumulative_checksum_can_be_told(tmp_path: Path, live: LiveDatabase) -> None:
    files = {"migrations/1_note.sql": NOTE, "migrations/2_tag.sql": TAG, "migrations/atlas.sum": "h1:x\n"}
    live.execute(f"""{NOTE} {TAG} create schema atlas_schema_revisions;
        create table atlas_schema_revisions.atlas_schema_revisions (version text, description text, type bigint,
          applied bigint, total bigint, executed_at timestamptz, error text, hash text);
        insert into atlas_schema_revisions.atlas_schema_revisions values
          ('1', 'note', 2, 1, 1, now(), '', 'another'), ('2', 'tag', 2, 1, 1, now(), '', 'another')""")
    assert codes(run(tmp_path, live, files)) == [("HIS106", "migrations/1_note.sql")]


def test_a_table_that_only_has_the_name_of_the_tools_is_none(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(f"{NOTE} {TAG} create table flyway_schema_history (script text, success text)")
    result = run(tmp_path, live, {"migrations/V1__note.sql": NOTE, "migrations/V2__tag.sql": TAG})
    assert codes(result) == []
    assert any("has no history table" in gap.reason for gap in result.gaps)


def test_rows_without_a_version_are_counted(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} {TAG} create table schema_migrations (version text);"
        "insert into schema_migrations values ('1'), ('2'), (null), ('')"
    )
    result = run(tmp_path, live, {"migrations/1_note.sql": NOTE, "migrations/2_tag.sql": TAG})
    assert codes(result) == []
    assert any("2 rows of public.schema_migrations without a value" in gap.reason for gap in result.gaps)


def test_the_history_of_another_tool_is_named(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        f"{NOTE} {TAG} {PRISMA} {prisma('1_note', NOTE)}, {prisma('2_tag', TAG)};"
        "create table goose_db_version (id serial, version_id bigint, is_applied boolean, tstamp timestamp);"
        "create table migrations (id int)"
    )
    result = run(tmp_path, live, PRISMA_FILES)
    assert codes(result) == []
    assert [gap.reason for gap in result.gaps if "another tool" in gap.reason] == [
        "what public.goose_db_version records: it is the history of another tool (goose) than the one whose migrations "
        "are used"
    ]
