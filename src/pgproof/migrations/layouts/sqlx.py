"""sqlx (github.com/launchbadge/sqlx: sqlx-core/src/migrate/source.rs).

`<number>_<name>.sql` or `.up.sql` and `.down.sql`, in the order of the numbers, in a Rust project. Each file runs in
one transaction unless it begins with `-- no-transaction`.
"""

from __future__ import annotations

import re

from pgproof.migrations import checksums
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_FILE = re.compile(r"([0-9]+)_(.*?)(?:\.up)?\.sql", re.DOTALL)
_NO_TRANSACTION = re.compile(r"\A-- no-transaction")
_SQLX = re.compile(r"^\s*sqlx\b", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """Numbered files in a project whose Cargo.toml names sqlx."""
    return 0.95 if _found(folder) and _SQLX.search(folder.up("Cargo.toml")) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read what is not a `.down.sql`."""
    found = _found(folder)
    files = tuple(migration(folder, name, str(number), title, alone=_NO_TRANSACTION) for number, title, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for *_, name in found}))


def _found(folder: Folder) -> list[tuple[int, str, str]]:
    names = [name for name in folder.files if not name.endswith(".down.sql")]
    return sorted((int(match[1]), match[2], name) for name in names if (match := _FILE.fullmatch(name)))


LAYOUT = Layout(
    "sqlx",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("public", "_sqlx_migrations"),),
        ("version",),
        name="description",
        applied_at="installed_on",
        counts="success",
        checksum="checksum",
        digests=checksums.sqlx,
        strict=True,
        state="case when not success then 'failed' end",
        state_columns=("success",),
    ),
)
