"""Function bodies on a clone of the live schema, when that is not what the migrations make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pgproof.catalog.difference import Difference
from pgproof.catalog.object import Catalog
from pgproof.evidence.bodies import Bodies
from pgproof.evidence.contract_copies import Copies
from pgproof.evidence.differences import Differences
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.evidence.replay import Replayer
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.evidence.trials import Names, proved_in, surroundings
from pgproof.evidence.undone import Undone
from pgproof.evidence.wording import counted
from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import digest, own_stamp
from pgproof.model import Gap, Method, ObjectName, Proof, Subject
from pgproof.model.name import ROUTINES
from pgproof.platforms import Platform
from pgproof.probes.bodies.proved import Defect, Proved
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.stored import decode, encode
from pgproof.probes.bodies.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class LiveBodies:
    """The functions of the live database, with the defects that they do not have in the replay.

    `causes` maps a function to the difference that it fails for: what the migrations make and what it misses.
    """

    items: tuple[Proved, ...]
    gaps: tuple[Gap, ...] = ()
    causes: Mapping[ObjectName, ObjectName] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of functions."""
        return len(self.items)


@gathers(LiveBodies, Proof(Method.EXECUTED, (Subject.CLONE,)))
def prove_live_bodies(
    settings: Settings,
    live: Live,
    replay: Replay | None,
    bodies: Bodies | None,
    differences: Differences | None,
    platform: Platform,
    copies: Copies,
    replayer: Replayer | None,
) -> LiveBodies:
    """Try the live functions on a clone; without differences they are those of the replay, and nothing is cloned."""
    if differences is not None and not differences.items:
        return LiveBodies(())
    made = replay.created if replay else ()
    catalog = scoped(live.catalog, made, (*platform.schemas, *settings.config.ignore_schemas))
    wanted = frozenset(thing.name for thing in catalog.of("function", "procedure"))
    if not wanted:
        return LiveBodies(())
    known = {(body.name, *_said(defect)) for body in (bodies.items if bodies else ()) for defect in body.defects}
    path = replay.search_path if replay else ""
    found = [_without(body, known) for body in _proved(settings, live, path, platform, copies, replayer, wanted)]
    causes = {body.name: cause for body in found if (cause := _cause(body, differences.items if differences else ()))}
    return LiveBodies(tuple(found), causes=causes)


def _cause(body: Proved, differences: Sequence[Difference]) -> ObjectName | None:
    """Return the missing or renamed object that a defect of a function is about."""
    for defect in body.defects:
        missed = lacking(defect.sqlstate, defect.message)
        for one in differences if missed else ():
            if one.action in ("missing", "renamed") and missed and _is(one.name, missed, defect.relations):
                return one.name
    return None


def _is(name: ObjectName, missed: Lacking, relations: Sequence[str]) -> bool:
    if missed.kind == "column":
        of = {relation.rpartition(".")[2] for relation in relations}
        return name.kind == "column" and name.parts[-1] == missed.name and (not of or name.parts[1] in of)
    if missed.kind == "function":
        return name.kind in ROUTINES and name.parts[1] == missed.name
    return missed.kind in ("relation", "type") and len(name.parts) == 2 and name.parts[1] == missed.name


def _proved(
    settings: Settings,
    live: Live,
    search_path: str,
    platform: Platform,
    copies: Copies,
    replayer: Replayer | None,
    wanted: frozenset[ObjectName],
) -> tuple[Proved, ...]:
    from pgproof.catalog import file

    server = str(copies.server.installation)
    key = digest(own_stamp(), server, search_path, file.dump(live.catalog), *sorted(map(str, wanted)))
    memory = replayer.memory if replayer else None
    found = memory.read(f"live-bodies-{key}", decode) if memory else None
    if found is None:
        settings.progress(f"proving {counted(len(wanted), 'function')} of the live database")
        with copies.clone(live) as (database, clone):

            def around(names: Names, routines: Sequence[Routine]) -> Surroundings:
                unmade = Undone(_unmade(live.catalog, names), {})
                return surroundings(names, routines, platform, clone.standins, unmade)

            found = proved_in(database, wanted, around, search_path)
        if memory:
            memory.write(f"live-bodies-{key}", encode(found))
    return found


def _unmade(catalog: Catalog, names: Names) -> frozenset[str]:
    """Return the names of what the live database has and the clone lacks."""
    there = {name for _, name in names}
    return frozenset(name.parts[1] for name in catalog.objects if len(name.parts) > 1 and name.parts[1] not in there)


def _without(body: Proved, known: set[tuple[ObjectName, str, str]]) -> Proved:
    return replace(body, defects=tuple(d for d in body.defects if (body.name, *_said(d)) not in known))


def _said(defect: Defect) -> tuple[str, str]:
    return defect.sqlstate, defect.message
