"""Pop and Ory's popx (github.com/gobuffalo/pop: match.go, migrator.go; github.com/ory/x: popx/match.go).

`<version>_<name>.up.sql` for every database system and `<version>_<name>.<system>.up.sql` for one: of the same version,
that of the own system is applied and the other is not. In the order of the versions as text. Each file runs in one
transaction unless it is an `.autocommit.up.sql`. `.fizz` is a language of its own.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, in_code, migration

_UP = re.compile(
    r"(?P<version>\d+)_(?P<name>[^.]+)(?:\.(?P<system>(?!autocommit\.)[a-z0-9]+))?(?P<alone>\.autocommit)?"
    r"\.up\.(?P<language>sql|fizz)"
)
_DOWN = re.compile(r"\d+_.*\.down\.(?:sql|fizz)", re.DOTALL)
_OWN = ("postgres", "postgresql")
_SYSTEMS = {*_OWN, "cockroach", "cockroachdb", "mariadb", "mysql", "sqlite", "sqlite3"}


def recognise(folder: Folder) -> float:
    """Names of several systems in one folder: no other tool has them."""
    systems = {found["system"] for name in folder.files if (found := _UP.fullmatch(name))}
    return 0.95 if systems & _SYSTEMS else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read what is applied to PostgreSQL."""
    chosen: dict[tuple[str, str], re.Match[str]] = {}
    matched = [found for name in folder.files if (found := _UP.fullmatch(name))]
    for found in matched:
        key = (found["version"], found["name"])
        if found["system"] in _OWN:
            chosen[key] = found
        elif not found["system"]:
            chosen.setdefault(key, found)
    files = tuple(_migration(folder, found) for _, found in sorted(chosen.items()))
    reversals = {name for name in folder.files if _DOWN.fullmatch(name)}
    others = debris(folder, reversals | {found.string for found in matched})
    return MigrationDirectory(folder.path, LAYOUT.name, files, others)


def _migration(folder: Folder, found: re.Match[str]) -> MigrationFile:
    version, title = found["version"], found["name"]
    if found["language"] == "fizz":
        return in_code(folder, found.string, version, title, "fizz")
    return migration(folder, found.string, version, title, alone=re.compile("") if found["alone"] else None)


LAYOUT = Layout("pop", recognise, read, Transaction.FILE, History((("public", "schema_migration"),), ("version",)))
