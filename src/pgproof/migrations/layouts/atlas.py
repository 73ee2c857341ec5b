"""Atlas's versioned migrations (atlasgo.io/versioned): `<version>_<name>.sql` beside `atlas.sum`.

In the order of the names. Each file runs in one transaction unless it begins with `-- atlas:txmode none`.
"""

from __future__ import annotations

import re

from pgproof.migrations import checksums
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_FILE = re.compile(r"([^_.]+)(?:_(.*))?\.sql", re.DOTALL)
_NO_TRANSACTION = re.compile(r"^-- atlas:txmode none\s*$", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """The file with the hashes is Atlas's own, whatever else wrote the migrations."""
    return 0.85 if "atlas.sum" in folder.files and folder.with_suffix(".sql") else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read every SQL file."""
    found = [(match, name) for name in folder.files if (match := _FILE.fullmatch(name))]
    files = tuple(migration(folder, name, match[1], match[2] or "", alone=_NO_TRANSACTION) for match, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for _, name in found}))


LAYOUT = Layout(
    "atlas",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("atlas_schema_revisions", "atlas_schema_revisions"),),
        ("version",),
        applied_at="executed_at",
        checksum="hash",
        digests=checksums.atlas,
        cumulative=True,
        # 1: a baseline, 2: executed, 4: resolved by hand
        state="case when applied < total then 'failed' when type & 4 > 0 then 'marked' end",
        state_columns=("applied", "total", "type", "version"),
        through="case when type & 1 > 0 then version end",
    ),
)
