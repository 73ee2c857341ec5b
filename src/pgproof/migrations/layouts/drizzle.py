"""Drizzle Kit (github.com/drizzle-team/drizzle-orm: drizzle-orm/src/migrator.ts, pg-core/dialect.ts).

`meta/_journal.json` lists the files in their order; a file that it does not list is never applied. All pending files
run in one transaction. The journal's time of a file is recorded. Newer versions keep no journal:
`<time>_<name>/migration.sql` beside a `snapshot.json`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pgproof.migrations import checksums
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_JOURNAL = "_journal.json"
_SCRIPT = "migration.sql"
_BREAKPOINT = "--> statement-breakpoint"
_SYSTEMS = {"mysql": "MySQL", "singlestore": "MySQL", "sqlite": "SQLite", "turso": "SQLite"}


def recognise(folder: Folder) -> float:
    """The journal, or folders with a script and a snapshot."""
    meta = folder.folders.get("meta")
    return 1.0 if (meta and _JOURNAL in meta.files) or _folders(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the files that the journal lists, or every folder's script."""
    found = _folders(folder)
    if found:
        files = tuple(migration(inner, _SCRIPT, _version(inner.name), inner.name, cut=_parted) for inner in found)
        others = [one for one in debris(folder, ()) if one.path not in {inner.path for inner in found}]
        return MigrationDirectory(folder.path, LAYOUT.name, files, tuple(others))
    journal, problem = _journal(folder)
    if problem:
        file = MigrationFile(folder.join(f"meta/{_JOURNAL}"), "", "", "", problem)
        return MigrationDirectory(folder.path, LAYOUT.name, (file,), debris(folder, ()))
    entries = [(str(entry.get("tag", "")), str(entry.get("when", ""))) for entry in journal.get("entries", [])]
    listed = tuple(_listed(folder, tag, when) for tag, when in entries)
    others = list(debris(folder, {f"{tag}.sql" for tag, _ in entries}))
    system = _SYSTEMS.get(str(journal.get("dialect", "")), "")
    return MigrationDirectory(folder.path, LAYOUT.name, listed, tuple(others), system)


def _listed(folder: Folder, tag: str, when: str) -> MigrationFile:
    name = f"{tag}.sql"
    if name in folder.files:
        return migration(folder, name, when, tag, cut=_parted)
    return MigrationFile(
        folder.join(name), when, tag, "", "the journal lists it, but there is no such file", absent=True
    )


def _journal(folder: Folder) -> tuple[dict[str, Any], str]:
    text, problem, _ = folder.folders["meta"].read(_JOURNAL)
    if problem:
        return {}, problem
    try:
        journal = json.loads(text)
        if all(isinstance(entry, dict) for entry in journal["entries"]):
            return journal, ""
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return {}, "it is no journal of Drizzle Kit"


def _folders(folder: Folder) -> list[Folder]:
    inner = [inner for _, inner in sorted(folder.folders.items())]
    return [one for one in inner if _SCRIPT in one.files and "snapshot.json" in one.files]


def _version(name: str) -> str:
    """Return the time in a folder's name as the milliseconds that are recorded."""
    try:
        time = datetime.strptime(name.partition("_")[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return name
    return str(int(time.timestamp()) * 1000)


def _parted(text: str) -> str:
    """Return the text with a semicolon where a breakpoint alone ends a statement: each part is a query of its own."""
    *parts, last = text.split(_BREAKPOINT)
    end = ";".ljust(len(_BREAKPOINT))
    ended = (part + (_BREAKPOINT if part.rstrip().endswith(";") or not part.strip() else end) for part in parts)
    return "".join(ended) + last


LAYOUT = Layout(
    "drizzle",
    recognise,
    read,
    Transaction.FILE,
    History((("drizzle", "__drizzle_migrations"),), ("created_at",), checksum="hash", digests=checksums.drizzle),
    nested=True,
)
