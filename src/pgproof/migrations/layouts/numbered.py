"""SQL files with numbers in their names, for no tool that leaves a trace: a loop around psql, a few lines of code.

How that loop treats transactions cannot be seen. A file runs in one, unless it holds what cannot run so: then statement
by statement, as psql does, so that no project is told of an error that its own tool never has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from pgproof.migrations import sections
from pgproof.migrations.file import Debris, MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.listed import listed
from pgproof.migrations.order import Numbered, natural, numbered, step
from pgproof.migrations.reading import debris, in_code, is_pgtap, is_reversal, migration

_NAMED = re.compile(
    r"(?:.*[_-])?(?:migrations?|migrate|schema[_-]changes|changesets?|deltas?|patches)(?:[_-].*)?", re.I
)
_DEFINES = re.compile(r"^\s*(?:create|alter|drop|grant|revoke|comment\s+on|do\s+\$)\b", re.I | re.M)
_OTHER_SYSTEM = re.compile(r"\.(?:mysql|mariadb|sqlite3?|mssql|oracle|h2)$", re.I)
_WORD = r"(?:[+@!#:]*(?:migrat\w*|micrate|rambler|schema)?\s*[:!@#]*\s*)"
_UP = re.compile(rf"^[#\s]*--+[ \t]*{_WORD}ups?\b(?:[ \t]+migration)?[ \t:=-]*$", re.I | re.M)
_DOWN = re.compile(rf"^[#\s]*--+[ \t]*{_WORD}downs?\b(?:[ \t]+migration)?[ \t:=-]*$", re.I | re.M)
_NEEDS_NO_TRANSACTION = re.compile(
    r"^\s*(?:(?:create(?:\s+unique)?|drop)\s+index\s+concurrently|reindex\b[^;]*\bconcurrently|vacuum|cluster|alter\s+system"
    r"|alter\s+type\s+[^;]*\badd\s+value|alter\s+table\b[^;]*\bdetach\s+partition\b[^;]*\bconcurrently)\b"
    r"|^\s*do\s+(?P<tag>\$\w*\$)(?:(?!(?P=tag))[\s\S])*?\b(?:commit|rollback)\s*;"
    r"|^--\s*postgres-migrations\s+disable-transaction\b",
    re.IGNORECASE | re.MULTILINE,
)
_INCLUDED = re.compile(r"^\\ir?[ \t]+'?(?:\S*/)?([^\s/']+)", re.MULTILINE)
_LANGUAGES = {".sh": "shell", ".py": "Python"}
_OWN_TABLES = (
    "schema_migrations",
    "migrations",
    "_migrations",
    "schema_migration",
    "migration_history",
    "migrations_history",
    "schema_version",
    "schema_versions",
    "schemaversion",
    "applied_migrations",
    "db_migrations",
    "__migrations",
)


def recognise(folder: Folder) -> float:
    """A folder's name, or two numbered files that define something and are not outnumbered by other SQL."""
    found = _migrations(folder)
    if not found or folder.path.endswith("supabase/schemas"):  # Supabase's declarative schemas: what migrations lead to
        return 0.0
    if all(is_reversal(name[:-4]) for _, name in found) or _are_ways([name for _, name in found]):
        return 0.0
    heads = list(folder.heads([name for _, name in found]))
    if any(is_pgtap(head) for head in heads):
        return 0.0
    if _NAMED.fullmatch(folder.name):
        return 0.5
    scripts = [name for name in folder.with_suffix(".sql") if not is_reversal(name[:-4])]
    if len(found) < 2 or len(found) * 2 < len(scripts):
        return 0.0
    return 0.3 if sum(1 for head in heads if _DEFINES.search(head)) * 2 >= len(heads) else 0.0


def _are_ways(names: Sequence[str]) -> bool:
    """Whether files lead from one release to another, and not one after the other: `1.2-1.5`, `1.3-1.5`."""
    steps = [found for name in names if (found := step(name[:-4]))]
    return len(steps) * 2 > len(names) and any(one[1] != other[0] for one, other in pairwise(steps))


def read(folder: Folder) -> MigrationDirectory:
    r"""Read the numbered files in the order of their numbers, then of their names.

    One that another includes (`\i 1-enums.sql`) is a part of that. Where a number is used twice, a list of the
    migrations in code beside them says which are run.
    """
    named = _migrations(folder)
    included = {path for _, name in named for path in _INCLUDED.findall(folder.head(name))}
    found = [(number, name) for number, name in named if name not in included]
    left: tuple[Debris, ...] = ()
    if len({number[:2] for number, _ in found}) < len(found) and (known := listed(folder, {n for _, n in found})):
        left = tuple(Debris(folder.join(n), f"not in the list of {known[0]}") for _, n in found if n not in known[1])
        found = [(number, name) for number, name in found if name in known[1]]
    scripts = sorted((*found, *_programs(folder, {number[:2] for number, _ in found})), key=_order)
    files = tuple(_migration(folder, name, number) for number, name in scripts)
    beside = debris(folder, {name for _, name in found} | {one.path.rpartition("/")[2] for one in left})
    return MigrationDirectory(
        folder.path, LAYOUT.name, files, tuple(sorted((*left, *beside), key=lambda one: one.path))
    )


def _migration(folder: Folder, name: str, number: Numbered) -> MigrationFile:
    title = number.name.removesuffix(".up")
    if language := _LANGUAGES.get(PurePosixPath(name).suffix.lower()):
        return in_code(folder, name, number.version, title, language)
    return migration(folder, name, number.version, title, cut=_up_section, alone=_NEEDS_NO_TRANSACTION)


def _programs(folder: Folder, used: Collection[tuple[tuple[int, ...], str]]) -> Iterator[tuple[Numbered, str]]:
    """Yield the numbered files beside the SQL that are programs, with numbers of their own: `02.sh` of `initdb`."""
    for name in folder.files:
        number = numbered(PurePosixPath(name).stem) if PurePosixPath(name).suffix.lower() in _LANGUAGES else None
        if number and number[:2] not in used:
            yield number, name


def _order(one: tuple[Numbered, str]) -> tuple[object, ...]:
    number, name = one
    return number.numbers, number.letter, natural(name)


def _migrations(folder: Folder) -> list[tuple[Numbered, str]]:
    named = [(number, name) for name in folder.with_suffix(".sql") if (number := numbered(name[:-4]))]
    forward = {number[:2] for number, name in named if not is_reversal(name[:-4])}
    kept = [
        (number, name)
        for number, name in named
        # a number of its own makes `0009_roll_down.sql` a migration, not the reversal of one
        if not (is_reversal(name[:-4]) and (number[:2] in forward or name[:-4].lower().endswith(".down")))
        and not _OTHER_SYSTEM.search(name[:-4])
    ]
    return sorted(kept, key=_order)


def _up_section(text: str) -> str:
    return sections.keep(text, _UP, _DOWN) or sections.before(text, _DOWN)


def _spellings(file: MigrationFile) -> frozenset[str]:
    path = PurePosixPath(file.path)
    return frozenset({file.version, file.version.lstrip("0") or "0", file.name, path.stem, path.name} - {""})


LAYOUT = Layout(
    "numbered",
    recognise,
    read,
    Transaction.FILE,
    History(
        tuple(("public", table) for table in _OWN_TABLES),
        ("version", "name", "filename", "file_name", "migration", "migration_name", "script", "id"),
        _spellings,
    ),
)
