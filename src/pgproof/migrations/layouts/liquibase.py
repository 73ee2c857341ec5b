"""Liquibase's formatted SQL (docs.liquibase.com: sql-format).

Files that begin with `--liquibase formatted sql`, in the order in which a changelog in XML, YAML or JSON beside them
names them, else in that of their paths, as `includeAll` does. Each changeset runs in one transaction unless it says
`runInTransaction:false`, and is recorded with its id, its author and the file. Rollback lines are comments. Changesets
for other systems (`dbms:`) are left out; contexts, labels and preconditions are not looked at: all others run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.order import natural
from pgproof.migrations.reading import debris, migration
from pgproof.migrations.sections import blank

_FORMATTED = re.compile(r"\A\s*--\s*liquibase formatted sql\b", re.IGNORECASE)
_CHANGESET = re.compile(
    r"^[ \t]*--[ \t]*changeset[ \t]+(?P<author>[^\s:]+|\"[^\"\n]*\"):(?P<id>\"[^\"\n]*\"|\S+)(?P<attributes>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_ATTRIBUTE = re.compile(r'(\w+)[ \t]*:[ \t]*("[^"\n]*"|\S+)')
_INCLUDED = re.compile(r"""\bfile["']?\s*[:=]\s*["']?([^"'\s,>}]+\.sql)""")
_CHANGELOGS = (".xml", ".yaml", ".yml", ".json")
_POSTGRES = {"postgresql", "postgres", "all"}


def recognise(folder: Folder) -> float:
    """The first line."""
    return 1.0 if any(_FORMATTED.search(head) for head in folder.heads(folder.with_suffix(".sql"))) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the formatted files of this folder and all below it."""
    found: list[tuple[str, MigrationFile]] = []
    others = []
    for inner in (folder, *folder.below()):
        names = [name for name in inner.with_suffix(".sql") if _FORMATTED.search(inner.head(name))]
        for name in names:
            path = inner.join(name)
            own = path if folder.path == "." else path.removeprefix(f"{folder.path}/")
            found.append((own, migration(inner, name, own, name[:-4], cut=_applied, alone=_outside(inner, name))))
        others += [one for one in debris(inner, set(names)) if one.path.rpartition("/")[2] not in inner.folders]
    order = _included(folder)
    found.sort(key=lambda one: (_place(one[0], order), natural(one[0])))
    files = tuple(file for _, file in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, tuple(sorted(others, key=lambda one: one.path)))


def _outside(folder: Folder, name: str) -> re.Pattern[str] | None:
    attributes = (_attributes(found["attributes"]) for found in _CHANGESET.finditer(folder.head(name)))
    return re.compile("") if any(one.get("runintransaction") == "false" for one in attributes) else None


def _included(folder: Folder) -> list[str]:
    """Return the files that changelogs in this folder or the one above name, in their order."""
    changelogs = [name for name in folder.files if name.endswith(_CHANGELOGS)]
    return [path for name in changelogs for path in _INCLUDED.findall(folder.head(name))]


def _place(path: str, order: list[str]) -> int:
    return next((n for n, named in enumerate(order) if named == path or named.endswith(f"/{path}")), len(order))


def _applied(text: str) -> str:
    """Blank the changesets of other systems, and write other ends of statements as semicolons."""
    changesets = list(_CHANGESET.finditer(text))
    pieces = [text[: changesets[0].start()] if changesets else text]
    for found, following in zip(changesets, [*changesets[1:], None], strict=True):
        piece = text[found.start() : following.start() if following else len(text)]
        attributes = _attributes(found["attributes"])
        systems = {name.strip().lower() for name in attributes.get("dbms", "all").split(",")}
        excluded = {name.removeprefix("!") for name in systems if name.startswith("!")}
        if (excluded & _POSTGRES) or not (excluded or systems & _POSTGRES):
            piece = blank(piece)
        elif (end := attributes.get("enddelimiter", ";")) != ";":
            piece = re.sub(rf"{re.escape(end)}(?=[ \t\r]*$)", ";".ljust(len(end)), piece, flags=re.MULTILINE)
        pieces.append(piece)
    return "".join(pieces)


def _attributes(text: str) -> dict[str, str]:
    found = {name.lower(): value.strip('"') for name, value in _ATTRIBUTE.findall(text)}
    return {name: value if name == "enddelimiter" else value.lower() for name, value in found.items()}


def _pieces(file: MigrationFile) -> Iterator[frozenset[str]]:
    """Yield the spellings of each changeset's row: its file may be written from any folder above."""
    path = PurePosixPath(file.path)
    paths = ["/".join(path.parts[start:]) for start in range(len(path.parts))]
    for found in _CHANGESET.finditer(file.text):
        who = f"{found['id'].strip(chr(34))}::{found['author'].strip(chr(34))}"
        yield frozenset(f"{prefix}{one}::{who}" for one in paths for prefix in ("", "classpath:"))


LAYOUT = Layout(
    "liquibase",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("public", "databasechangelog"),),
        ("filename",),
        lambda file: frozenset().union(*_pieces(file)),
        applied_at="dateexecuted",
        counts="exectype in ('EXECUTED', 'RERAN', 'MARK_RAN')",
        state="case exectype when 'FAILED' then 'failed' when 'MARK_RAN' then 'marked' end",
        state_columns=("exectype", "id", "author"),
        value="filename || '::' || id || '::' || author",
        pieces=lambda file: tuple(_pieces(file)),
        strict=True,
    ),
    nested=True,
)
