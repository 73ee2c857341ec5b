"""golang-migrate (github.com/golang-migrate/migrate: source/parse.go, source/migration.go, database/postgres).

`<number>_<name>.up.sql` and `.down.sql`, in the order of the numbers. A file is sent as one simple query. The table
holds one row: the newest version.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Rows, Transaction
from pgproof.migrations.reading import debris, migration

_UP = re.compile(r"([0-9]+)(?:_(.*))?\.up\.(?:pg)?sql", re.DOTALL)


def recognise(folder: Folder) -> float:
    """One `.up.sql` is enough: no other tool's files end so, except sqlx's, which is recognised by its project."""
    return 0.9 if any(_UP.fullmatch(name) for name in folder.files) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the `.up.sql` files."""
    found = sorted((int(match[1]), match[2] or "", name) for name in folder.files if (match := _UP.fullmatch(name)))
    files = tuple(migration(folder, name, str(number), title) for number, title, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for *_, name in found}))


LAYOUT = Layout(
    "golang_migrate",
    recognise,
    read,
    Transaction.QUERY,
    History(
        (("public", "schema_migrations"),),
        ("version",),
        rows=Rows.LAST,
        shape=frozenset({"version", "dirty"}),
        state="case when dirty then 'failed' end",
        state_columns=("dirty",),
    ),
)
