"""What the live database has otherwise than its migrations make it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.catalog.ddl import make_all
from pgproof.catalog.difference import Difference
from pgproof.evidence.command_records import OwnRecords
from pgproof.evidence.compared import SHOWN, compare_with_replay, unknown_gap
from pgproof.evidence.effects import Effects
from pgproof.evidence.failures import Failures
from pgproof.evidence.history import History
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.evidence.replay import Expected, Replayer
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers
from pgproof.evidence.wording import counted
from pgproof.migrations.layout import State
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject
from pgproof.platforms import Platform

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
        return place_of(name, self.origins)


@gathers(Differences, Proof(Method.READ, (Subject.REPLAY, Subject.LIVE)))
def find_differences(
    settings: Settings,
    expected: Expected,
    live: Live,
    platform: Platform,
    servers: PrivateServers,
    replayer: Replayer,
    failures: Failures,
    records: OwnRecords | None,
    history: History | None,
    effects: Effects,
) -> Differences:
    """Compare the two catalogs, expressions by what they mean, and set apart what cannot be judged.

    Where the project's own command made the one, and its tool records otherwise in the live database, what differs may
    be what is pending. What a migration makes that the tool passed over, for its condition, is not missed.
    """
    settings.progress("comparing")
    replay = expected.replay
    compared = compare_with_replay(
        replay,
        live.catalog,
        platform,
        lambda: declared_schema(servers, replayer, expected),
        ignore_schemas=settings.config.ignore_schemas,
        history=settings.config.history,
        roles=dict(settings.config.roles),
        base_is_missing=failures.base_is_missing,
    )
    pending = [one for one in compared.judged if records and _may_be_pending(one, records)]
    judged = tuple(one for one in compared.judged if one not in pending)
    passed = frozenset(name for path in _passed_over(history) for name in effects.explained_by(path))
    over = [one for one in judged if one.action != "extra" and one.name in passed]
    judged = tuple(one for one in judged if one not in over)
    gaps = unknown_gap(compared.unknown)
    if over:
        what = f"{counted(len(over), 'difference')} in what the migration tool passed over, as it recorded"
        gaps.append(Gap(f"{what}: {', '.join(_passed_over(history)[:SHOWN])}"))
    if records and pending:
        names = sorted({f"{one.name.kind} {one.name}" for one in pending})
        shown = ", ".join(names[:SHOWN]) + " …" * (len(names) > SHOWN)
        gaps.append(
            Gap(
                f"{counted(len(names), 'object')} that may differ for what is pending ({records.told}): {shown}",
                blocking=True,
                way_out="Compare when the live database is up to date, or let the command stop where that one stands.",
            )
        )
    if compared.hidden:
        hidden = f"{counted(compared.hidden, 'attribute')} that the role may not read in the live database"
        gaps.append(Gap(hidden, way_out="docs/live.md lists the grants"))
    return Differences(judged, compared.objects, len(replay.files), replay.origins, tuple(gaps))


def _passed_over(history: History | None) -> list[str]:
    """Return the migrations that ran nowhere here, since their condition did not hold."""
    rows = history.rows if history else {}
    files = history.applied if history else ()
    return [one.path for one in files if one.conditional and one.path in rows and rows[one.path].state == State.MARKED]


def _may_be_pending(one: Difference, records: OwnRecords) -> bool:
    return records.ahead if one.action == "extra" else records.behind or (records.ahead and one.action != "missing")


def place_of(name: ObjectName, origins: Mapping[ObjectName, Location]) -> Location | None:
    """Return the place of the statement that made an object what it is, or else what it belongs to."""
    if name not in origins and len(name.parts) > 2:
        return origins.get(ObjectName("table", name.parts[:2]))
    return origins.get(name)


@contextmanager
def declared_schema(servers: PrivateServers, replayer: Replayer, expected: Expected) -> Iterator[Connection[Any]]:
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
