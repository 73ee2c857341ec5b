"""Flyway and its kin, refinery among them (documentation.red-gate.com/flyway: migrations, naming).

`V<version>__<name>.sql` in this folder and all below it, in the order of the versions' parts; then `R__<name>.sql` in
the order of their names. `U…` undoes. Each file runs in one transaction.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pgproof.migrations.file import Debris, MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.order import natural
from pgproof.migrations.reading import debris, migration, unreadable

_VERSIONED = re.compile(r"[VB](\d+(?:[._]\d+)*)__(.*)\.(sql|java|kt|rs)", re.DOTALL)
_REPEATABLE = re.compile(r"R__(.*)\.sql", re.DOTALL)
_CODE = "it is a migration in a programming language, which pgproof cannot run"


def recognise(folder: Folder) -> float:
    """Two underscores after `V` and a number are Flyway's own; one file is enough."""
    return 0.9 if any(_VERSIONED.fullmatch(name) for name in folder.with_suffix(".sql")) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the versioned migrations, then the repeatable ones."""
    versioned: list[tuple[tuple[int, ...], MigrationFile]] = []
    repeatable: list[MigrationFile] = []
    others: list[Debris] = []
    for inner in (folder, *folder.below()):
        used = set()
        for name in inner.files:
            if match := _VERSIONED.fullmatch(name):
                version = match[1].replace("_", ".")
                file = (
                    migration(inner, name, version, match[2])
                    if name.endswith(".sql")
                    else unreadable(inner, name, version, match[2], _CODE)
                )
                versioned.append((tuple(int(part) for part in version.split(".")), file))
                used.add(name)
            elif match := _REPEATABLE.fullmatch(name):
                repeatable.append(migration(inner, name, name, match[1]))
                used.add(name)
        others += [one for one in debris(inner, used) if one.path.rpartition("/")[2] not in inner.folders]
    files = [file for _, file in sorted(versioned, key=lambda one: (one[0], one[1].path))]
    files += sorted(repeatable, key=lambda file: natural(file.name))
    return MigrationDirectory(folder.path, LAYOUT.name, tuple(files), tuple(sorted(others, key=lambda one: one.path)))


def _spellings(file: MigrationFile) -> frozenset[str]:
    path = PurePosixPath(file.path)
    return frozenset("/".join(path.parts[start:]) for start in range(len(path.parts)))


LAYOUT = Layout(
    "flyway",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("public", "flyway_schema_history"), ("public", "schema_version")),
        ("script",),
        _spellings,
        name="description",
        applied_at="installed_on",
        counts="success and type = 'SQL'",
    ),
    nested=True,
)
