"""What a schema does when it is used: rows in every table, round trips, calls; all of it as data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from pgproof.catalog.object import Catalog
from pgproof.model import ObjectName
from pgproof.probes.calls.calling import call_all
from pgproof.probes.calls.promised import keep
from pgproof.probes.observed import Observed
from pgproof.probes.promise import Promise
from pgproof.probes.rows.world import World
from pgproof.probes.session import Session
from pgproof.probes.trips.trips import deletions, rejections, trips

if TYPE_CHECKING:
    from pgproof.shadow.database import Database

LIMIT_MS = 2_000
"""How long one statement of a probe may take."""
DISK_BYTES = 1 << 30
"""What all probes together may add to the database: a call that is rolled back leaves its rows until they are swept."""

_OID = "select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()"
_COUNT_CALLS = "alter database {} set track_functions = 'all'"


def probe(
    database: Database,
    catalog: Catalog,
    names: Collection[ObjectName],
    promises: Sequence[Promise] = (),
    *,
    search_path: str = "",
    full: bool = False,
) -> Observed:
    """Probe a private database that holds the schema `catalog`, the objects `names` of it.

    The database is worth nothing afterwards. Statements run as the owner that logged in, with a time limit each.

    Raises
    ------
    ServerDied
        The private server is gone.
    psycopg.Error
        The session could not even be prepared.
    """
    with database.admin() as admin:
        admin.execute(_COUNT_CALLS.format(database.name))
        [(oid,)] = admin.rows(_OID)
    session = Session(database.connect, LIMIT_MS)
    if search_path:
        session.configure_path(search_path)
    try:
        world = World(session, catalog)
        world.fill(sorted((name.parts[0], name.parts[1]) for name in names if name.kind == "table"))
        steps = trips(world, names)
        rejected = rejections(world, names) if full else []
        steps += deletions(world, names) if full else []
        kept = tuple(keep(session, promise) for promise in promises)
        routines = [name for name in names if name.kind in ("function", "procedure")]
        called = tuple(call_all(world, routines, _disk(database, oid)))
        database.cluster.check()
    finally:
        session.close()
    behind = tuple(ObjectName("column", (*table, column)) for table, column in sorted(world.behind.items()))
    return Observed(tuple(steps), tuple(rejected), called, behind, kept, session.lost)


def _disk(database: Database, oid: int) -> Callable[[], str]:
    before = database.cluster.taken(oid)

    def too_much() -> str:
        return "the calls before it took too much disk" if database.cluster.taken(oid) - before > DISK_BYTES else ""

    return too_much
