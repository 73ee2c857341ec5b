"""The order of steps: what is there, of the live database when one is named, else of what the migrations make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from pgproof.catalog.object import Catalog, Object, Value
from pgproof.contract.counting import COUNTABLE, count
from pgproof.evidence.bodies import BodyTexts
from pgproof.evidence.directories import Migrations
from pgproof.evidence.history import History
from pgproof.evidence.live import Connection, Live
from pgproof.evidence.part import Absent
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.judge.inventory import Inventory, MigrationEntry
from pgproof.migrations.observation import Replay
from pgproof.model import Gap, Location, ObjectName
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform
from pgproof.workflows.inventory.migrations import migration_entries
from pgproof.workflows.inventory.routines import routine_entries
from pgproof.workflows.inventory.statistics import Statistics, read_statistics
from pgproof.workflows.inventory.tables import table_entries


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: tables and routines whose names match one of `only` (with `*`; empty: all), exact counts, and
    so many `sample` rows of each table.
    """

    only: tuple[str, ...] = ()
    exact: bool = False
    sample: int = 0

    def takes(self, name: str) -> bool:
        """Whether a name with its schema is wanted, by itself or without the schema."""
        bare = name.partition(".")[2]
        return not self.only or any(fnmatchcase(name, one) or fnmatchcase(bare, one) for one in self.only)


def inventory(settings: Settings, wanted: Wanted) -> Inventory:
    """Return what is there.

    Raises
    ------
    PgproofError
        There is neither a live database nor a replay, or what was offered cannot be read.
    """
    with Evidence(settings) as evidence:
        live, replay = evidence.get(Live), evidence.get(Replay)
        catalog = _catalog(live, replay, offered=bool(settings.live))
        declared = None if isinstance(replay, Absent) else replay
        platform = evidence.get(Platform)
        foreign = () if isinstance(platform, Absent) else platform.schemas
        made: Mapping[ObjectName, Location] = declared.created if declared else {}
        catalog = scoped(catalog, made, (*foreign, *settings.config.ignore_schemas))
        statistics = _statistics(evidence, catalog, wanted)
        bodies = evidence.get(BodyTexts) if declared else None
        tables = [one for one in table_entries(catalog, made, statistics) if wanted.takes(one.full_name)]
        routines = [
            one
            for one in routine_entries(catalog, made, bodies if isinstance(bodies, BodyTexts) else None)
            if wanted.takes(one.name.partition("(")[0])
        ]
        found = Inventory(
            _source(live, declared),
            tuple((word, number) for word in COUNTABLE if (number := len(count(word, catalog, ()).names))),
            tuple(_migrations(evidence, declared)),
            tuple(tables),
            tuple(routines),
            tuple((str(one.name), tuple(map(str, _labels(one)))) for one in catalog.of("enum")),
            gaps=statistics.gaps,
        )
        everything = len(catalog.of("table", "view", "materialized view", "foreign table", "function", "procedure"))
        return replace(found, left_out=everything - len(tables) - len(routines))


def _catalog(live: Live | Absent, replay: Replay | Absent, *, offered: bool) -> Catalog:
    """Return the live catalog if one was offered, else the replayed one. Raises PgproofError when there is none."""
    if not isinstance(live, Absent):
        return live.catalog
    if offered or isinstance(replay, Absent):
        gap = live.gap if offered or not isinstance(replay, Absent) else replay.gap
        raise PgproofError(f"no inventory: {gap.reason}", gap.way_out)
    return replay.catalog


def _labels(enum: Object) -> list[Value]:
    labels = enum.attributes.get("labels")
    return labels if isinstance(labels, list) else []


def _statistics(evidence: Evidence, catalog: Catalog, wanted: Wanted) -> Statistics:
    connection = evidence.get(Connection)
    if isinstance(connection, Absent):
        asked = wanted.exact or wanted.sample
        return Statistics({}, (Gap("rows: only a live database has any"),) if asked else ())
    names = [thing.name for thing in catalog.of("table", "materialized view") if wanted.takes(str(thing.name))]
    return read_statistics(connection.session, names, exact=wanted.exact, sample=wanted.sample)


def _migrations(evidence: Evidence, replay: Replay | None) -> list[MigrationEntry]:
    migrations = evidence.get(Migrations)
    if replay is None or isinstance(migrations, Absent):
        return []
    history = evidence.get(History)
    applied = None if isinstance(history, Absent) else {file.path for file in history.applied}
    return list(migration_entries(migrations.directory.files, replay, applied))


def _source(live: Live | Absent, replay: Replay | None) -> str:
    if isinstance(live, Live):
        return f"the live database {live.catalog.database} on PostgreSQL {live.catalog.major}".replace("  ", " ")
    assert replay is not None
    return f"what the migrations make, replayed on {replay.server}"
