"""tern (github.com/jackc/tern: migrate/migrate.go).

`<digits>_….sql` in the order of the numbers; what follows `---- create above / drop below ----` takes the migration
back. Each runs as one query in one transaction unless it says `---- tern: disable-tx ----`. The table holds one row:
the newest number. A file is a template of Go, too: one that is filled in cannot be replayed.
"""

from __future__ import annotations

import re

from pgproof.migrations import sections
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Rows, Transaction
from pgproof.migrations.reading import debris, in_code, migration

_FILE = re.compile(r"(\d+)_(.+)\.sql", re.DOTALL)
_DOWN = re.compile(r"^---- create above / drop below ----", re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^---- tern: disable-tx ----", re.MULTILINE)
_FILLED_IN = re.compile(r"\{\{")


def recognise(folder: Folder) -> float:
    """The line that parts a migration from its reversal."""
    names = [name for name in folder.files if _FILE.fullmatch(name)]
    return 1.0 if any(_DOWN.search(head) for head in folder.heads(names)) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read what stands above the line."""
    found = sorted((int(match[1]), match[2], name) for name in folder.files if (match := _FILE.fullmatch(name)))
    files = tuple(_file(folder, name, str(number), title) for number, title, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for *_, name in found}))


def _file(folder: Folder, name: str, version: str, title: str) -> MigrationFile:
    if _FILLED_IN.search(_above(folder.read(name).text)):
        return in_code(folder, name, version, title, "Go's templates")
    return migration(folder, name, version, title, cut=_above, alone=_NO_TRANSACTION)


def _above(text: str) -> str:
    return sections.before(text, _DOWN)


LAYOUT = Layout(
    "tern",
    recognise,
    read,
    Transaction.QUERY,
    History((("public", "schema_version"),), ("version",), rows=Rows.LAST),
)
