"""sql-migrate (github.com/rubenv/sql-migrate: sqlparse/sqlparse.go, migrate.go).

SQL files with `-- +migrate Up` and `-- +migrate Down` sections; those with a number first, in its order, then by name.
The whole name is recorded. Each file runs in one transaction unless its marker says `notransaction`.
"""

from __future__ import annotations

import re

from pgproof.migrations import sections
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_NUMBER = re.compile(r"(\d+)")
_UP = re.compile(r"^-- \+migrate[ \t]+Up\b", re.MULTILINE)
_DOWN = re.compile(r"^-- \+migrate[ \t]+Down\b", re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^-- \+migrate[ \t]+Up[^\n]*\bnotransaction\b", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """The marker of an up section."""
    return 1.0 if any(_UP.search(head) for head in folder.heads(folder.with_suffix(".sql"))) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the up sections."""
    names = sorted(folder.with_suffix(".sql"), key=_key)
    missing = "sql-migrate refuses it: it has no '-- +migrate Up' section"
    files = tuple(
        migration(folder, name, name, name[:-4], cut=_up_section, missing=missing, alone=_NO_TRANSACTION)
        for name in names
    )
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, names))


def _key(name: str) -> tuple[bool, int, str]:
    number = _NUMBER.match(name)
    return (number is None, int(number[1]) if number else 0, name)


def _up_section(text: str) -> str | None:
    return sections.keep(text, _UP, _DOWN)


LAYOUT = Layout(
    "sql_migrate",
    recognise,
    read,
    Transaction.FILE,
    History((("public", "gorp_migrations"),), ("id",), applied_at="applied_at"),
)
