"""Reading a database's schema as it is, with no right but CONNECT."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from psycopg import Error

from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.kinds import ALL
from pgproof.catalog.object import Address, Catalog, Object
from pgproof.catalog.privileges import decode
from pgproof.catalog.watermark import watermark
from pgproof.model import ObjectName
from pgproof.model.errors import PgproofError
from pgproof.server.session import Session

ATTEMPTS = 3
CHUNK_S = 0.2
"""A transaction is ended after the first query that finds it older than this.

Functions that deparse a view's query lock the tables in it until the transaction ends; a migration that waits for
such a lock would make everybody else wait behind it.
"""

_MOVED = ("XX000", "42P01", "42703", "42704", "42883", "3F000")
"""What the deparse functions say when an object is dropped under them: they do not look at the snapshot."""
_LOCKED = "55P03"

DATABASE = """
select d.datname, pg_catalog.pg_get_userbyid(d.datdba) from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
"""


def read(session: Session, *, leave_out: frozenset[str] = frozenset()) -> Catalog:
    """Return all objects of the database that users made, except for those in the schemas `leave_out`.

    Read in short read-only transactions. When the schema changed meanwhile, it is read again.

    Raises
    ------
    PgproofError
        The schema kept changing or was locked, or the role may not read a system catalog.
    """
    problem = ""
    for _ in range(ATTEMPTS):
        before = watermark(session)
        try:
            with _collector_paused():
                catalog = _read(session, leave_out)
        except Error as error:
            if error.sqlstate not in (*_MOVED, _LOCKED):
                raise
            problem = str(error.diag.message_primary)
            continue
        if watermark(session) == before:
            return catalog
        problem = "objects were made, changed or dropped during each attempt"
    raise PgproofError(
        f"the schema of the live database could not be read in {ATTEMPTS} attempts: {problem}.",
        "Run it again when no migration is running there.",
    )


def _read(session: Session, leave_out: frozenset[str]) -> Catalog:
    [(database, owner)] = session.rows(DATABASE)
    objects: dict[ObjectName, Object] = {}
    addresses: dict[Address, ObjectName] = {}
    for kind, rows in _rows(session):
        for address, thing in _objects(kind, rows):
            if thing.name.schema not in leave_out:
                objects[thing.name] = thing
                addresses[address] = thing.name
    return Catalog(session.version // 10000, owner, objects, database, addresses)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A catalog is many small objects without cycles; walking them again and again while they are made takes longer
    than making them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _rows(session: Session) -> Iterator[tuple[Kind, list[tuple[Any, ...]]]]:
    """Yield each kind with its rows, several kinds a transaction as long as that stays short."""
    kinds = list(ALL)
    while kinds:
        answers = []
        with session.chunk():
            end = monotonic() + CHUNK_S
            while kinds and monotonic() < end:
                kind = kinds.pop(0)
                answers.append((kind, session.rows(kind.query(session.version))))
        yield from answers


def _objects(kind: Kind, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Address, Object]]:
    attributes = tuple(kind.attributes)
    privileges = [attribute for attribute, effect in kind.attributes.items() if effect & Effect.ROLES]
    for oid, subid, parts, *values in rows:
        named = dict(zip(attributes, values, strict=True))
        for attribute in privileges:
            named[attribute] = decode(named[attribute])
        yield (kind.catalog, oid, subid), Object(ObjectName(kind.name, tuple(parts)), named)
