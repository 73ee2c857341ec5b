"""A folder a release, numbered files in each: `0.27/00__rename.sql`. No tool of its own, but a common order."""

from __future__ import annotations

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout, Transaction
from pgproof.migrations.order import Numbered, natural, numbered
from pgproof.migrations.reading import debris, is_reversal, migration


def recognise(folder: Folder) -> float:
    """Two folders that a release names, each with numbered files, and no numbered files beside them."""
    if any(numbered(name[:-4]) for name in folder.with_suffix(".sql")):
        return 0.0
    return 0.4 if len({inner.name for _, inner, _ in _files(folder)}) > 1 else 0.0


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
        if not release or release.name or len(release.numbers) < 2:
            continue
        for name in inner.with_suffix(".sql"):
            number = numbered(name[:-4])
            if number and not is_reversal(name[:-4]):
                found.append((release.numbers, number.numbers, number.letter, natural(name), number, inner, name))
    return [one[4:] for one in sorted(found, key=lambda one: one[:4])]


LAYOUT = Layout("releases", recognise, read, Transaction.FILE, nested=True)
