"""Which database clients, ORMs and migration tools a project declares, by a look at its manifests."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLIENT, ORM, TOOL = "client", "ORM", "migration tool"
Known = Mapping[str, tuple[str, str]]
Reader = tuple[Callable[[str], Iterable[str]], Known]
"""What finds the dependencies in a manifest's text, and which of them are ours to name."""

_JAVASCRIPT: Known = {
    "@mikro-orm/postgresql": ("MikroORM", ORM),
    "@neondatabase/serverless": ("Neon serverless", CLIENT),
    "@prisma/client": ("Prisma", ORM),
    "@supabase/supabase-js": ("supabase-js", CLIENT),
    "db-migrate": ("db-migrate", TOOL),
    "drizzle-kit": ("drizzle-kit", TOOL),
    "drizzle-orm": ("Drizzle", ORM),
    "knex": ("Knex", ORM),
    "kysely": ("Kysely", ORM),
    "node-pg-migrate": ("node-pg-migrate", TOOL),
    "objection": ("Objection", ORM),
    "pg": ("node-postgres", CLIENT),
    "pg-promise": ("pg-promise", CLIENT),
    "postgres": ("postgres.js", CLIENT),
    "postgrest-js": ("postgrest-js", CLIENT),
    "sequelize": ("Sequelize", ORM),
    "slonik": ("Slonik", CLIENT),
    "typeorm": ("TypeORM", ORM),
}
_PYTHON: Known = {
    "aiopg": ("aiopg", CLIENT),
    "alembic": ("Alembic", TOOL),
    "asyncpg": ("asyncpg", CLIENT),
    "django": ("Django", ORM),
    "peewee": ("Peewee", ORM),
    "pg8000": ("pg8000", CLIENT),
    "piccolo": ("Piccolo", ORM),
    "psycopg": ("psycopg", CLIENT),
    "psycopg2": ("psycopg2", CLIENT),
    "psycopg2-binary": ("psycopg2", CLIENT),
    "sqlalchemy": ("SQLAlchemy", ORM),
    "sqlmodel": ("SQLModel", ORM),
    "supabase": ("supabase-py", CLIENT),
    "tortoise-orm": ("Tortoise", ORM),
    "yoyo-migrations": ("yoyo", TOOL),
}
_GO: Known = {
    "entgo.io/ent": ("ent", ORM),
    "github.com/go-pg/pg": ("go-pg", ORM),
    "github.com/golang-migrate/migrate": ("golang-migrate", TOOL),
    "github.com/jackc/pgx": ("pgx", CLIENT),
    "github.com/jmoiron/sqlx": ("sqlx (Go)", CLIENT),
    "github.com/lib/pq": ("lib/pq", CLIENT),
    "github.com/pressly/goose": ("goose", TOOL),
    "github.com/uptrace/bun": ("Bun", ORM),
    "gorm.io/gorm": ("GORM", ORM),
}
_RUST: Known = {
    "diesel": ("Diesel", ORM),
    "postgres": ("rust-postgres", CLIENT),
    "refinery": ("refinery", TOOL),
    "sea-orm": ("SeaORM", ORM),
    "sqlx": ("sqlx (Rust)", CLIENT),
    "tokio-postgres": ("tokio-postgres", CLIENT),
}

_PRUNED = {"node_modules", "vendor", "target", "dist", "build", "venv", "site-packages", "__pycache__"}
_DEPTH = 5
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_GO_MODULE = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w.-]+/\S+?)(?:/v\d+)?\s+v\S+", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Client:
    """Something that talks to the database: `kind` is `client`, `ORM` or `migration tool`; `path` its manifest."""

    kind: str
    name: str
    path: str


@dataclass(frozen=True, slots=True, order=True)
class Unread:
    """A manifest that could not be read, and why."""

    path: str
    reason: str


def find_clients(root: Path) -> tuple[tuple[Client, ...], tuple[Unread, ...]]:
    """Return what the manifests below `root` declare, and the manifests that could not be read, both sorted."""
    clients: set[Client] = set()
    unread: set[Unread] = set()
    for path, (dependencies, known) in _manifests(root):
        relative = path.relative_to(root).as_posix()
        try:
            names = set(dependencies(path.read_text(encoding="utf-8-sig")))
        except (OSError, ValueError, RecursionError) as error:
            unread.add(Unread(relative, str(error).partition("\n")[0]))
            continue
        clients |= {Client(kind, name, relative) for key, (name, kind) in known.items() if key in names}
    return tuple(sorted(clients)), tuple(sorted(unread))


def _manifests(root: Path) -> Iterator[tuple[Path, Reader]]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        deep = len(here.relative_to(root).parts) >= _DEPTH
        folders[:] = [] if deep else sorted(f for f in folders if f not in _PRUNED and not f.startswith("."))
        for name in sorted(files):
            if reader := _reader(name):
                yield here / name, reader


def _reader(name: str) -> Reader | None:
    if re.fullmatch(r"requirements[\w.-]*\.(txt|in)", name):
        return _requirements, _PYTHON
    return {
        "package.json": (_package_json, _JAVASCRIPT),
        "pyproject.toml": (_pyproject, _PYTHON),
        "go.mod": (_go_mod, _GO),
        "Cargo.toml": (_cargo, _RUST),
    }.get(name)


def _package_json(text: str) -> Iterator[str]:
    document = json.loads(text)
    for section in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
        yield from _table(document, section)


def _requirements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if match := _REQUIREMENT.match(line):
            yield _normal(match[1])


def _pyproject(text: str) -> Iterator[str]:
    document = tomllib.loads(text)
    project = _table(document, "project")
    groups = [_list(project, "dependencies")]
    groups += [value for value in _table(project, "optional-dependencies").values() if isinstance(value, list)]
    groups += [value for value in _table(document, "dependency-groups").values() if isinstance(value, list)]
    yield from _requirements("\n".join(item for group in groups for item in group if isinstance(item, str)))
    poetry = _table(_table(document, "tool"), "poetry")
    for section in (poetry, *_table(poetry, "group").values()):
        yield from map(_normal, _table(section, "dependencies"))


def _go_mod(text: str) -> Iterator[str]:
    return (match[1] for match in _GO_MODULE.finditer(text))


def _cargo(text: str) -> Iterator[str]:
    document = tomllib.loads(text)
    for part in (document, _table(document, "workspace")):
        for section in ("dependencies", "dev-dependencies"):
            yield from _table(part, section)


def _normal(name: str) -> str:
    """Return a Python project's name as it is compared (packaging specifications, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _table(document: Any, key: str) -> dict[str, Any]:
    value = document.get(key) if isinstance(document, dict) else None
    return value if isinstance(value, dict) else {}


def _list(document: dict[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    return value if isinstance(value, list) else []
