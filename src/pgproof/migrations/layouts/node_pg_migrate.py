"""node-pg-migrate's SQL migrations (github.com/salsita/node-pg-migrate: src/sqlMigration.ts, src/runner.ts).

`<time or number>_<name>.sql` with `-- Up Migration` and `-- Down Migration` sections; without the first, everything
before the second counts. JavaScript and TypeScript migrations may stand between them. The name without its ending is
recorded.
"""

from __future__ import annotations

import re

from pgproof.migrations import sections
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, in_code, migration

_FILE = re.compile(r"(\d+)[-_](.*)\.(?:sql|[cm]?[jt]s)", re.DOTALL)
_UP = re.compile(r"^\s*--[\s-]*up\s+migration", re.IGNORECASE | re.MULTILINE)
_DOWN = re.compile(r"^\s*--[\s-]*down\s+migration", re.IGNORECASE | re.MULTILINE)


def recognise(folder: Folder) -> float:
    """One of the markers."""
    heads = folder.heads([name for name in folder.with_suffix(".sql") if _FILE.fullmatch(name)])
    return 0.9 if any(_UP.search(head) or _DOWN.search(head) for head in heads) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the up sections; migrations in code keep their place in the order."""
    found = sorted((int(match[1]), match[2], name) for name in folder.files if (match := _FILE.fullmatch(name)))
    files = tuple(_migration(folder, title, name) for _, title, name in found)
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, {name for *_, name in found}))


def _migration(folder: Folder, title: str, name: str) -> MigrationFile:
    version = name.rpartition(".")[0]
    if not name.endswith(".sql"):
        return in_code(folder, name, version, title, "JavaScript or TypeScript")
    return migration(folder, name, version, title, cut=_up_section)


def _up_section(text: str) -> str:
    return sections.keep(text, _UP, _DOWN) or sections.before(text, _DOWN)


LAYOUT = Layout(
    "node_pg_migrate",
    recognise,
    read,
    Transaction.FILE,
    History((("public", "pgmigrations"),), ("name",), applied_at="run_on", shape=frozenset({"id", "name", "run_on"})),
)
