"""The migrations on a private server, from the last layer that is still true, to the catalog that they make."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pgproof.catalog import snapshot
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.ahead import read_ahead
from pgproof.migrations.replay.assumed import Roles
from pgproof.migrations.replay.file import replay_file
from pgproof.migrations.replay.foundation import lay
from pgproof.migrations.replay.limits import Watch
from pgproof.migrations.replay.prerequisites import Prerequisites
from pgproof.migrations.replay.progress import Progress
from pgproof.migrations.replay.readable import require_readable
from pgproof.migrations.replay.stage import Stage
from pgproof.migrations.replay.task import Task, digest, file_digest
from pgproof.migrations.replay.trace import Trace, created, shaped, told
from pgproof.shadow.sandbox import OWNER, SCHEMA

if TYPE_CHECKING:
    from pgproof.catalog.object import Catalog
    from pgproof.migrations.stored import Memory
    from pgproof.shadow.database import Database
    from pgproof.shadow.shadow import Shadow

LAYER_AFTER_S = 0.2
"""How long a replay must take before it is worth a layer of its own (one costs about 20 ms and 20 MB)."""
LAST_AFTER_S = 0.1
"""How long it must take to be worth one before the last file, which is the one that is worked on."""
LAYER_COST = 0.1
"""The part of a replay's time that layers may cost: a disk may be slow."""
FEWER_LAYERS = 0.25
"""The part of the whole replay that lies at least between two layers, so that a long one has few."""

_EXTENSIONS = "select extname from pg_catalog.pg_extension"


def replay(task: Task, shadow: Shadow, memory: Memory | None = None) -> Replay:
    """Replay migrations in a shadow that was opened with `prepare=PREPARE`, and return all that was seen.

    `memory` knows the layers of earlier runs: the replay goes on after the longest run of files that has not changed.

    Raises
    ------
    ServerDied
        The private server ended: no migration's mistake.
    PgproofError
        A statement reacts to nothing, or the result cannot be read.
    """
    hashes = _hashes(task)
    progress = _resume(hashes, shadow.layers(), memory)
    roles, prerequisites = _assumptions(task, progress)
    with shadow.database(progress.layer or None) as database:
        pace = _Pace(task, worth_it=[bool(memory and known) for known in hashes])
        watch = Watch(task.limits, database.taken)
        while True:
            with Stage(database, task, roles, prerequisites, watch) as stage:
                if not progress.layer:
                    progress.gaps = lay(stage, task.base, task) if task.base else ()
                    if task.search_path:
                        prerequisites.make_named(database, task.search_path)
                    stage.begin()
                    progress.floor = stage.bound
                stage.floor = progress.floor
                _go_on(task, stage, progress, pace)
                stage.leave()
                progress.assumed = stage.assumed
                progress.gaps += tuple(stage.gaps)
                progress.limited |= bool(stage.stopped) or any(map(_limited, progress.traces))
                if finished := progress.done == len(task.files):
                    require_readable(stage.admin)
                    catalog = snapshot.read(stage.admin, leave_out=frozenset({SCHEMA}))
                    extensions = {name for (name,) in stage.admin.rows(_EXTENSIONS)}
            with pace.keeping():
                _keep(shadow, database, progress, hashes[progress.done], memory, copy=not finished)
            if finished:
                return _told(task, progress, catalog, tuple(sorted(extensions.intersection(shadow.standins))))


def _hashes(task: Task) -> list[str]:
    """Return the hash of the database before each file and after the last; `""` from where it cannot be told."""
    hashes = [task.circumstances]
    for file in task.files:
        own = file_digest(file, task.root)
        hashes.append(digest(hashes[-1], own) if own and hashes[-1] else "")
    return hashes


def _resume(hashes: Sequence[str], layers: Sequence[str], memory: Memory | None) -> Progress:
    """Return how far an earlier run had come with the same files; nothing when there is no such layer."""
    known = {layer.partition("-")[0]: layer for layer in reversed(layers)}
    for done in range(len(hashes) - 1, -1, -1):
        layer = known.get(hashes[done]) if hashes[done] else None
        progress = memory.recall(layer) if memory and layer else None
        if progress is not None and progress.done == done:
            return progress
    return Progress()


def _assumptions(task: Task, progress: Progress) -> tuple[Roles, Prerequisites]:
    texts = [file.text for file in task.files]
    assumed = [(kind, name) for kind, _, name in (thing.partition(" ") for thing in progress.assumed)]
    roles = Roles(OWNER, texts, (name for kind, name in assumed if kind == "role"))
    others = (f"{kind} {name}" for kind, name in assumed if kind != "role")
    return roles, Prerequisites(texts, others)


class _Pace:
    """When a layer is due: before the first pending file and before the last one, and after some time."""

    def __init__(self, task: Task, worth_it: Sequence[bool]) -> None:
        """`worth_it` says before which file, by number, a layer could be used by a later run."""
        self._files = task.files
        self._wanted = task.cut_before
        self._worth_it = worth_it
        self._begun = self._last = time.monotonic()
        self._cost_s = 0.0

    def due(self, done: int) -> bool:
        """Whether the state after so many files is worth keeping."""
        now = time.monotonic()
        since, whole = now - self._last, now - self._begun
        pending = [file.path in self._wanted for file in self._files[done - 1 : done + 1]]
        long = since > max(LAYER_AFTER_S, self._cost_s / LAYER_COST, whole * FEWER_LAYERS)
        last = done == len(self._files) - 1 and since > LAST_AFTER_S
        return self._worth_it[done] and (pending == [False, True] or long or last)

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Measure what a layer costs."""
        started = time.monotonic()
        yield
        self._last = time.monotonic()
        self._cost_s = self._last - started


def _go_on(task: Task, stage: Stage, progress: Progress, pace: _Pace) -> None:
    """Replay files until a layer is due or the last one is done."""
    resumed, told = progress.done, []
    for file, steps in read_ahead(task, resumed):
        if progress.done > resumed and not stage.stopped and pace.due(progress.done):
            break
        told.append(replay_file(stage, file, steps, task.transaction))
        progress.done += 1
    for traces in told:
        progress.traces += traces()


def _keep(
    shadow: Shadow, database: Database, progress: Progress, hash_: str, memory: Memory | None, *, copy: bool
) -> None:
    # Objects have other OIDs in every replay, and observations name them: no two layers share a name.
    layer = f"{hash_}-{secrets.token_hex(8)}"
    shadow.keep_layer(database, layer, copy=copy)
    if memory and hash_ and not progress.limited:
        memory.remember(layer, progress)
    progress.layer = layer


def _told(task: Task, progress: Progress, catalog: Catalog, standins: tuple[str, ...]) -> Replay:
    server = task.installation
    made = created(progress.traces, progress.floor, catalog)
    observations = told(progress.traces, catalog)
    return Replay(
        tuple(file.path for file in task.files),
        f"PostgreSQL {server.version} ({server.origin})",
        catalog,
        observations,
        shaped(progress.traces, catalog, made),
        made,
        progress.assumed,
        standins,
        frozenset(name for o in observations if o.failure or o.refused for name in o.mentions),
        progress.gaps,
        progress.layer,
        limited=progress.limited,
    )


def _limited(trace: Trace) -> bool:
    failure = trace.observation.failure
    return failure is not None and bool(failure.limit)
