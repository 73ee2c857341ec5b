"""Migrations that are programs are known by their names and texts, with the command that runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.migrations.programs import programs
from pgproof.migrations.walk import walk
from tests.migrations.repository import write


@pytest.mark.parametrize(
    ("path", "text", "tool", "command"),
    [
        ("alembic/versions/1a2b_users.py", "revision = '1'\ndown_revision = None", "Alembic", "alembic upgrade head"),
        (
            "shop/migrations/0001_initial.py",
            "class Migration(migrations.Migration):",
            "Django",
            "python manage.py migrate",
        ),
        (
            "db/migrate/20240101000000_users.rb",
            "class Users < ActiveRecord::Migration[7.1]",
            "Rails",
            "bin/rails db:migrate",
        ),
        ("db/migrate/001_users.rb", "Sequel.migration do", "Sequel", "sequel -m db/migrate $DATABASE_URL"),
        ("priv/repo/migrations/20240101000000_users.exs", "  use Ecto.Migration", "Ecto", "mix ecto.migrate"),
        ("database/migrations/2024_01_01_000000_users.php", "Schema::create('users'", "Laravel", "php artisan migrate"),
        ("migrations/20240101000000_users.js", "exports.up = (knex) => knex.schema", "Knex", "npx knex migrate:latest"),
        ("migrations/1700000000000_users.ts", "up(pgm: MigrationBuilder)", "node-pg-migrate", "npx node-pg-migrate up"),
        (
            "migrations/1700000000000-Users.ts",
            "implements MigrationInterface",
            "TypeORM",
            "npx typeorm migration:run -d DATA_SOURCE",
        ),
        ("src/m20240101_000000_users.rs", "impl MigrationTrait for Migration", "SeaORM", "sea-orm-cli migrate up"),
        (
            "Migrations/20240101000000_Users.cs",
            "class Users : Migration",
            "Entity Framework",
            "dotnet ef database update",
        ),
        ("db/db.changelog-master.yaml", "databaseChangeLog:", "Liquibase", "liquibase update"),
    ],
)
def test_a_tools_migrations(tmp_path: Path, path: str, text: str, tool: str, command: str) -> None:
    write(
        tmp_path, {path: text, "alembic/env.py": "from alembic import context", "src/main.ts": "export const knex = 1"}
    )
    (found,) = programs(walk(tmp_path))
    assert (found.tool, found.path, found.count, found.command) == (tool, path.rpartition("/")[0], 1, command)


def test_the_most_come_first_and_other_systems_last(tmp_path: Path) -> None:
    text = "implements MigrationInterface"
    write(
        tmp_path,
        {
            f"{folder}/170000000000{n}-A.ts": text
            for folder, count in (("mysql", 3), ("pg", 1), ("x", 2))
            for n in range(count)
        },
    )
    assert [one.path for one in programs(walk(tmp_path))] == ["x", "pg", "mysql"]
