"""Names that are found by a search path alone, which the project's connection sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Verdict
from pgproof.project.config import Config
from pgproof.workflows.check import check

MIGRATIONS = {
    "db/migrations/0001_team.sql": "create schema app; create table app.team (id int primary key);",
    "db/migrations/0002_member.sql": "create table app.member (id int primary key, team int references team (id));",
}


def checked(root: Path, files: dict[str, str], config: Config | None = None) -> Result:
    for path, text in (MIGRATIONS | files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return check(Settings(root, config or Config(), use_cache=False))


@pytest.mark.parametrize(
    "text",
    [
        "DATABASE_URL=postgres://localhost/shop?search_path=app,public\n",
        "DB_SEARCH_PATH=\n",
        "DATABASE_URL=postgresql://u:p@localhost:5432/shop?connection_limit=5&schema=app\n",
        '{"searchPath": ["app"]}\n',
    ],
)
def test_a_project_that_speaks_of_a_search_path_is_replayed_with_it(tmp_path: Path, text: str) -> None:
    result = checked(tmp_path, {"settings.env.example": text})
    assert result.verdict is Verdict.GO
    assert not result.findings
    assert [gap.location.path for gap in result.gaps if "search_path = app" in gap.reason and gap.location] == [
        "settings.env.example"
    ]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "search_path=app\n"},
        {"db/migrations/0000_first.sql": "-- search_path=app\n"},
        {"config.toml": 'search_path = "billing"\n', "db/migrations/0002_member.sql": "create table m (id nothing);"},
    ],
)
def test_a_name_without_its_schema_is_a_mistake_where_nothing_speaks_of_a_search_path(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert [finding.code for finding in checked(tmp_path, files).findings] == ["MIG103"]


def test_the_search_path_of_the_configuration_is_used(tmp_path: Path) -> None:
    result = checked(tmp_path, {}, Config(search_path='"$user", app'))
    assert not result.findings


def test_a_search_path_that_helps_nothing_is_not_assumed(tmp_path: Path) -> None:
    (tmp_path / "db.yml").write_text("search_path: app\n", "utf-8")
    member = "create table app.member (id int primary key, team int references app.team (nobody));"
    result = checked(tmp_path, {"db/migrations/0002_member.sql": member})
    assert [finding.code for finding in result.findings] == ["MIG103"]
    assert not any("search_path" in gap.reason for gap in result.gaps)


def test_a_schema_that_the_migrations_name_and_nobody_makes_is_the_connections(tmp_path: Path) -> None:
    files = {
        "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
        "prisma/migrations/20240101000000_team/migration.sql": 'create table "team" (id int primary key);',
        "prisma/migrations/20240102000000_more/migration.sql": "alter table crm_schema.team add column name text;",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    result = check(Settings(tmp_path, Config(), use_cache=False), ("MIG",))
    assert result.verdict is Verdict.GO
    (told,) = (gap for gap in result.gaps if "search_path = crm_schema, public" in gap.reason)
    assert told.location
    assert told.location.path == "prisma/migrations/20240102000000_more/migration.sql"
