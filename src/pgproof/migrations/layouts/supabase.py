"""The Supabase CLI (github.com/supabase/cli: pkg/migration/{list,file,apply,history}.go).

`supabase/migrations/<digits>_<name>.sql`, in the order of the names' bytes (Go's ReadDir); whatever else lies there
is skipped. So are the files `<timestamp>-<uuid>.sql` that Lovable wrote in the summer of 2025 and applied itself
under that version: migrations all the same, without which the later ones have no base. Each file is split into
statements and sent as one pipeline together with its row of history: an implicit transaction. Since 2.109 what
refuses a transaction block is sent alone between two such pipelines (pull requests 5156 and 6276). Before each file
the CLI runs RESET ALL.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, migration

_FILE = re.compile(r"([0-9]+)_(.*)\.sql", re.DOTALL)
_OF_LOVABLE = re.compile(r"([0-9]{14})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.sql")
_OLD_INIT = re.compile(r"([0-9]{14})_init\.sql")
_INIT_COUNTS_SINCE = 20211209000000
_SENT_ALONE = re.compile(
    r"^\s*(?:(?:create(?:\s+unique)?|drop)\s+index\s+concurrently|reindex\b[^;]*\bconcurrently|vacuum|cluster|alter\s+system)\b",
    re.IGNORECASE | re.MULTILINE,
)


def recognise(folder: Folder) -> float:
    """The place is what the CLI goes by."""
    placed = folder.path == "supabase/migrations" or folder.path.endswith("/supabase/migrations")
    return 1.0 if placed and _names(folder) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read what the CLI would apply."""
    names = _names(folder)
    files = tuple(
        migration(folder, name, found[1], found[2], alone=_SENT_ALONE)
        for name in names
        if (found := _is_migration(name))
    )
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, names))


def _names(folder: Folder) -> list[str]:
    names = sorted(folder.files, key=lambda name: name.encode("utf-8", "surrogateescape"))
    if names and (old := _OLD_INIT.fullmatch(names[0])) and int(old[1]) < _INIT_COUNTS_SINCE:
        names = names[1:]  # as the CLI: versions before 2021-12 wrote one that is not to be applied
    return [name for name in names if _is_migration(name)]


def _is_migration(name: str) -> re.Match[str] | None:
    return _FILE.fullmatch(name) or _OF_LOVABLE.fullmatch(name)


LAYOUT = Layout(
    "supabase",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("supabase_migrations", "schema_migrations"),),
        ("version",),
        name="name",
        statements="statements",
    ),
)
