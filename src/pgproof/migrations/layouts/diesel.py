"""Diesel and Hasura: a folder a migration, with `up.sql` and `down.sql` (docs.rs/diesel_migrations; hasura.io/docs).

In the order of the versions. Diesel records the name's beginning without its hyphens and runs each file in one
transaction unless `metadata.toml` says otherwise; Hasura records in a database of its own.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.order import natural
from pgproof.migrations.reading import debris, migration

_SCRIPT = "up.sql"
_SHORT = 10
"""Versions with fewer digits are counts and no times: `2_users` comes before `10_orders`, as Hasura has it."""
_NO_TRANSACTION = re.compile(r"^\s*run_in_transaction\s*=\s*false", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """Folders with an `up.sql`, whose names begin with a digit."""
    return 0.9 if _found(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read every folder's `up.sql`."""
    found = _found(folder)
    used = {inner.path for inner in found}
    others = [one for one in debris(folder, ()) if one.path not in used]
    others += [one for inner in found for one in debris(inner, {_SCRIPT})]
    files = tuple(_migration(inner) for inner in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, tuple(sorted(others, key=lambda one: one.path)))


def _found(folder: Folder) -> list[Folder]:
    found = [inner for inner in folder.folders.values() if _SCRIPT in inner.files and inner.name[:1].isdigit()]
    return sorted(found, key=lambda inner: _order(inner.name))


def _order(name: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Diesel compares versions as texts without hyphens, Hasura as numbers: of times, that is the same.

    Hyphens are Diesel's alone: of its times a person may write the day only.
    """
    written = name.partition("_")[0]
    version = written.replace("-", "")
    return (version if len(version) > _SHORT or version != written else "", natural(name))


def _migration(folder: Folder) -> MigrationFile:
    version, _, title = folder.name.partition("_")
    read = migration(folder, _SCRIPT, version.replace("-", ""), title)
    if _NO_TRANSACTION.search(folder.head("metadata.toml")):
        return MigrationFile(read.path, read.version, read.name, read.text, read.problem, read.way_out, False)
    return read


LAYOUT = Layout(
    "diesel",
    recognise,
    read,
    Transaction.FILE,
    History((("public", "__diesel_schema_migrations"),), ("version",), applied_at="run_on"),
    nested=True,
)
