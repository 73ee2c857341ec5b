"""Flyway and its kin, refinery among them (documentation.red-gate.com/flyway: migrations, naming).

`V<version>__<name>.sql` in this folder and all below it, in the order of the versions' parts; then `R__<name>.sql` in
the order of their names. `U…` undoes. Each file runs in one transaction unless it holds what refuses one, or the file
`<script>.conf` beside it says `executeInTransaction=false`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from pgproof.migrations import checksums
from pgproof.migrations.file import Debris, MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import History, Layout, Transaction
from pgproof.migrations.order import natural
from pgproof.migrations.reading import debris, in_code, migration

_VERSIONED = re.compile(r"[VB](\d+(?:[._]\d+)*)__(.*)\.(sql|java|kt|rs)", re.DOTALL)
_REPEATABLE = re.compile(r"R__(.*)\.sql", re.DOTALL)
_LANGUAGES = {"java": "Java", "kt": "Kotlin", "rs": "Rust"}
# What Flyway itself takes as a sign (PostgreSQLParser.java). It refuses a file that holds other statements too, unless
# `mixed` is set; here that is none.
_ALONE = re.compile(
    r"^\s*(?:(?:create(?:\s+unique)?|drop)\s+index\s+concurrently|reindex\b|vacuum\b|discard\s+all|alter\s+system"
    r"|create\s+(?:database|tablespace|subscription))\b",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"(?:\.0)+$")
_NO_TRANSACTION = re.compile(r"^\s*executeInTransaction\s*=\s*false\b", re.IGNORECASE | re.MULTILINE)

_VERSION_OR_SCRIPT = r"""
coalesce(regexp_replace(regexp_replace(version, '(^|[.])0+(?=[0-9])', '\1', 'g'), '([.]0)+$', ''), script)
""".strip()


def recognise(folder: Folder) -> float:
    """Two underscores after `V` and a number are Flyway's own; one file is enough."""
    return 0.9 if any(_VERSIONED.fullmatch(name) for name in folder.with_suffix(".sql")) else 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read the versioned migrations, then the repeatable ones."""
    versioned: list[tuple[tuple[int, ...], MigrationFile]] = []
    repeatable: list[MigrationFile] = []
    others: list[Debris] = []
    for inner in (folder, *folder.below()):
        used = set()
        for name in inner.files:
            if match := _VERSIONED.fullmatch(name):
                file = _versioned(inner, match)
                versioned.append((tuple(int(part) for part in file.version.split(".")), file))
                used.add(name)
            elif match := _REPEATABLE.fullmatch(name):
                repeatable.append(replace(_script(inner, name, name, match[1]), repeatable=True))
                used.add(name)
        others += [one for one in debris(inner, used) if one.path.rpartition("/")[2] not in inner.folders]
    kept, replaced = _without_baselines(versioned)
    others += [Debris(file.path, "baseline of a new database") for file in replaced]
    files = [file for _, file in sorted(kept, key=lambda one: (one[0], one[1].path))]
    files += sorted(repeatable, key=lambda file: natural(file.name))
    return MigrationDirectory(folder.path, LAYOUT.name, tuple(files), tuple(sorted(others, key=lambda one: one.path)))


def _without_baselines(
    versioned: list[tuple[tuple[int, ...], MigrationFile]],
) -> tuple[list[tuple[tuple[int, ...], MigrationFile]], list[MigrationFile]]:
    """Tell apart the baselines (`B3__…`) that stand in place of migrations which are still there.

    A new database gets the newest baseline and what comes after it; that should be what all migrations make.
    """
    scripts = [one for one in versioned if not one[1].path.rpartition("/")[2].startswith("B")]
    baselines = sorted((one for one in versioned if one not in scripts), key=lambda one: (one[0], one[1].path))
    lowest = min((version for version, _ in scripts), default=())
    used = [one for one in baselines[-1:] if not scripts or lowest > one[0]]
    return [*used, *scripts], [file for _, file in baselines if (not used or file is not used[0][1])]


def _versioned(folder: Folder, match: re.Match[str]) -> MigrationFile:
    version, title, suffix = match[1].replace("_", "."), match[2], match[3]
    if suffix != "sql":
        return in_code(folder, match.string, version, title, _LANGUAGES[suffix])
    return _script(folder, match.string, version, title)


def _script(folder: Folder, name: str, version: str, title: str) -> MigrationFile:
    alone = re.compile("") if _NO_TRANSACTION.search(folder.head(f"{name}.conf")) else _ALONE
    return migration(folder, name, version, title, alone=alone)


def _spellings(file: MigrationFile) -> frozenset[str]:
    """Return the version without zeros that mean nothing, as Flyway compares it; or a repeatable one's script."""
    path = PurePosixPath(file.path)
    if file.version == path.name:
        return frozenset("/".join(path.parts[start:]) for start in range(len(path.parts)))
    return frozenset({_END.sub("", ".".join(str(int(part)) for part in file.version.split(".")))})


LAYOUT = Layout(
    "flyway",
    recognise,
    read,
    Transaction.FILE,
    History(
        (("public", "flyway_schema_history"), ("public", "schema_version")),
        ("script",),
        _spellings,
        value=_VERSION_OR_SCRIPT,
        order="installed_rank",
        shape=frozenset(
            {"installed_rank", "version", "description", "type", "script", "checksum"}
            | {"installed_by", "installed_on", "execution_time", "success"}
        ),
        name="description",
        applied_at="installed_on",
        counts="success and type in ('SQL', 'JDBC', 'SCRIPT')",
        checksum="checksum",
        digests=checksums.flyway,
        strict=True,
        state="case when not success then 'failed' end",
        state_columns=("success", "type", "version"),
        through="case when success and type in ('BASELINE', 'SQL_BASELINE') then version end",
    ),
    nested=True,
)
