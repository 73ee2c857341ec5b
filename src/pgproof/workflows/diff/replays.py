"""The sides of a comparison that are replayed on a private server: migrations, and dumps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pgproof.evidence.chains import Chain
from pgproof.evidence.directories import COMMAND, Directories, Migrations
from pgproof.evidence.limits import limit
from pgproof.evidence.part import Absent
from pgproof.evidence.store import Evidence
from pgproof.evidence.wording import counted
from pgproof.migrations.base import read_base
from pgproof.migrations.discover import WHOLE_SCHEMA
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.observation import Observation, Replay
from pgproof.model import Gap
from pgproof.model.errors import PgproofError, UsageError
from pgproof.model.spelling import did_you_mean
from pgproof.workflows.diff.sides import Named, Side, What

_DUMPED = re.compile(r"^-- Dumped from database version (\d+)", re.MULTILINE)
_HARMLESS = {"42P06", "42P07", "42710", "42723"}
"""Duplicate schema, relation, object, function: a new database, or the platform, had it before the dump."""
_UNKNOWN_SETTING = "42704"
_SHOWN = 5
_SET = {"GrantStmt": ("privileges",), "CommentStmt": ("comment",), "AlterOwnerStmt": ("owner", "privileges")}
_ONE_BY_ONE = ("privileges", "owner", "comment")
_OWNER = re.compile(r"\s*alter\s[^,]*\sowner\s+to\s[^,]*", re.IGNORECASE)

T = TypeVar("T")


def dumped_from(side: Named) -> int | None:
    """Return the major version that a dump says it comes from."""
    with Path(side.place).open("rb") as file:
        found = _DUMPED.search(file.read(4096).decode("utf-8", "replace"))
    return int(found[1]) if found else None


def evidence_of(side: Named, stack: ExitStack) -> Evidence:
    """Return evidence in which `side` is the migrations that are replayed; it is open until `stack` ends.

    Raises UsageError when a file cannot be read, or when there is no such migration.
    """
    config = side.settings.config
    if side.what is What.DUMP:
        config = replace(config, replay_command="", migrations="")
        settings = replace(side.settings, config=config, live=None, base=None)
    else:
        if side.place:
            config = replace(config, replay_command="", migrations=side.place)
        settings = replace(side.settings, config=config, live=None)
    evidence = stack.enter_context(Evidence(settings))
    if side.what is What.DUMP:
        dump = _dump(side)
        evidence.give(Directories((dump,), {dump.path: dump.path}))
        evidence.give(Migrations(dump))
    elif side.last:
        migrations = there(evidence.get(Migrations))
        evidence.give(Migrations(_until(migrations.directory, side)))
    return evidence


def replayed(side: Named, evidence: Evidence) -> Side:
    """Replay a side. `evidence` is `evidence_of` it, with the server that it is replayed on.

    Raises PgproofError when there are no migrations, or when the private server cannot be had.
    """
    migrations, replay = there(evidence.get(Migrations)), there(evidence.get(Replay))
    failed = [one for one in replay.observations if one.refused or _counts(one)]
    unsure = {
        of: _mentioned(one for one in failed if of in _sets_only(one)) for of in ("privileges", "owner", "comment")
    }
    known = replace(replay, unknown=_mentioned(one for one in failed if not _sets_only(one)))
    description = _described(side, migrations.directory, replay)
    assumed = () if side.what is What.DUMP else replay.gaps  # a dump never has its roles
    gaps = (*_failures(failed), *assumed)
    texts = tuple(" ".join(one.text.split()) for one in failed)
    return Side(side.name, side.what, description, replay.catalog, known, gaps, unsure, texts)


def there(part: T | Absent) -> T:
    """Return the part. Raises PgproofError when it is absent."""
    if isinstance(part, Absent):
        raise PgproofError(part.gap.reason, part.gap.way_out)
    return part


def _dump(side: Named) -> MigrationDirectory:
    """Return a dump as a directory of one migration that psql runs."""
    text = read_base(side.place, side.settings.config.encoding, "dump").script
    place = Path(side.place)
    root = side.settings.root.resolve()
    path = place.relative_to(root).as_posix() if place.is_relative_to(root) else side.name
    return MigrationDirectory(path, WHOLE_SCHEMA, (MigrationFile(path, "", place.name, text),))


def _until(directory: MigrationDirectory, side: Named) -> MigrationDirectory:
    """Return the directory with the migrations up to the one that was named, by version or by file."""
    found = [number for number, file in enumerate(directory.files) if side.last in _spellings(file)]
    found = found or [
        number for number, file in enumerate(directory.files) if file.version.lstrip("0") == side.last.lstrip("0")
    ]
    if len(found) != 1:
        versions = [file.version for file in directory.files]
        several = f"{len(found)} migrations are" if found else "no migration is"
        raise UsageError(
            f"{side.name}: {several} called {side.last}{did_you_mean(side.last, versions)}",
            f"Name a version or a file of {directory.path}: {', '.join(versions[:_SHOWN])}"
            + " …" * (len(versions) > _SHOWN),
        )
    return replace(directory, files=directory.files[: found[0] + 1])


def _spellings(file: MigrationFile) -> set[str]:
    *_, folder, name = ("", *file.path.split("/"))
    return {
        file.version,
        file.name,
        file.path,
        name,
        name.removesuffix(".sql"),
        folder if name == "migration.sql" else name,
    }


def _described(side: Named, directory: MigrationDirectory, replay: Replay) -> str:
    if side.what is What.DUMP:
        return f"dump, restored on {replay.server}"
    if directory.layout == COMMAND:
        return f"migrations, by the project's own command on {replay.server}"
    files = counted(len(directory), "file")
    return f"migrations ({directory.layout}, {files}), replayed on {replay.server}"


def _mentioned(several: Iterable[Observation]) -> frozenset[tuple[str, str]]:
    return frozenset(name for one in several for name in one.mentions)


def _sets_only(observation: Observation) -> tuple[str, ...]:
    """Return the attributes that a statement sets when it does nothing else: what it mentions is known but for them."""
    if observation.node == "AlterTableStmt" and _OWNER.fullmatch(observation.text):
        return _SET["AlterOwnerStmt"]
    return _SET.get(observation.node, ())


def _counts(observation: Observation) -> bool:
    """Whether a failure leaves something out: not that a thing is there already, or a setting of a newer pg_dump."""
    failure = observation.failure
    if failure is None or failure.sqlstate in _HARMLESS:
        return False
    return not (failure.sqlstate == _UNKNOWN_SETTING and observation.node in ("VariableSetStmt", "SelectStmt"))


def _failures(failed: Sequence[Observation]) -> Iterator[Gap]:
    """Name what was not run. That blocks, unless the sandbox is to blame, or what the sandbox refused before."""
    refused = Chain()
    gaps = []
    for one in failed:
        said = one.failure.message if one.failure else one.refused
        blamed = bool(limit(one)) or refused.explains(one)
        if blamed:
            refused.add(one)
        gaps.append(Gap(f"what this statement makes: {said}", not blamed, one.location))
    yield from gaps[:_SHOWN]
    if more := gaps[_SHOWN:]:
        reason = f"what {counted(len(more), 'more statement')} of {failed[0].origin} make, which could not be run"
        yield Gap(reason, any(gap.blocking for gap in more))
