"""goose (github.com/pressly/goose: internal/sqlparser/parser.go, migration.go, migrate.go).

`<number>_<name>.sql` or `.go` in the order of the numbers; `-- +goose Up` and `-- +goose Down` sections. Each file runs
in one transaction unless it says `-- +goose NO TRANSACTION`.
"""

from __future__ import annotations

import re

from pgproof.migrations import sections
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, in_code, migration

_FILE = re.compile(r"([0-9]+)_(.*)\.(sql|go)", re.DOTALL)
_GO_TEST = re.compile(r"_test\.go$")
_UP = re.compile(r"^--\s*\+goose\s+up\s*?$", re.IGNORECASE | re.MULTILINE)
_DOWN = re.compile(r"^--\s*\+goose\s+down\s*?$", re.IGNORECASE | re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^--\s*\+goose\s+no\s+transaction\b", re.IGNORECASE | re.MULTILINE)


def recognise(folder: Folder) -> float:
    """The marker of an up section."""
    return 1.0 if any(_UP.search(head) for head in folder.heads(folder.with_suffix(".sql"))) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the up sections; migrations in Go keep their place in the order."""
    names = [name for name in folder.files if not _GO_TEST.search(name)]
    found = sorted((int(match[1]), match[2], name) for name in names if (match := _FILE.fullmatch(name)))
    files = tuple(_migration(folder, number, title, name) for number, title, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for *_, name in found}))


def _migration(folder: Folder, number: int, title: str, name: str) -> MigrationFile:
    if name.endswith(".go"):
        return in_code(folder, name, str(number), title, "Go")
    missing = "goose refuses it: it has no '-- +goose Up' section"
    return migration(folder, name, str(number), title, cut=_up_section, missing=missing, alone=_NO_TRANSACTION)


def _up_section(text: str) -> str | None:
    return sections.keep(text, _UP, _DOWN)


LAYOUT = Layout(
    "goose",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("public", "goose_db_version"),),
        ("version_id",),
        applied_at="tstamp",
        counts="is_applied and version_id > 0",
        order="id",
        shape=frozenset({"id", "version_id", "is_applied", "tstamp"}),
    ),
)
