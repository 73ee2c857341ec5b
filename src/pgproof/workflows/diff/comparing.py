"""What distinguishes two sides that were read: whose roles stand for whose, which objects count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from pgproof.catalog.compare import compare, unreadable
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.object import Catalog, Object
from pgproof.catalog.owners import between
from pgproof.catalog.reparse import Connect
from pgproof.evidence.compared import cannot_know, compare_with_replay, unknown_gap
from pgproof.evidence.differences import declared_schema
from pgproof.evidence.replay import Expected, Replayer
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers
from pgproof.evidence.store import Evidence
from pgproof.evidence.wording import counted
from pgproof.model import Gap, ObjectName
from pgproof.platforms import Platform
from pgproof.workflows.diff.replays import there
from pgproof.workflows.diff.sides import Side, What
from pgproof.workflows.diff.trial import survivors_of

OF_THE_DATABASE = ("database", "role in database")
"""The kinds that a dump of one database does not hold."""

NOT_IN_A_DUMP = {
    ("materialized view", "populated"),
    ("extension", "version"),
    ("constraint", "system triggers"),
}
"""What `pg_dump --schema-only` does not say of the objects that it holds."""


LONGEST = 80
"""Characters that are shown of a statement that failed."""


@dataclass(frozen=True, slots=True)
class Found:
    """The differences from the first side to the second, and how many objects were compared."""

    differences: tuple[Difference, ...]
    objects: int
    gaps: tuple[Gap, ...] = ()


def found_between(
    one: Side,
    other: Side,
    replays: tuple[Evidence | None, Evidence | None],
    settings: Settings,
    platform: Platform,
    servers: PrivateServers,
) -> Found:
    """Compare two sides that were read; `replays` is the evidence that a replayed one comes from."""
    if one.replay and other.replay and one.what is other.what:
        connect = _replayed_schema(cast(Evidence, replays[0]), servers)
        return _alike_sides(one, other, settings, platform, {}, partial(survivors, connect=connect))
    if one.replay or other.replay:
        first = one.replay is not None and (one.what is What.MIGRATIONS or other.replay is None)
        declared, actual, evidence = (one, other, replays[0]) if first else (other, one, replays[1])
        found = _with_replay(declared, actual, settings, platform, _replayed_schema(cast(Evidence, evidence), servers))
        return found if first else replace(found, differences=tuple(_turned(found.differences)))
    owners = between(one.catalog, other.catalog) | dict(settings.config.roles)

    def survive(differences: list[Difference], ours: Catalog, theirs: Catalog) -> list[Difference]:
        return survivors_of(differences, ours, theirs, settings, platform, servers)

    return _alike_sides(one, other, settings, platform, owners, survive)


def _alike_sides(
    one: Side,
    other: Side,
    settings: Settings,
    platform: Platform,
    owners: Mapping[str, str],
    survive: Callable[[list[Difference], Catalog, Catalog], list[Difference]],
) -> Found:
    """Compare two sides of one nature: nothing that one has is left out of the other."""
    foreign = (*platform.schemas, *settings.config.ignore_schemas)
    made = {name for side in (one, other) if side.replay for name in side.replay.created}
    ours, theirs = scoped(one.catalog, made, foreign), scoped(other.catalog, made, foreign)
    differences = survive(compare(ours, theirs, owners), ours, theirs)
    objects = len(set(ours.objects).union(theirs.objects))
    unknown = frozenset(name for side in (one, other) if side.replay for name in side.replay.unknown)
    cannot = [
        d
        for d in differences
        if cannot_know(d.name, thing := _thing(d.name, ours, theirs), unknown) or _is_unsure(d, thing, one, other)
    ]
    judged = tuple(d for d in differences if d not in cannot)
    return Found(judged, objects, (*_hidden(one), *_hidden(other), *unknown_gap(cannot), *_failed_alone(one, other)))


def _failed_alone(one: Side, other: Side) -> Iterator[Gap]:
    """Say that what could not be run on either side is not the same: nobody can call the two equal then."""
    alone = sorted(set(one.failed) ^ set(other.failed)) if one.replay and other.replay else ()
    if alone:
        more = f" and {len(alone) - 1} more" * (len(alone) > 1)
        yield Gap(f"what only one side asks for, and could not be made: {alone[0][:LONGEST]}{more}", blocking=True)


def _thing(name: ObjectName, ours: Catalog, theirs: Catalog) -> Object | None:
    return ours.objects.get(name) or theirs.objects.get(name)


def _with_replay(declared: Side, actual: Side, settings: Settings, platform: Platform, connect: Connect) -> Found:
    """Compare a replay with what others made: the database's own settings count only where migrations speak of them."""
    assert declared.replay is not None
    replay, catalog, gaps = declared.replay, actual.catalog, list(_hidden(actual))
    if actual.what is What.DUMP:
        if any(name.kind in OF_THE_DATABASE and name in replay.origins for name in replay.catalog.objects):
            gaps.append(Gap(f"settings and privileges of the database itself: {actual.name}, a dump, has none"))
        catalog = _dumped(catalog)
    if What.DUMP in (declared.what, actual.what):
        replay = replace(replay, catalog=_dumped(replay.catalog))
    compared = compare_with_replay(
        replay,
        catalog,
        platform,
        connect,
        ignore_schemas=settings.config.ignore_schemas,
        roles=dict(settings.config.roles),
    )
    unsure = [d for d in compared.judged if _is_unsure(d, _thing(d.name, replay.catalog, catalog), declared, actual)]
    judged = tuple(d for d in compared.judged if d not in unsure)
    return Found(judged, compared.objects, (*gaps, *unknown_gap((*compared.unknown, *unsure))))


def _is_unsure(difference: Difference, thing: Object | None, *sides: Side) -> bool:
    """Whether it is about the one attribute that a statement which failed would have set."""
    unsure = (side.unsure.get(difference.attribute, frozenset()) for side in sides)
    return any(cannot_know(difference.name, thing, names) for names in unsure if names)


def _dumped(catalog: Catalog) -> Catalog:
    """Return what a dump would say of a catalog: an attribute that is not there is not compared."""
    silent = {kind for kind, _ in NOT_IN_A_DUMP}
    objects = {}
    for name, thing in catalog.objects.items():
        if name.kind in silent:
            told = {a: value for a, value in thing.attributes.items() if (name.kind, a) not in NOT_IN_A_DUMP}
            objects[name] = replace(thing, attributes=told)
        elif name.kind not in OF_THE_DATABASE:
            objects[name] = thing
    return replace(catalog, objects=objects)


def _hidden(side: Side) -> Iterator[Gap]:
    if side.replay is None and (hidden := len(unreadable(side.catalog))):
        reason = f"{counted(hidden, 'attribute')} that the role may not read in {side.name}"
        yield Gap(reason, way_out="docs/live.md lists the grants")


def _replayed_schema(evidence: Evidence, servers: PrivateServers) -> Connect:
    return lambda: declared_schema(servers, there(evidence.get(Replayer)), there(evidence.get(Expected)))


def _turned(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Yield the differences as they are seen from the other side."""
    for one in differences:
        name, action = one.name, one.action
        if action == "renamed":
            name = replace(name, parts=(*name.parts[:-1], str(one.live)))
        elif action != "changed":
            action = "extra" if action == "missing" else "missing"
        yield replace(one, name=name, action=action, declared=one.live, live=one.declared)
