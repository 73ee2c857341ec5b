"""Any two schemas compared: migrations, live databases, dumps and snapshot files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from pgproof.catalog.kept import Kept
from pgproof.evidence.settings import Settings
from pgproof.judge.schema_diff import Compared, SchemaDiff
from pgproof.model import Gap, Location
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform, load, recognise
from pgproof.server import binaries
from pgproof.workflows.diff.sides import Named, Side, What, read_live, read_snapshot

if TYPE_CHECKING:
    from pgproof.catalog.difference import Difference
    from pgproof.evidence.shadow import ReplayServer
    from pgproof.evidence.store import Evidence

REAL: dict[What, Callable[[Named, Platform, Kept], Side]] = {What.LIVE: read_live, What.SNAPSHOT: read_snapshot}
"""What is read and not replayed."""


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
        replays = _replays(sides, stack)
        platform = _platform(settings, [evidence for evidence in replays if evidence])
        reading = _start_to_read(sides, platform, settings.progress, stack)
        # Only now, because the servers are at work meanwhile.
        from pgproof.evidence.shadow import PrivateServers
        from pgproof.workflows.diff.comparing import found_between
        from pgproof.workflows.diff.entries import Ignored, entries

        read = [future.result() if future else None for future in reading]
        majors = [side.catalog.major for side in read if side]
        servers = PrivateServers(settings, platform, stack)
        server = _server(settings, sides, majors)
        for place, evidence in enumerate(replays):
            if evidence is not None:
                from pgproof.workflows.diff.replays import replayed

                for part in (platform, servers, server):
                    evidence.give(part)
                read[place] = replayed(sides[place], evidence)
        one, other = cast("list[Side]", read)
        settings.progress("comparing")
        found = found_between(one, other, (replays[0], replays[1]), settings, platform, servers)
    ignored = Ignored(tuple(ignore))
    kept = [difference for difference in found.differences if not ignored.matches(difference)]
    changes = entries(kept, _places(one, other))
    gaps = (*server.gaps, *one.gaps, *other.gaps, *found.gaps, *ignored.gaps())
    described = (_described(one), _described(other))
    return SchemaDiff(described, changes, found.objects, len(found.differences) - len(kept), tuple(dict.fromkeys(gaps)))


def _replays(sides: Sequence[Named], stack: ExitStack) -> list[Evidence | None]:
    if all(side.what in REAL for side in sides):
        return [None] * len(sides)
    from pgproof.workflows.diff.replays import evidence_of

    return [None if side.what in REAL else evidence_of(side, stack) for side in sides]


def _start_to_read(
    sides: Sequence[Named], platform: Platform, progress: Callable[[str], None], stack: ExitStack
) -> list[Future[Side] | None]:
    """Begin to read databases and snapshot files, both at once: most of the time it is the server that works."""
    progress("reading")
    pool, kept = stack.enter_context(ThreadPoolExecutor(len(sides))), Kept()
    return [pool.submit(REAL[side.what], side, platform, kept) if side.what in REAL else None for side in sides]


def _platform(settings: Settings, replays: Sequence[Evidence]) -> Platform:
    if settings.config.platform:
        return load(settings.config.platform)
    for evidence in replays:
        if isinstance(platform := evidence.get(Platform), Platform) and platform.sql:
            return platform
    return load(recognise(settings.root))


def _server(settings: Settings, sides: Sequence[Named], majors: Sequence[int]) -> ReplayServer:
    """Choose the server for replays and trials: the major of what is real, else the one that a dump comes from."""
    from pgproof.evidence.shadow import ReplayServer
    from pgproof.workflows.diff.replays import dumped_from

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


def _places(one: Side, other: Side) -> Callable[[Difference], Location | None]:
    from pgproof.evidence.differences import place_of

    sides = {"missing": [one], "extra": [other]}

    def place(difference: Difference) -> Location | None:
        replays = [side.replay for side in sides.get(difference.action, [one, other]) if side.replay]
        return next((found for r in replays if (found := place_of(difference.name, r.origins))), None)

    return place


def _described(side: Side) -> Compared:
    return Compared(side.name, side.description, side.catalog.major, len(side.catalog))
