"""What the live database has otherwise than its migrations make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.catalog.belonging import parents
from pgproof.catalog.compare import compare, unreadable
from pgproof.catalog.ddl import make_all
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.object import Catalog, Object
from pgproof.catalog.owners import corresponding
from pgproof.evidence.failures import Failures
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.evidence.replay import Expected, Replayer
from pgproof.evidence.scope import scoped, without_the_platforms_own
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject
from pgproof.platforms import Platform
from pgproof.server.image import ADMIN

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Differences:
    """The differences, how many objects were compared, and where the migrations declare each object."""

    items: tuple[Difference, ...]
    compared: int
    migrations: int
    origins: Mapping[ObjectName, Location]
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of objects compared."""
        return self.compared

    def origin(self, name: ObjectName) -> Location | None:
        """Return the place of the statement that made the object what it is: its own, or that of what it belongs to."""
        if name not in self.origins and len(name.parts) > 2:
            return self.origins.get(ObjectName("table", name.parts[:2]))
        return self.origins.get(name)


@gathers(Differences, Proof(Method.READ, (Subject.REPLAY, Subject.LIVE)))
def find_differences(
    settings: Settings,
    expected: Expected,
    live: Live,
    platform: Platform,
    servers: PrivateServers,
    replayer: Replayer,
    failures: Failures,
) -> Differences:
    """Compare the two catalogs, expressions by what they mean, and set apart what cannot be judged."""
    settings.progress("comparing")
    replay = expected.replay
    foreign = (*platform.schemas, *settings.config.ignore_schemas)
    declared = scoped(replay.catalog, replay.created, foreign)
    actual = scoped(live.catalog, replay.created, foreign)
    owners = corresponding(declared, actual, [ADMIN]) | dict(settings.config.roles)
    declared, actual = without_the_platforms_own(declared, actual, replay, platform, owners)
    compared = [one for one in compare(declared, actual, owners) if not _was_elevated(one, declared)]
    found = survivors(compared, declared, actual, lambda: _declared_schema(servers, replayer, expected))
    things = {**declared.objects, **actual.objects}
    judged, unknown = _apart(found, replay, platform, things, base_is_missing=failures.base_is_missing)
    hidden = len(unreadable(actual))
    return Differences(
        tuple(judged),
        len(declared.objects.keys() | actual.objects.keys()),
        len(replay.files),
        replay.origins,
        tuple(_gaps(unknown, hidden)),
    )


@contextmanager
def _declared_schema(servers: PrivateServers, replayer: Replayer, expected: Expected) -> Iterator[Connection[Any]]:
    """Open a connection to a private database that holds the declared schema: a copy of the replay's last state.

    What the project's own command made is made again from its catalog.
    """
    shadow, layer = servers.shadow(expected.installation), expected.replay.layer
    if expected.task and layer not in shadow.layers():
        layer = replayer.again(expected.task).layer
    with shadow.database(layer or None) as database, database.connect() as connection:
        if not layer:
            make_all(expected.replay.catalog, connection)
        yield connection


def _apart(
    found: Iterable[Difference],
    replay: Replay,
    platform: Platform,
    things: Mapping[ObjectName, Object],
    *,
    base_is_missing: bool,
) -> tuple[list[Difference], list[Difference]]:
    """Separate the differences that can be judged from those that the replay cannot know."""
    judged: list[Difference] = []
    unknown: list[Difference] = []
    for difference in found:
        if _of_the_platform(difference, replay, platform):
            continue
        extra_to_nothing = base_is_missing and difference.action == "extra"
        is_unknown = extra_to_nothing or _is_unknown(difference.name, things.get(difference.name), replay.unknown)
        (unknown if is_unknown else judged).append(difference)
    return judged, unknown


def _of_the_platform(difference: Difference, replay: Replay, platform: Platform) -> bool:
    """Whether the platform, and no migration, decides it: its own extensions, and the versions of stand-ins."""
    name = difference.name
    if name.kind != "extension":
        return False
    return (difference.action == "extra" and name.parts[0] in platform.extensions) or (
        difference.action == "changed" and name.parts[0] in replay.standins
    )


def _was_elevated(difference: Difference, declared: Catalog) -> bool:
    """Whether it is about the owner of what the replay made as its administrator: nobody said who should own it."""
    thing = declared.objects.get(difference.name)
    return difference.attribute == "owner" and thing is not None and thing.attributes.get("owner") == ADMIN


def _is_unknown(name: ObjectName, thing: Object | None, unknown: frozenset[tuple[str, str]]) -> bool:
    """Whether a statement that failed or was refused mentions the object, or what it belongs to."""
    if not name.schema and thing is not None:
        mentioned = {("", part) for part in name.parts}
        mentioned |= {(of, parent.parts[-1]) for parent in parents(thing) for of in (parent.schema, "")}
        return not mentioned.isdisjoint(unknown)
    own = {name.parts[-1], *name.parts[1:2]}
    return any((part_of, part) in unknown for part in own for part_of in (name.schema, ""))


def _gaps(unknown: list[Difference], hidden: int) -> Iterator[Gap]:
    if unknown:
        names = sorted({f"{d.name.kind} {d.name}" for d in unknown})
        shown = ", ".join(names[:3]) + " …" * (len(names) > 3)
        yield Gap(f"{counted(len(names), 'object')} that differ, and that the replay could not make: {shown}")
    if hidden:
        yield Gap(
            f"{counted(hidden, 'attribute')} that the role may not read in the live database",
            way_out="docs/live.md lists the grants",
        )
