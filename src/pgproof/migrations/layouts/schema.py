"""A whole schema in one file, where there are no migrations: `schema.sql`, `structure.sql`, a dump and the like."""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout, Transaction
from pgproof.migrations.reading import debris, migration, system_named
from pgproof.sql.dialect import dialect

_NAMES = ("structure.sql", "schema.sql", "database.sql", "db.sql")
_NAMES_IN_A_DATABASE_FOLDER = ("init.sql", "setup.sql", "create_tables.sql", "tables.sql")
_DATABASE_FOLDERS = frozenset({"", "db", "database", "postgres", "postgresql", "sql", "supabase", "schema", "initdb"})
_LIKE = re.compile(r"(?:.+[._-])?(?:schema|structure|ddl|initial|init[._-](?:schema|db))\.sql", re.IGNORECASE)
_DUMP = re.compile(r"^--[ \t]*\n-- PostgreSQL database dump[ \t]*$", re.MULTILINE)
_WHOLE = re.compile(
    r"(?:all|build|create|database|db|init|install|load|main|schema|setup|structure)(?:[._-].*)?\.sql", re.I
)
_INCLUDES = re.compile(r"^\\ir?[ \t]+\S", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*create[ \t]+table\b", re.IGNORECASE | re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\btable\s+@\w", re.IGNORECASE)
_LOOKED_AT = 12
"""A folder with more scripts is a collection of them."""


def recognise(folder: Folder) -> float:
    """A file with one of the usual names."""
    return 0.1 if whole_schema(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the one file, or, where the user named the folder, its only SQL file."""
    name = whole_schema(folder) or "".join(folder.with_suffix(".sql")[:1])
    files = (migration(folder, name, name, name[:-4]),) if name else ()
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name}))


def whole_schema(folder: Folder) -> str:
    """Return the name of the file with the whole schema, known by its own name or as a dump; `""`: there is none."""
    scripts = folder.with_suffix(".sql")
    by_name = {name.lower(): name for name in scripts}
    names = _NAMES + (_NAMES_IN_A_DATABASE_FOLDER if folder.name.lower() in _DATABASE_FOLDERS else ())
    # a script that includes others is the whole, and what it includes are its parts
    whole = (name for name in scripts if _WHOLE.fullmatch(name) and len(_INCLUDES.findall(folder.head(name))) > 1)
    usual = next(whole, "") or next((by_name[name] for name in names if name in by_name), "")
    if usual or len(scripts) > _LOOKED_AT:
        return usual
    named = [name for name in scripts if _LIKE.fullmatch(name)]
    found = [name for name in named or scripts if _makes_a_schema(folder, name, named=bool(named))]
    return found[0] if len(found) == 1 else ""


def _makes_a_schema(folder: Folder, name: str, *, named: bool) -> bool:
    head = folder.head(name)
    whole = _TABLE.search(head) if named else _DUMP.search(head[:2_000]) and len(_TABLE.findall(head)) > 1
    return bool(whole) and not _TEMPLATE.search(head) and not system_named(folder.join(name)) and not dialect(head)


LAYOUT = Layout("schema", recognise, read, Transaction.STATEMENT)
