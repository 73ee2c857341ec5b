"""A folder a release, numbered files in each: `0.27/00__rename.sql`, `104/02_users.up.sql`.

No tool of its own, but a common order.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout, Transaction
from pgproof.migrations.layouts.schema import whole_schema
from pgproof.migrations.order import Numbered, natural, numbered
from pgproof.migrations.reading import debris, is_reversal, migration

_UNDOES = re.compile(r"(?:^|[/_-])(?:rollbacks?|reverts?|undo|downgrades?)(?=$|[/_-])", re.IGNORECASE)


def recognise(folder: Folder) -> float:
    """Folders that releases name, each with numbered files of its own; beside them no such files, and no schema."""
    if any(numbered(name[:-4]) for name in folder.with_suffix(".sql")) or _UNDOES.search(folder.path):
        return 0.0
    if whole_schema(folder):
        return 0.0
    found = _files(folder)
    releases = {inner.name for _, inner, _ in found}
    distinct = len({name for *_, name in found}) * 2 > len(found)  # else each holds the same for another server
    return 0.4 if len(releases) > (1 if all("." in name for name in releases) else 2) and distinct else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the numbered files of all releases, release after release."""
    found = _files(folder)
    files = tuple(
        migration(inner, name, f"{inner.name}/{number.version}", number.name) for number, inner, name in found
    )
    used = {inner.path for _, inner, _ in found}
    others = [one for one in debris(folder, ()) if one.path not in used]
    for path in sorted(used):
        inner = next(inner for _, inner, _ in found if inner.path == path)
        others += debris(inner, {name for _, one, name in found if one is inner})
    return MigrationDirectory(folder.path, LAYOUT.name, files, tuple(sorted(others, key=lambda one: one.path)))


def _files(folder: Folder) -> list[tuple[Numbered, Folder, str]]:
    found = []
    for inner in folder.folders.values():
        release = numbered(inner.name)
        if not release or release.name:
            continue
        for name in inner.with_suffix(".sql"):
            number = numbered(name[:-4])
            if number and not is_reversal(name[:-4]):
                found.append((release.numbers, number.numbers, number.letter, natural(name), number, inner, name))
    return [one[4:] for one in sorted(found, key=lambda one: one[:4])]


LAYOUT = Layout("releases", recognise, read, Transaction.FILE, nested=True)
