"""Prisma Migrate (prisma.io/docs: Prisma Migrate; schema-engine).

`<time>_<name>/migration.sql` in the order of the folders' names, beside `migration_lock.toml`. A file is sent as one
simple query. The folder's name is recorded.
"""

from __future__ import annotations

import re

from pgproof.migrations import checksums
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_SCRIPT = "migration.sql"
_PROVIDER = re.compile(r'^\s*provider\s*=\s*"(\w+)"', re.MULTILINE)
_SYSTEMS = {"mysql": "MySQL", "sqlite": "SQLite", "sqlserver": "SQL Server"}


def recognise(folder: Folder) -> float:
    """Folders with a `migration.sql`, and without the snapshot that drizzle keeps beside its own."""
    found = [inner for inner in folder.folders.values() if _SCRIPT in inner.files]
    if not found or any("snapshot.json" in inner.files for inner in found):
        return 0.0
    if "migration_lock.toml" in folder.files:
        return 1.0
    # a lone folder with a script of that name may be anything: the queries of a table `migration`
    return 0.8 if any(inner.name[:1].isdigit() for inner in found) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read every folder's `migration.sql`."""
    found = [inner for _, inner in sorted(folder.folders.items()) if _SCRIPT in inner.files]
    files = tuple(migration(inner, _SCRIPT, inner.name, inner.name.partition("_")[2]) for inner in found)
    used = {inner.path for inner in found}
    others = [one for one in debris(folder, ()) if one.path not in used]
    others += [one for inner in found for one in debris(inner, {_SCRIPT})]
    provider = _PROVIDER.search(folder.head("migration_lock.toml"))
    system = _SYSTEMS.get(provider[1], "") if provider else ""
    return MigrationDirectory(folder.path, LAYOUT.name, files, tuple(sorted(others, key=lambda one: one.path)), system)


LAYOUT = Layout(
    "prisma",
    recognise,
    read,
    Transaction.QUERY,
    History(
        (("public", "_prisma_migrations"),),
        ("migration_name",),
        applied_at="finished_at",
        counts="finished_at is not null and rolled_back_at is null",
        checksum="checksum",
        digests=checksums.prisma,
        state="case when rolled_back_at is not null then 'undone' when finished_at is null then 'failed'"
        " when applied_steps_count = 0 then 'marked' end",
        state_columns=("rolled_back_at", "finished_at", "applied_steps_count"),
    ),
    nested=True,
)
