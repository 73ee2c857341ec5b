"""Any two schemas compared: migrations, live databases, dumps and snapshot files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
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
from pgproof.evidence.differences import declared_schema, place_of
from pgproof.evidence.replay import Expected, Replayer
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.store import Evidence
from pgproof.evidence.wording import counted
from pgproof.judge.schema_diff import Compared, SchemaDiff
from pgproof.model import Gap, Location, ObjectName
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform, load, recognise
from pgproof.server import binaries
from pgproof.workflows.diff.entries import Ignored, entries
from pgproof.workflows.diff.sides import (
    Named,
    Side,
    What,
    dumped_from,
    evidence_of,
    read_live,
    read_snapshot,
    replayed,
    there,
)
from pgproof.workflows.diff.trial import survivors_of

OF_THE_DATABASE = ("database", "role in database")
"""The kinds that a dump of one database does not hold."""

REAL: dict[What, Callable[[Named, Platform], Side]] = {What.LIVE: read_live, What.SNAPSHOT: read_snapshot}
"""What is read and not replayed."""

NOT_IN_A_DUMP = {
    ("materialized view", "populated"),
    ("extension", "version"),
    ("constraint", "system triggers"),
}
"""What `pg_dump --schema-only` does not say of the objects that it holds."""


@dataclass(frozen=True, slots=True)
class Found:
    """The differences from the first side to the second, and how many objects were compared."""

    differences: tuple[Difference, ...]
    objects: int
    gaps: tuple[Gap, ...] = ()


def diff(sides: tuple[Named, Named], settings: Settings, ignore: Sequence[str] = ()) -> SchemaDiff:
    """Read both sides and compare them; `ignore` are effects, attributes, or patterns of names.

    Raises
    ------
    UsageError
        A side is not what it was named as.
    PgproofError
        A side cannot be read.
    """
    with ExitStack() as stack:
        replays = [None if side.what in REAL else evidence_of(side, stack) for side in sides]
        platform = _platform(settings, [evidence for evidence in replays if evidence])
        read = _read_real(sides, platform, settings.progress)
        majors = [side.catalog.major for side in read if side]
        servers = PrivateServers(settings, platform, stack)
        server = _server(settings, sides, majors)
        for place, evidence in enumerate(replays):
            if evidence is not None:
                for part in (platform, servers, server):
                    evidence.give(part)
                read[place] = replayed(sides[place], evidence)
        one, other = cast("list[Side]", read)
        settings.progress("comparing")
        found = _compare(one, other, (replays[0], replays[1]), settings, platform, servers)
    ignored = Ignored(tuple(ignore))
    kept = [difference for difference in found.differences if not ignored.matches(difference)]
    changes = entries(kept, _places(one, other))
    gaps = (*server.gaps, *one.gaps, *other.gaps, *found.gaps, *ignored.gaps())
    described = (_described(one), _described(other))
    return SchemaDiff(described, changes, found.objects, len(found.differences) - len(kept), tuple(dict.fromkeys(gaps)))


def _read_real(sides: Sequence[Named], platform: Platform, progress: Callable[[str], None]) -> list[Side | None]:
    """Read databases and snapshot files, both at once: most of the time it is the server that works."""
    progress("reading")
    with ThreadPoolExecutor(len(sides)) as pool:
        waiting = [pool.submit(REAL[side.what], side, platform) if side.what in REAL else None for side in sides]
        return [future.result() if future else None for future in waiting]


def _platform(settings: Settings, replays: Sequence[Evidence]) -> Platform:
    if settings.config.platform:
        return load(settings.config.platform)
    for evidence in replays:
        if isinstance(platform := evidence.get(Platform), Platform) and platform.sql:
            return platform
    return load(recognise(settings.root))


def _server(settings: Settings, sides: Sequence[Named], majors: Sequence[int]) -> ReplayServer:
    """Choose the server for replays and trials: the major of what is real, else the one that a dump comes from."""
    if settings.config.server:
        return ReplayServer(binaries.choose(settings.config.server))
    wanted = majors or [major for side in sides if side.what is What.DUMP and (major := dumped_from(side))]
    if not wanted:
        return ReplayServer(binaries.choose())
    try:
        return ReplayServer(binaries.choose(max(wanted)))
    except PgproofError as error:
        chosen = binaries.choose()
        if all(side.what in REAL for side in sides):
            return ReplayServer(chosen)
        reason = f"what PostgreSQL {max(wanted)} does otherwise than {chosen.major}, which replayed"
        return ReplayServer(chosen, gaps=(Gap(reason, way_out=error.way_out),))


def _compare(
    one: Side,
    other: Side,
    replays: tuple[Evidence | None, Evidence | None],
    settings: Settings,
    platform: Platform,
    servers: PrivateServers,
) -> Found:
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
    names = ours.objects.keys() | theirs.objects.keys()
    unknown = frozenset(name for side in (one, other) if side.replay for name in side.replay.unknown)
    cannot = [d for d in differences if unknown and cannot_know(d.name, _thing(d.name, ours, theirs), unknown)]
    judged = tuple(d for d in differences if d not in cannot)
    return Found(judged, len(names), (*_hidden(one), *_hidden(other), *unknown_gap(cannot)))


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
    return Found(compared.judged, compared.objects, (*gaps, *unknown_gap(compared.unknown)))


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


def _places(one: Side, other: Side) -> Callable[[Difference], Location | None]:
    sides = {"missing": [one], "extra": [other]}

    def place(difference: Difference) -> Location | None:
        replays = [side.replay for side in sides.get(difference.action, [one, other]) if side.replay]
        return next((found for r in replays if (found := place_of(difference.name, r.origins))), None)

    return place


def _described(side: Side) -> Compared:
    return Compared(side.name, side.description, side.catalog.major, len(side.catalog))
