"""Migrations that are programs: whose they are, by the names and the texts of the files, and what runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pgproof.migrations.folder import Folder
from pgproof.migrations.reading import system_named

_TIME = r"\d{10,17}"
_COUNT = r"\d{3,17}"


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of a tool's migrations that are no SQL; `command` is the tool's own that runs them all."""

    tool: str
    path: str
    count: int
    command: str


@dataclass(frozen=True, slots=True)
class _Tool:
    """`file` is what a migration's name is, `text` what one of the first holds."""

    name: str
    command: str
    file: re.Pattern[str]
    text: re.Pattern[str]


def _tool(name: str, command: str, file: str, text: str) -> _Tool:
    return _Tool(name, command, re.compile(file), re.compile(text))


_SCRIPT = rf"(?:{_COUNT}|\d{{4}}-\d\d-\d\d\S*)[-_.].+\.[cm]?[jt]s"
_TOOLS = (
    _tool("Alembic", "alembic upgrade head", r".+\.py", r"(?m)^down_revision\b"),
    _tool("Django", "python manage.py migrate", r"\d{4}_.+\.py", r"\bmigrations\.Migration\b"),
    _tool("Rails", "bin/rails db:migrate", rf"{_TIME}_.+\.rb", r"ActiveRecord::Migration"),
    _tool("Sequel", "sequel -m FOLDER $DATABASE_URL", rf"{_COUNT}_.+\.rb", r"Sequel\.migration"),
    _tool("Ecto", "mix ecto.migrate", rf"{_TIME}_.+\.exs", r"\buse Ecto\.Migration\b"),
    _tool("Laravel", "php artisan migrate", r"\d{4}_\d\d_\d\d_\d{6}_.+\.php", r"\bSchema::"),
    _tool(
        "Doctrine", "bin/console doctrine:migrations:migrate --no-interaction", r"Version\d+\.php", r"AbstractMigration"
    ),
    _tool("Phinx", "vendor/bin/phinx migrate", rf"{_TIME}_.+\.php", r"AbstractMigration"),
    _tool("Entity Framework", "dotnet ef database update", rf"{_TIME}_.+(?<!\.Designer)\.cs", r":\s*Migration\b"),
    _tool("SeaORM", "sea-orm-cli migrate up", r"m\d{8}_\d{6}_.+\.rs", r"\bMigrationTrait\b"),
    _tool(
        "TypeORM",
        "npx typeorm migration:run -d DATA_SOURCE",
        _SCRIPT + r"|.*\d{13}.*\.[cm]?[jt]s",
        r"\bMigrationInterface\b|\bqueryRunner\b",
    ),
    _tool("node-pg-migrate", "npx node-pg-migrate up", _SCRIPT, r"\bMigrationBuilder\b|\bpgm\b"),
    _tool("Sequelize", "npx sequelize-cli db:migrate", _SCRIPT, r"\bqueryInterface\b"),
    _tool("Kysely", "npx kysely migrate:latest", _SCRIPT, r"\bKysely\b"),
    _tool("Knex", "npx knex migrate:latest", _SCRIPT, r"\b[Kk]nex\b"),
    _tool(
        "Liquibase",
        "liquibase update",
        r".*changelog.*\.(?:xml|ya?ml|json)|.*\.changelog\.(?:xml|ya?ml)",
        r"databaseChangeLog",
    ),
)


def programs(tree: Folder) -> list[Programs]:
    """Return the folders of a repository that hold such migrations.

    The one with most of them comes first, and last those whose path names another database system.
    """
    found = [one for folder in (tree, *tree.below()) if (one := _of(folder)) is not None]
    return sorted(found, key=lambda one: (bool(system_named(one.path)), -one.count, one.path))


def _of(folder: Folder) -> Programs | None:
    for tool in _TOOLS:
        names = [name for name in folder.files if tool.file.fullmatch(name)]
        if names and any(tool.text.search(head) for head in _heads(folder, names)):
            return Programs(tool.name, folder.path, len(names), tool.command.replace("FOLDER", folder.path))
    return None


def _heads(folder: Folder, names: list[str]) -> Iterator[str]:
    """Yield the beginnings of two files: they are all of one tool."""
    yield from (folder.head(name) for name in dict.fromkeys((names[0], names[-1])))
