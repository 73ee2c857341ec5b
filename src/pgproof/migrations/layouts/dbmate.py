"""dbmate (github.com/amacneil/dbmate: pkg/dbmate/migration.go, db.go).

`<digits>….sql` in the order of the names' bytes, with `-- migrate:up` and `-- migrate:down` sections. Each runs in one
transaction unless its marker says `transaction:false`.
"""

from __future__ import annotations

import re

from pgproof.migrations import sections
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_FILE = re.compile(r"(\d+)(.*)\.sql", re.DOTALL)
_UP = re.compile(r"^--\s*migrate:up(?=\s|\Z)", re.MULTILINE)
_DOWN = re.compile(r"^--\s*migrate:down(?=\s|\Z)", re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^--\s*migrate:up[^\n]*\stransaction:false(?=\s|\Z)", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """The marker of an up section."""
    names = [name for name in folder.files if _FILE.fullmatch(name)]
    return 1.0 if any(_UP.search(head) for head in folder.heads(names)) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the up sections."""
    found = [(match, name) for name in folder.files if (match := _FILE.fullmatch(name))]
    missing = "dbmate refuses it: it has no '-- migrate:up' section"
    files = tuple(
        migration(
            folder, name, match[1], match[2].lstrip("_-"), cut=_up_section, missing=missing, alone=_NO_TRANSACTION
        )
        for match, name in sorted(found, key=lambda one: one[1].encode("utf-8", "surrogateescape"))
    )
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for _, name in found}))


def _up_section(text: str) -> str | None:
    return sections.keep(text, _UP, _DOWN)


LAYOUT = Layout("dbmate", recognise, read, Transaction.FILE, History((("public", "schema_migrations"),), ("version",)))
