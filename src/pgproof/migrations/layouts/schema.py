"""A whole schema in one file, where there are no migrations: `schema.sql`, `structure.sql` and the like."""

from __future__ import annotations

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout, Transaction
from pgproof.migrations.reading import debris, migration

_NAMES = ("structure.sql", "schema.sql", "database.sql", "db.sql")
_NAMES_IN_A_DATABASE_FOLDER = ("init.sql", "setup.sql", "create_tables.sql", "tables.sql")
_DATABASE_FOLDERS = frozenset({"", "db", "database", "postgres", "postgresql", "sql", "supabase", "schema", "initdb"})


def recognise(folder: Folder) -> float:
    """A file with one of the usual names."""
    return 0.1 if _name(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the one file, or, where the user named the folder, its only SQL file."""
    name = _name(folder) or "".join(folder.with_suffix(".sql")[:1])
    files = (migration(folder, name, name, name[:-4]),) if name else ()
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name}))


def _name(folder: Folder) -> str:
    by_name = {name.lower(): name for name in folder.with_suffix(".sql")}
    names = _NAMES + (_NAMES_IN_A_DATABASE_FOLDER if folder.name.lower() in _DATABASE_FOLDERS else ())
    return next((by_name[name] for name in names if name in by_name), "")


LAYOUT = Layout("schema", recognise, read, Transaction.STATEMENT)
