"""Sqitch (sqitch.org/docs/manual/sqitchplan): `sqitch.plan` orders the changes, `deploy/<change>.sql` holds them.

psql runs each file, statement by statement; the scripts say BEGIN and COMMIT themselves.
"""

from __future__ import annotations

import re

from pgproof.migrations import checksums
from pgproof.migrations.file import Debris, MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.reading import migration

_PLAN = "sqitch.plan"
_CHANGE = re.compile(r"^[ \t]*\+?[ \t]*([^\s%@#+-][^\s\[]*)(?:[ \t]+\[[^\]]*\])?[ \t]+\d{4}-\d\d-\d\dT", re.MULTILINE)
_TAG = re.compile(r"^[ \t]*@(\S+)", re.MULTILINE)


def recognise(folder: Folder) -> float:
    """The plan."""
    return 1.0 if _PLAN in folder.files and "deploy" in folder.folders else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the deploy scripts in the plan's order."""
    plan = folder.read(_PLAN)
    if plan.problem:
        return MigrationDirectory(
            folder.path, LAYOUT.name, (MigrationFile(folder.join(_PLAN), "", "", "", plan.problem, plan.way_out),)
        )
    changes = [(found.start(), found[1]) for found in _CHANGE.finditer(plan.text)]
    tags = [(found.start(), found[1]) for found in _TAG.finditer(plan.text)]
    files = []
    for index, (place, change) in enumerate(changes):
        again = next((later for later, name in changes[index + 1 :] if name == change), None)
        files.append(_deploy(folder, change, [tag for at, tag in tags if again and place < at < again]))
    used = {file.path for file in files}
    scripts = [inner.join(name) for inner in _deploy_folders(folder) for name in inner.with_suffix(".sql")]
    others = tuple(Debris(path, "not in the plan") for path in sorted(scripts) if path not in used)
    return MigrationDirectory(folder.path, LAYOUT.name, tuple(files), others)


def _deploy(folder: Folder, change: str, tags: list[str]) -> MigrationFile:
    """Read a change's script; one that was reworked keeps its old script as `<change>@<tag>.sql`.

    The tag is one of those between the change and its rework: the last one whose file is there (path_segments of
    App::Sqitch::Plan::Change).
    """
    *path, last = change.split("/")
    inner: Folder | None = folder.folders["deploy"]
    for part in path:
        inner = inner.folders.get(part) if inner else None
    suffixes = [f"@{tag}" for tag in reversed(tags)] or [""]
    for suffix in suffixes:
        if inner and f"{last}{suffix}.sql" in inner.files:
            return migration(inner, f"{last}{suffix}.sql", change + suffix, change)
    version, name = change + suffixes[0], f"{last}{suffixes[0]}.sql"
    missing = folder.join("/".join(["deploy", *path, name]))
    return MigrationFile(missing, version, change, "", "the plan lists it, but there is no such file", absent=True)


def _deploy_folders(folder: Folder) -> list[Folder]:
    deploy = folder.folders["deploy"]
    return [deploy, *deploy.below()]


LAYOUT = Layout(
    "sqitch",
    recognise,
    read,
    Transaction.STATEMENT,
    History(
        (("sqitch", "changes"),),
        ("change",),
        lambda file: frozenset({file.name}),
        applied_at="committed_at",
        order="committed_at",
        shape=frozenset(
            {"change_id", "script_hash", "change", "project", "note", "committed_at", "committer_name"}
            | {"committer_email", "planned_at", "planner_name", "planner_email"}
        ),
        checksum="script_hash",
        digests=checksums.sqitch,
    ),
    nested=True,
)
