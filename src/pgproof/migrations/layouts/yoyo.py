"""yoyo (ollycope.com/software/yoyo; yoyo/migrations.py).

`<id>.sql` and `<id>.py`, each with `<id>.rollback.sql` beside it, in the order of the ids, what `-- depends:` names
first. Each runs in one transaction unless it says `-- transactional: false`. The id is recorded.
"""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import debris, in_code, migration

_DEPENDS = re.compile(r"^--[ \t]*depends[ \t]*:(?P<ids>[^\n]*)$", re.IGNORECASE | re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^--[ \t]*transactional[ \t]*:[ \t]*false\b", re.IGNORECASE | re.MULTILINE)
_SOURCES = re.compile(r"^[ \t]*sources[ \t]*[=:](.*)$", re.MULTILINE)
_ROLLBACK = ".rollback.sql"
_HOOK = "post-apply"
_STEPS = re.compile(r"^(?:from|import)[ \t]+yoyo\b", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """What `depends` says, or yoyo's configuration: it names the folder, or a rollback script is beside a migration."""
    sql = [name for name in folder.with_suffix(".sql") if not name.endswith(_ROLLBACK)]
    if any(_DEPENDS.search(head) for head in folder.heads(sql)):
        return 0.95
    beside = any(f"{name[:-4]}{_ROLLBACK}" in folder.files for name in sql)
    configuration = folder.up("yoyo.ini")
    named = {path.rstrip("/").rpartition("/")[2] for paths in _SOURCES.findall(configuration) for path in paths.split()}
    return 0.9 if configuration and (beside or (sql and folder.name in named)) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the migrations in the order in which yoyo applies them."""
    names = {name.rpartition(".")[0]: name for name in _names(folder)}
    files = tuple(_migration(folder, stem, names[stem]) for stem in _ordered(folder, names))
    return MigrationDirectory(folder.path, LAYOUT.name, files, debris(folder, set(names.values())))


def _migration(folder: Folder, stem: str, name: str) -> MigrationFile:
    if name.endswith(".py"):
        return in_code(folder, name, stem, stem, "Python")
    return migration(folder, name, stem, stem, alone=_NO_TRANSACTION)


def _names(folder: Folder) -> list[str]:
    sql = [name for name in folder.files if name.endswith(".sql") and not name.endswith(_ROLLBACK)]
    python = [name for name in folder.files if name.endswith(".py") and _STEPS.search(folder.head(name))]
    return sorted(name for name in (*sql, *python) if not name.startswith(_HOOK))


def _ordered(folder: Folder, names: dict[str, str]) -> list[str]:
    """Return the ids, each after those that it depends on; a circle is left in the order of the ids."""
    done: dict[str, None] = {}
    above: set[str] = set()

    def add(stem: str) -> None:
        if stem in done or stem in above or stem not in names:
            return
        above.add(stem)
        head = folder.head(names[stem]) if names[stem].endswith(".sql") else ""
        for found in _DEPENDS.finditer(head):
            for other in sorted(found["ids"].split()):
                add(other)
        above.discard(stem)
        done[stem] = None

    for stem in sorted(names):
        add(stem)
    return list(done)


LAYOUT = Layout(
    "yoyo",
    recognise,
    read,
    Transaction.FILE,
    History((("public", "_yoyo_migration"),), ("migration_id",), applied_at="applied_at_utc"),
)
