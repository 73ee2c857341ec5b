"""A whole schema, where there are no migrations: `schema.sql`, `structure.sql`, a dump and the like.

It may be cut in parts without numbers, which a program or a list beside them names in their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout, Transaction
from pgproof.migrations.listed import named_in_order
from pgproof.migrations.order import step
from pgproof.migrations.reading import debris, is_data, is_reversal, migration, system_named
from pgproof.sql.dialect import dialect

_NAMES = ("structure.sql", "schema.sql", "database.sql", "db.sql")
_NAMES_IN_A_DATABASE_FOLDER = ("init.sql", "setup.sql", "create_tables.sql", "tables.sql")
_DATABASE_FOLDERS = frozenset({"", "db", "database", "postgres", "postgresql", "sql", "supabase", "schema", "initdb"})
_LIKE = re.compile(r"(?:.+[._-])?(?:schema|structure|ddl|initial|init[._-](?:schema|db))\.sql", re.IGNORECASE)
_DUMP = re.compile(r"^--[ \t]*\n-- PostgreSQL database dump[ \t]*$", re.MULTILINE)
_WHOLE = re.compile(
    r"(?:all|build|create|database|db|init|install|load|main|schema|setup|structure)(?:[._-].*)?\.sql", re.I
)
_INCLUDES = re.compile(r"^[ \t]*\\i(?:r|nclude(?:_relative)?)?[ \t]+'?([^\s';]+)", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*create[ \t]+table\b", re.IGNORECASE | re.MULTILINE)
_DEFINES = re.compile(r"^\s*(?:create|alter|comment\s+on|grant|do\s+\$)\b", re.IGNORECASE | re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\btable\s+@\w", re.IGNORECASE)
_TAKES_AWAY = re.compile(r"(?:clean|clear|delete|destroy|drop|purge|remove|reset|teardown|truncate|uninstall)", re.I)
_OF_A_DATABASE = re.compile(r"(?:^|[_.-])(?:database|db|ddl|pg|postgres(?:ql)?|schema|tables)(?=$|[_.-])", re.I)
_OF_MIGRATIONS = re.compile(
    r"(?:^|/)(?:[^/]*[_-])?(?:migrations?|upgrades?|updates?|patch(?:es)?|deltas?)(?:[_-][^/]*)?(?:/|$)", re.I
)
"""Below such a folder a script that makes tables is a migration's."""
_OF_TABLES = re.compile(r"ddl|init|schema|structure|table", re.I)
_LOOKED_AT = 12
"""A folder with more scripts is a collection of them."""


def recognise(folder: Folder) -> float:
    """A file with one of the usual names, or parts that a program names."""
    return 0.1 if whole_schema(folder) or in_parts(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the one file or the parts, or, where the user named the folder, its only SQL file."""
    name, parts = whole_schema(folder), in_parts(folder)
    if parts and (not name or name.lower() in _NAMES_IN_A_DATABASE_FOLDER):  # tables.sql, and indexes.sql
        return replace(schema_in(folder, parts[1]), assumed=f"the order in which {parts[0]} names the parts")
    if name:
        return schema_in(folder, (name,))
    return schema_in(folder, folder.with_suffix(".sql")[:1])


def schema_in(folder: Folder, names: Sequence[str]) -> MigrationDirectory:
    """Read files of a folder, in this order, as a schema."""
    files = tuple(migration(folder, name, name, name[:-4]) for name in names)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, names))


def in_parts(folder: Folder) -> tuple[str, list[str]] | None:
    """Return the program or list that names scripts of a folder one after the other, and those; `None`: there is none.

    All scripts that make tables are among them, and what only takes away or asks is not.
    """
    scripts = makers(folder)
    if (
        _OF_MIGRATIONS.search(folder.path)
        or len(scripts) < 2
        or not any(map(_OF_TABLES.search, scripts))
        or system_named(folder.path)
    ):
        return None
    tables = {name for name in scripts if makes_tables(folder, name)}
    if not tables or any(dialect(folder.head(name)) for name in tables):
        return None
    named = named_in_order(folder, scripts)
    if not named or not tables.issubset(named[1]):
        return None
    parts = [name for name in named[1] if _DEFINES.search(folder.head(name))]
    return (named[0], parts) if len(parts) > max(1, len(named[1]) // 2) else None  # else queries, and their tables


def whole_schema(folder: Folder) -> str:
    """Return the name of the file with the whole schema, known by its own name or as a dump; `""`: there is none."""
    scripts = folder.with_suffix(".sql")
    by_name = {name.lower(): name for name in scripts}
    names = _NAMES + (_NAMES_IN_A_DATABASE_FOLDER if folder.name.lower() in _DATABASE_FOLDERS else ())
    # a script that includes others is the whole, and what it includes are its parts
    including = {name: _INCLUDES.findall(folder.head(name)) for name in scripts if _WHOLE.fullmatch(name)}
    included = {path.rpartition("/")[2] for paths in including.values() for path in paths}
    whole = [name for name in including if len(including[name]) > 1 and name not in included]
    usual = next((by_name[name] for name in names if name in by_name), "")
    if "tables" in usual.lower() and len(makers(folder)) > 1:  # and the rest elsewhere
        usual = ""
    if whole or usual:
        return max(whole, key=lambda name: len(including[name]), default=usual)
    # upgrades of older installations, and what takes away, are beside it
    only = [] if _OF_MIGRATIONS.search(folder.path) else [name for name in makers(folder) if "--" not in name]
    if len(only) == 1 and _is_named_so(folder, only[0]) and _makes_a_schema(folder, only[0], named=True):
        return only[0]
    if len(scripts) > _LOOKED_AT:
        return ""
    named = [name for name in scripts if _LIKE.fullmatch(name)]
    found = [name for name in named or scripts if _makes_a_schema(folder, name, named=bool(named))]
    return found[0] if len(found) == 1 else ""


def makers(folder: Folder) -> list[str]:
    """Return the scripts of a folder but those that take away, lead from release to release, or hold data or tests."""
    names = folder.with_suffix(".sql")
    return [name for name in names if not (_takes_away(name) or step(name[:-4]) or is_data(name[:-4]))]


def makes_tables(folder: Folder, name: str) -> bool:
    """Say whether a script makes tables."""
    head = folder.head(name)
    # a dump has its functions first
    return bool(_TABLE.search(head) or (_DUMP.search(head[:2_000]) and _TABLE.search(folder.read(name).text)))


def _takes_away(name: str) -> bool:
    return is_reversal(name[:-4]) or bool(_TAKES_AWAY.match(name))


def _is_named_so(folder: Folder, name: str) -> bool:
    """Whether a database is what the names of a folder and of its only script speak of."""
    return bool(_OF_A_DATABASE.search(name[:-4])) or folder.name.lower() in _DATABASE_FOLDERS - {""}


def _makes_a_schema(folder: Folder, name: str, *, named: bool) -> bool:
    head = folder.head(name)
    whole = _TABLE.search(head) if named else _DUMP.search(head[:2_000]) and len(_TABLE.findall(head)) > 1
    return bool(whole) and not _TEMPLATE.search(head) and not system_named(folder.join(name)) and not dialect(head)


LAYOUT = Layout("schema", recognise, read, Transaction.STATEMENT)
