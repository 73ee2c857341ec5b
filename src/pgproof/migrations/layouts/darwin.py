"""darwin (github.com/ardanlabs/darwin, github.com/GuiaBolso/darwin: parse.go, darwin.go, dialects/postgres).

One file with all migrations, each under a line `-- Version: 1.02` and run as one query in one transaction. It is the
text between the lines: the last statement of each needs no semicolon. The table holds the number of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris
from pgproof.migrations.sections import blank

_VERSION = re.compile(r"^-- ?version\w*:[ \t]*(?P<version>\d+(?:\.\d+)?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(r"-- ?des\w*:[ \t]*(?P<name>[^\n:]*)$", re.IGNORECASE | re.MULTILINE)


def recognise(folder: Folder) -> float:
    """A file that begins with the first version, and names it."""
    return 1.0 if _file(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the sections of the file in the order of their numbers."""
    name = _file(folder)
    files = sorted(_sections(folder, name), key=lambda file: float(file.version)) if name else ()
    return MigrationDirectory(folder.path, LAYOUT.name, tuple(files), debris(folder, {name}))


def _file(folder: Folder) -> str:
    return next((name for name in folder.with_suffix(".sql") if _begins(folder.head(name))), "")


def _begins(head: str) -> bool:
    found = _VERSION.search(head)
    return found is not None and not head[: found.start()].strip() and _NAMED.search(head) is not None


def _sections(folder: Folder, name: str) -> Iterator[MigrationFile]:
    text, problem, way_out = folder.read(name)
    path = folder.join(name)
    if problem:
        yield MigrationFile(path, "0", "", "", problem, way_out)
    marks = list(_VERSION.finditer(text))
    for mark, end in zip(marks, [*(one.start() for one in marks[1:]), len(text)], strict=True):
        named = _NAMED.search(text, mark.end(), end)
        version = f"{float(mark['version']):g}"
        yield MigrationFile(
            f"{path}#{version}",
            version,
            named["name"].strip() if named else "",
            blank(text[: mark.start()]) + text[mark.start() : end],
            source=path,
            line=text.count("\n", 0, mark.start()) + 1,
        )


LAYOUT = Layout(
    "darwin",
    recognise,
    read,
    Transaction.QUERY,
    History((("public", "darwin_migrations"),), ("version",), order="id", name="description"),
)
