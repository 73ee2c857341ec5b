"""Liquibase's formatted SQL (docs.liquibase.com: sql-format).

Files that begin with `--liquibase formatted sql`, in the order in which a changelog in XML, YAML or JSON beside them
names them, else in that of their paths, as `includeAll` does. Each changeset is a migration: it runs in one transaction
unless it says `runInTransaction:false`, and is recorded with its id, its author and the file. Rollback lines are
comments. Changesets for other systems (`dbms:`) are left out; contexts, labels and preconditions are not looked at: in
the replay all others run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from pgproof.migrations import checksums
from pgproof.migrations.changesets import CHANGESET, Changeset, changesets
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.order import natural
from pgproof.migrations.reading import debris, migration
from pgproof.migrations.sections import blank

_FORMATTED = re.compile(r"\A\s*--\s*liquibase formatted sql\b", re.IGNORECASE)
_LOGICAL = re.compile(r"\blogicalFilePath:(\S+)", re.IGNORECASE)
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
            found += [(own, file) for file in _migrations(inner, name, own)]
        others += [one for one in debris(inner, set(names)) if one.path.rpartition("/")[2] not in inner.folders]
    order = _included(folder)
    found.sort(key=lambda one: (_place(one[0], order), natural(one[0])))
    files = tuple(file for _, file in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, tuple(sorted(others, key=lambda one: one.path)))


def _migrations(folder: Folder, name: str, own: str) -> Iterator[MigrationFile]:
    """Yield each changeset of a file; the only one has the file's name."""
    whole = migration(folder, name, own, name[:-4], cut=_applied)
    kept = [one for one in changesets(whole.text) if one.id]
    for number, one in enumerate(kept):
        which = f"::{one.id}::{one.author}"
        made = replace(
            whole,
            transactional=one.attributes.get("runintransaction", "").lower() != "false",
            repeatable=one.says("runonchange") or one.says("runalways"),
            conditional=one.conditional,
        )
        yield (
            made
            if len(kept) == 1
            else replace(
                made,
                path=f"{whole.path}{which}",
                version=f"{own}{which}",
                name=one.id,
                text=_alone(whole.text, one, first=number == 0),
                source=whole.path,
                line=one.line,
            )
        )
    if not kept:
        yield whole


def _alone(text: str, one: Changeset, *, first: bool) -> str:
    """Return a file's text up to the end of a changeset, with only the line ends of those before it.

    What stands before all of them stays with the first one.
    """
    header = one.start if first else text.find("\n") + 1
    return text[:header] + "\n" * text.count("\n", header, one.start) + one.text


def _included(folder: Folder) -> list[str]:
    """Return the files that changelogs in this folder or the one above name, in their order."""
    changelogs = [name for name in folder.files if name.endswith(_CHANGELOGS)]
    return [path for name in changelogs for path in _INCLUDED.findall(folder.head(name))]


def _place(path: str, order: list[str]) -> int:
    return next((n for n, named in enumerate(order) if named == path or named.endswith(f"/{path}")), len(order))


def _applied(text: str) -> str:
    """Blank the changesets of other systems, and write other ends of statements as semicolons."""
    found = changesets(text)
    pieces = [text[: found[0].start] if found else text]
    for one in found:
        piece = one.text
        systems = {name.strip().lower() for name in one.attributes.get("dbms", "all").split(",")}
        excluded = {name.removeprefix("!") for name in systems if name.startswith("!")}
        if (excluded & _POSTGRES) or not (excluded or systems & _POSTGRES):
            piece = blank(piece)
        elif (end := one.attributes.get("enddelimiter", ";")) != ";":
            piece = re.sub(rf"{re.escape(end)}(?=[ \t\r]*$)", ";".ljust(len(end)), piece, flags=re.MULTILINE)
        pieces.append(piece)
    return "".join(pieces)


def _spellings(file: MigrationFile) -> frozenset[str]:
    """Return how a changeset's row may name it: its file may be written from any folder above, or as it says itself."""
    path = PurePosixPath(file.on_disk)
    paths = ["/".join(path.parts[start:]) for start in range(len(path.parts))]
    found = CHANGESET.search(file.text)
    logical = [*_LOGICAL.findall(found["attributes"] if found else ""), *_LOGICAL.findall(file.text.partition("\n")[0])]
    return frozenset(
        f"{prefix}{one}::{each.id}::{each.author}"
        for each in changesets(file.text)
        for one in (logical[:1] or paths)
        for prefix in ("", "classpath:")
    )


LAYOUT = Layout(
    "liquibase",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("public", "databasechangelog"),),
        ("filename",),
        _spellings,
        applied_at="dateexecuted",
        counts="exectype in ('EXECUTED', 'RERAN', 'MARK_RAN')",
        state="case exectype when 'FAILED' then 'failed' when 'MARK_RAN' then 'marked' end",
        state_columns=("exectype", "id", "author"),
        value="filename || '::' || id || '::' || author",
        checksum="md5sum",
        digests=checksums.liquibase,
        shape=frozenset(
            {"id", "author", "filename", "dateexecuted", "orderexecuted", "exectype", "md5sum", "description"}
            | {"comments", "tag", "liquibase", "contexts", "labels", "deployment_id"}
        ),
        strict=True,
    ),
    nested=True,
)
