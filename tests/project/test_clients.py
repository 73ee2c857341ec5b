"""Which clients, ORMs and migration tools the manifests of a project declare."""

from __future__ import annotations

import json
from pathlib import Path

from pgproof.project.clients import Client, find_clients


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def names(root: Path) -> list[tuple[str, str]]:
    return [(client.kind, client.name) for client in find_clients(root)[0]]


def test_javascript(tmp_path: Path) -> None:
    package = {"dependencies": {"@supabase/supabase-js": "2", "react": "19"}, "devDependencies": {"drizzle-kit": "1"}}
    write(tmp_path, "apps/web/package.json", json.dumps(package))
    assert find_clients(tmp_path)[0] == (
        Client("client", "supabase-js", "apps/web/package.json"),
        Client("migration tool", "drizzle-kit", "apps/web/package.json"),
    )


def test_python_in_all_its_manifests(tmp_path: Path) -> None:
    write(tmp_path, "requirements-dev.txt", "# tools\n-r requirements.txt\nAlembic>=1.13 ; python_version > '3'\n")
    write(
        tmp_path,
        "pyproject.toml",
        '[project]\ndependencies = ["SQLAlchemy[asyncio]>=2"]\noptional-dependencies = { x = ["asyncpg"] }\n'
        '[dependency-groups]\ndev = ["psycopg[binary]", { include-group = "x" }]\n'
        '[tool.poetry.dependencies]\ndjango = "*"\n[tool.poetry.group.dev.dependencies]\ntortoise_orm = "*"\n',
    )
    assert names(tmp_path) == [
        ("ORM", "Django"),
        ("ORM", "SQLAlchemy"),
        ("ORM", "Tortoise"),
        ("client", "asyncpg"),
        ("client", "psycopg"),
        ("migration tool", "Alembic"),
    ]


def test_go_and_rust(tmp_path: Path) -> None:
    write(
        tmp_path, "go.mod", "module x\n\nrequire gorm.io/gorm v1.2.3\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.5.0\n)\n"
    )
    write(
        tmp_path,
        "core/Cargo.toml",
        '[dependencies]\nsqlx = { version = "0.8" }\n[workspace.dependencies]\ndiesel = "2"\n',
    )
    assert names(tmp_path) == [("ORM", "Diesel"), ("ORM", "GORM"), ("client", "pgx"), ("client", "sqlx (Rust)")]


def test_what_was_installed_is_not_the_project(tmp_path: Path) -> None:
    for folder in ("node_modules/pg", ".venv/x", "vendor/y", "a/b/c/d/e/f"):
        write(tmp_path, f"{folder}/package.json", '{"dependencies": {"pg": "1"}}')
    assert find_clients(tmp_path) == ((), ())


def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    write(tmp_path, "package.json", "{")
    write(tmp_path, "a/pyproject.toml", "[project\n")
    (tmp_path / "Cargo.toml").write_bytes(b"\xff")
    write(tmp_path, "b/package.json", '[{"dependencies": 5}]')
    clients, unread = find_clients(tmp_path)
    assert clients == ()
    assert [one.path for one in unread] == ["Cargo.toml", "a/pyproject.toml", "package.json"]
    assert all(one.reason for one in unread)
