"""What a clone of the live schema does when it is used, when that is not what the migrations make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pgproof.catalog.object import Catalog
from pgproof.evidence.bodies import Bodies
from pgproof.evidence.contract_copies import Copies
from pgproof.evidence.differences import Differences
from pgproof.evidence.live import Live
from pgproof.evidence.live_bodies import LiveBodies
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.probes import Extent, Probes, promises
from pgproof.evidence.probes_doubt import Doubts
from pgproof.evidence.probes_seen import is_wrong
from pgproof.evidence.replay import Replayer
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.evidence.trials import quiet
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import digest, own_stamp
from pgproof.model import Gap, Method, ObjectName, Proof, Subject
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform
from pgproof.probes.codec import decode, encode
from pgproof.probes.observed import Kept, Observed, Outcome, Rejection, Step

_SHOWN = 3
_USED = ("constraint", "function", "materialized view", "policy", "procedure", "table", "trigger", "view")
"""The kinds that probes use."""
_KEPT_BY_TRIGGERS = ("check", "not null", "foreign key", "domain check")


@dataclass(frozen=True, slots=True)
class LiveProbes:
    """What only the live schema does: steps that fail, constraints that a row may break, promises that are not kept."""

    failed: tuple[Step, ...] = ()
    stored: tuple[Rejection, ...] = ()
    broken: tuple[Kept, ...] = ()
    tried: int = 0
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return how many things were tried."""
        return self.tried


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was wrong on the clone, how many things were tried there, and what of the live schema it did not have."""

    wrong: Observed
    tried: int
    unmade: tuple[str, ...] = ()


@gathers(LiveProbes, Proof(Method.EXECUTED, (Subject.CLONE,)))
def probe_live(
    settings: Settings,
    live: Live,
    differences: Differences | None,
    replay: Replay | None,
    probes: Probes | None,
    bodies: Bodies | None,
    live_bodies: LiveBodies | None,
    platform: Platform,
    copies: Copies,
    replayer: Replayer | None,
    extent: Extent,
) -> LiveProbes:
    """Probe a clone of the live schema; without differences it is that of the replay, and nothing is cloned."""
    if differences is not None and not differences.items:
        return LiveProbes()
    own = scoped(live.catalog, replay.created if replay else (), (*platform.schemas, *settings.config.ignore_schemas))
    full = extent.most is None or len(own.of("table")) <= extent.most
    path = replay.search_path if replay else ""
    told = frozenset(
        (body.name, defect.sqlstate)
        for tried in (bodies, live_bodies)
        for body in (tried.items if tried else ())
        for defect in body.defects
    )
    seen = _recalled(settings, live, own, told, path, copies, replayer, full=full)
    known = _wrong(probes.observed, probes.doubts) if probes else Observed((), (), ())
    failing = {_cause(step) for step in known.steps}
    broken = {one.name for one in known.kept}
    return LiveProbes(
        tuple(step for step in seen.wrong.steps if _cause(step) not in failing),
        tuple(one for one in seen.wrong.rejections if one not in known.rejections),
        tuple(one for one in seen.wrong.kept if one.name not in broken),
        seen.tried,
        _gaps(seen.unmade),
    )


def _gaps(unmade: tuple[str, ...]) -> tuple[Gap, ...]:
    if not unmade:
        return ()
    shown = ", ".join(unmade[:_SHOWN]) + (" …" if len(unmade) > _SHOWN else "")
    return (Gap(f"behaviour of the live schema: {counted(len(unmade), 'object')} could not be made here ({shown})"),)


def _recalled(
    settings: Settings,
    live: Live,
    own: Catalog,
    told: frozenset[tuple[ObjectName, str]],
    path: str,
    copies: Copies,
    replayer: Replayer | None,
    *,
    full: bool,
) -> _Seen:
    """Recall what an earlier run saw of the same schema, or look."""
    from pgproof.catalog import file

    names, wanted = sorted(str(name) for name in own.objects), promises(settings)
    told_of = sorted(f"{name} {state}" for name, state in told)
    parts = (path, repr(wanted), str(full), file.dump(live.catalog), *names, "", *told_of)
    key = digest(own_stamp(), str(copies.server.installation), *parts)
    memory = replayer.memory if replayer else None
    found = memory.read(f"live-probes-{key}", _decode) if memory else None
    if found is None:
        found = _look(settings, live, own, told, path, copies, full=full)
        if memory:
            memory.write(
                f"live-probes-{key}", {"wrong": encode(found.wrong), "tried": found.tried, "unmade": found.unmade}
            )
    return found


def _decode(stored: Mapping[str, Any]) -> _Seen:
    return _Seen(decode(stored["wrong"]), int(stored["tried"]), tuple(map(str, stored["unmade"])))


def _look(
    settings: Settings,
    live: Live,
    own: Catalog,
    told: frozenset[tuple[ObjectName, str]],
    path: str,
    copies: Copies,
    *,
    full: bool,
) -> _Seen:
    import psycopg

    from pgproof.probes.probing import probe

    settings.progress(f"probing a clone of the live schema, {counted(len(own.of('table')), 'table')}")
    try:
        with copies.clone(live) as (database, clone):
            there = [name for name in own.objects if name in clone.catalog.objects]
            unmade = frozenset(
                ("", name.parts[-1]) for name in live.catalog.objects if name not in clone.catalog.objects
            )
            doubts = Doubts(replace(clone, unknown=clone.unknown | unmade), MissingBase(), told)
            quiet(database)
            seen = probe(database, clone.catalog, there, promises(settings), search_path=path, full=full)
    except psycopg.Error as error:
        said = error.diag.message_primary or (str(error).splitlines() or [""])[0]
        raise Unavailable(Gap(f"behaviour of the live schema: its clone could not be used: {said}")) from error
    except PgproofError as error:
        raise Unavailable(Gap(f"behaviour of the live schema: {error.problem}", way_out=error.way_out)) from error
    tried = len(seen.steps) + len(seen.rejections) + len(seen.called)
    lacking = sorted(f"{name.kind} {name}" for name in set(own.objects).difference(there) if name.kind in _USED)
    return _Seen(_wrong(seen, doubts), tried, tuple(lacking))


def _wrong(observed: Observed, doubts: Doubts) -> Observed:
    """Leave only what proves a defect; the subject of a step becomes the function that its refusal came from."""
    return Observed(
        tuple(dict.fromkeys(_failures(observed, doubts))),
        tuple(one for one in observed.rejections if one.outcome is Outcome.ACCEPTED and one.kind in _KEPT_BY_TRIGGERS),
        (),
        kept=tuple(one for one in observed.kept if one.tried and one.problem),
    )


def _failures(observed: Observed, doubts: Doubts) -> Iterator[Step]:
    for step in observed.steps:
        if step.refusal is not None and is_wrong(step, doubts):
            what, as_, role = step.action.partition(" as ")
            action = f"{what} of {step.subject}{as_}{role}"
            yield Step(doubts.culprit(step.refusal) or step.subject, action, done=False, refusal=step.refusal)
    for called in observed.called:
        for call in called.calls:
            if call.refusal is not None and not call.about_arguments and not doubts.about(call.refusal):
                subject = doubts.culprit(call.refusal) or called.routine
                yield Step(subject, f"call of {called.routine}", done=False, refusal=call.refusal)


def _cause(step: Step) -> tuple[ObjectName, str, str]:
    assert step.refusal is not None
    return step.subject, step.refusal.sqlstate, step.refusal.message
