"""golang-migrate (github.com/golang-migrate/migrate: source/parse.go, source/migration.go, database/postgres).

`<number>_<name>.up.sql` and `.down.sql`, in the order of the numbers. A file is sent as one simple query. The table
holds one row: the newest version.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Rows, Transaction
from pgproof.migrations.reading import debris, migration

_UP = re.compile(r"([0-9]+)(?:_(.*))?\.up\.(?:pg)?sql", re.DOTALL)


_PLAIN = re.compile(r"[0-9]+_.*(?<!\.up)(?<!\.down)\.sql", re.DOTALL)
_MARAGU = re.compile(r"^\s*(?:require\s+)?(?:github\.com/maragudk|maragu\.dev)/migrate\s", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """One `.up.sql` is enough: no other tool's files end so, except sqlx's, which is recognised by its project.

    A project with a loop of its own may have given the ending up, here and there: many files have numbers of their own
    without it, and none is reversed. maragu.dev/migrate orders files by their whole names.
    """
    ups = [name for name in folder.files if _UP.fullmatch(name)]
    if not ups:
        return 0.0
    plain = [name for name in folder.files if _PLAIN.fullmatch(name)]
    if len(plain) > 1 and not any(name.endswith(".down.sql") for name in folder.files):
        taken = set(map(_number, ups))
        if len(plain) * 4 >= len(ups) and not any(_number(name) in taken for name in plain):
            return 0.2
    return 0.2 if _MARAGU.search(folder.up("go.mod")) else 0.9


def _number(name: str) -> int:
    return int(re.split(r"\D", name, maxsplit=1)[0])


def read(folder: Folder) -> MigrationDirectory:
    """Read the `.up.sql` files."""
    found = sorted((int(match[1]), match[2] or "", name) for name in folder.files if (match := _UP.fullmatch(name)))
    files = tuple(migration(folder, name, str(number), title) for number, title, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for *_, name in found}))


LAYOUT = Layout(
    "golang_migrate",
    recognise,
    read,
    Transaction.QUERY,
    History(
        (("public", "schema_migrations"),),
        ("version",),
        rows=Rows.LAST,
        shape=frozenset({"version", "dirty"}),
        state="case when dirty then 'failed' end",
        state_columns=("dirty",),
    ),
)
