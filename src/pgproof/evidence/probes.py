"""What the migrations' schema does when it is used: rows written, triggers fired, views read, functions called."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.catalog.file import dump
from pgproof.catalog.object import Catalog
from pgproof.evidence.bodies import Bodies
from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.history import History
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.probes_doubt import Doubts
from pgproof.evidence.replay import Replayer
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.trials import quiet
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task, digest, own_stamp
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform
from pgproof.probes.codec import decode, encode
from pgproof.probes.observed import Observed, Outcome
from pgproof.probes.promise import Promise
from pgproof.project.probe import ProbeEntry
from pgproof.server.binaries import Installation
from pgproof.sql.mentions import mentions_in

if TYPE_CHECKING:
    from pgproof.shadow.database import Database

TABLES_BY_DEFAULT = 100
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Extent:
    """Up to how many tables every constraint is broken, and what foreign keys refer to is deleted; `None`: any number.

    What fails because a name, a type or a policy is wrong is found in any case.
    """

    most: int | None = None


@gathers(Extent, None)
def by_default() -> Extent:
    """Return what belongs to every check: breaking the constraints of many tables takes seconds."""
    return Extent(TABLES_BY_DEFAULT)


@dataclass(frozen=True, slots=True)
class Clone:
    """The replayed schema, and how a private database is had that holds it: a copy of the replay's last state."""

    replay: Replay
    own: Catalog
    """The project's own part of the catalog."""
    key: str | None
    installation: Installation
    task: Task | None
    replayer: Replayer
    servers: PrivateServers

    @contextmanager
    def open(self) -> Iterator[Database]:
        """Make the database; it is dropped at the end. What the project's own command made is made from its catalog."""
        from pgproof.catalog.ddl import make_all

        shadow, layer = self.servers.shadow(self.installation), self.replay.layer
        if self.task and layer not in shadow.layers():
            layer = self.replayer.again(self.task).layer
        with shadow.database(layer or None) as database:
            if not layer:
                with database.connect() as connection:
                    make_all(self.replay.catalog, connection)
            yield database


@gathers(Clone, None)
def prepare_clone(
    settings: Settings,
    replay: Replay,
    replayer: Replayer,
    server: ReplayServer,
    servers: PrivateServers,
    migrations: Migrations,
    history: History | None,
    platform: Platform,
) -> Clone:
    """Find what makes the replayed schema again."""
    installation = next((one for one in (server.installation, *server.alternatives) if str(one) == replay.server), None)
    if installation is None:
        raise Unavailable(Gap(f"behaviour: {replay.server}, which replayed, is not at hand any more"))
    task = None
    if migrations.directory.layout != COMMAND:
        pending = frozenset(file.path for file in history.pending) if history else frozenset()
        task = replayer.task(migrations.directory.files, pending, installation, replay.search_path)
    own = scoped(replay.catalog, replay.created, (*platform.schemas, *settings.config.ignore_schemas))
    # what the project's own command made is made again from its catalog, so that nothing else decides
    key = task.key if task else digest(own_stamp(), json.dumps(dump(replay.catalog), sort_keys=True), replay.server)
    if key is not None:
        key = digest(key, replay.search_path, *sorted(str(name) for name in own.objects))
    return Clone(replay, own, key, installation, task, replayer, servers)


@dataclass(frozen=True, slots=True)
class Probes:
    """What was seen, and why some of it proves nothing (`doubts`)."""

    observed: Observed
    doubts: Doubts
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return how many things were tried."""
        return len(self.observed.steps) + len(self.observed.rejections) + len(self.observed.called)


@gathers(Probes, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def observe(settings: Settings, clone: Clone, base: MissingBase, extent: Extent, bodies: Bodies | None) -> Probes:
    """Probe the replayed schema, or recall what an earlier run saw of the same one.

    What `bodies` tell of a function without a call needs no second finding.
    """
    tables = len(clone.own.of("table"))
    full = extent.most is None or tables <= extent.most
    promised = digest(*(repr(promise) for promise in promises(settings)))[:16]
    memory, name = clone.replayer.memory, f"probes-{clone.key}-{promised}-{'full' if full else 'default'}"
    observed = memory.read(name, decode) if memory and clone.key else None
    if observed is None:
        observed = _probe(settings, clone, full=full)
        if memory and clone.key:
            memory.write(name, encode(observed))
    left_out = Gap(
        f"that each constraint of {tables} tables refuses a row, and that delete rules work", way_out="pgproof probe"
    )
    items = bodies.items if bodies else ()
    told = frozenset((body.name, defect.sqlstate) for body in items for defect in body.defects)
    untold = frozenset((body.name, one.message) for body in items for one in body.untold)
    return Probes(
        observed,
        Doubts(clone.replay, base, told, untold),
        (*_gaps(observed, settings.config.probes), *([] if full else [left_out])),
    )


def promises(settings: Settings) -> list[Promise]:
    """Return the probes of the configuration."""
    return [
        Promise(one.name, one.call, one.setup, one.then, one.role, one.settings, one.expect, one.rows, one.error)
        for one in settings.config.probes
    ]


def _probe(settings: Settings, clone: Clone, *, full: bool) -> Observed:
    import psycopg

    from pgproof.probes.probing import probe

    settings.progress("probing behaviour")
    try:
        with clone.open() as database:
            quiet(database)
            return probe(
                database,
                clone.replay.catalog,
                list(clone.own.objects),
                promises(settings),
                search_path=clone.replay.search_path,
                full=full,
            )
    except psycopg.Error as error:
        said = error.diag.message_primary or (str(error).splitlines() or [""])[0]
        raise Unavailable(Gap(f"behaviour: the private database could not be used: {said}")) from error
    except PgproofError as error:
        raise Unavailable(Gap(f"behaviour: {error.problem}", way_out=error.way_out)) from error


def _gaps(observed: Observed, entries: Sequence[ProbeEntry]) -> Iterator[Gap]:
    """Say what was not reached: tables without rows, constraints that nothing broke, calls that came to nothing."""
    empty = [s for s in observed.steps if s.action == "insert" and not s.done and s.refusal is None]
    refused = [s for s in observed.steps if s.action == "insert" and not s.done and s.refusal is not None]
    if empty or refused:
        several = sorted({*(f"{s.subject} ({s.note})" for s in empty), *(str(s.subject) for s in refused)})
        yield Gap(f"{counted(len(several), 'table')} that no row was found for: {_some(several)}")
    unbroken = sorted(
        f"{one.kind} {one.constraint}"
        for one in observed.rejections
        if one.outcome in (Outcome.OTHERWISE, Outcome.UNTRIED)
    )
    if unbroken:
        yield Gap(f"{counted(len(unbroken), 'constraint')} that no row was found to break alone: {_some(unbroken)}")
    silent = [s for s in observed.steps if s.subject.kind == "trigger" and not s.done and s.refusal is None]
    if silent:
        names = sorted({f"{s.subject} ({s.note})" for s in silent})
        yield Gap(f"{counted(len(names), 'trigger')} that did not fire: {_some(names)}")
    said = {name for entry, kept in zip(entries, observed.kept, strict=True) if kept.tried for name in _called(entry)}
    yield from _calls_not_made(observed, said)
    for one in observed.kept:
        if not one.tried:
            yield Gap(f"the probe {one.name}: {one.problem}", blocking=True, way_out="Correct it in the configuration.")
    if observed.lost:
        yield Gap(f"what was probed ended its session {counted(observed.lost, 'time')}")


def _called(entry: ProbeEntry) -> Iterator[str]:
    """Yield the names, without schema, of what a probe calls: the configuration says how that is done."""
    for text in (*entry.setup, entry.call, entry.then or ""):
        yield from (name for _, name in mentions_in(text))


def _calls_not_made(observed: Observed, said: Collection[str]) -> Iterator[Gap]:
    """Say which functions came to nothing, but for those that the configuration calls (`said`)."""
    reasons = Counter(one.not_called for one in observed.called if one.not_called and "trigger" not in one.not_called)
    for reason, number in sorted(reasons.items()):
        yield Gap(f"{counted(number, 'function')} not called: {reason}")
    stopped: Counter[str] = Counter()
    for one in observed.called:
        if one.routine.parts[1] in said:
            continue
        states = {call.refusal.sqlstate for call in one.calls if call.refusal}
        if (
            one.calls
            and len(states)
            and all(call.refusal for call in one.calls)
            and not any(s[:2] == "42" for s in states)
        ):
            stopped[min(states)] += 1
    number = sum(stopped.values())
    if number:
        listed = ", ".join(f"{state} {times}" for state, times in sorted(stopped.items()))
        yield Gap(
            f"{counted(number, 'function')} that refused every call, and not for a wrong name or type ({listed})",
            way_out="say in pgproof.toml how it is called: [[probe]] with setup, call and expect",
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
