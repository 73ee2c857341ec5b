"""Reading a database's schema as it is, with no right but CONNECT."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, cast

from psycopg import Error, errors

from pgproof.catalog.belonging import parents
from pgproof.catalog.kept import Kept
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.kinds import ALL
from pgproof.catalog.object import Address, Catalog, Object
from pgproof.catalog.privileges import decode
from pgproof.catalog.watermark import watermark
from pgproof.model import ObjectName
from pgproof.model.errors import PgproofError
from pgproof.server.session import Session

ATTEMPTS = 3
PAUSE_S = 0.5
"""How long is waited before the schema is read again, without a transaction: a migration may be at work."""
CHUNK_S = 0.2
"""No query is started in a transaction that is older than this.

Functions that deparse a view's query lock the tables in it until the transaction ends; a migration that waits for
such a lock would make everybody else wait behind it.
"""

DATABASE = """
select d.datname, pg_catalog.pg_get_userbyid(d.datdba) from pg_catalog.pg_database d
where d.datname = pg_catalog.current_database()
"""

LOCKED = """
select distinct l.relation::regclass::text from pg_catalog.pg_locks l
where l.mode = 'AccessExclusiveLock' and l.granted and l.relation >= 16384
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
order by 1
limit 5
"""


def read(session: Session, *, leave_out: frozenset[str] = frozenset(), kept: Kept | None = None) -> Catalog:
    """Return all objects of the database that users made, except for those in the schemas `leave_out`.

    Read in short read-only transactions. When the schema changed meanwhile, it is read again. With `kept`, objects that
    another catalog has too are taken from there, and the catalog has no `addresses`.

    Raises
    ------
    PgproofError
        The schema kept changing or was locked, a replica cancelled each attempt, the role may not read a system
        catalog, or the connection was lost.
    """
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(PAUSE_S)
        before = ""
        try:
            before = watermark(session)
            with _collector_paused():
                catalog = _read(session, leave_out, kept or Kept(), addressed=kept is None)
            if watermark(session) == before:
                return catalog
            problem = "objects were made, changed or dropped during each attempt"
        except (errors.SerializationFailure, errors.DeadlockDetected) as error:
            problem = str(error.diag.message_primary or error)  # 40001 of a replica: its primary comes first (27.4.2)
        except errors.LockNotAvailable:
            tables = ", ".join(table for (table,) in session.rows(LOCKED))
            problem = f"another session holds an exclusive lock ({tables or 'gone meanwhile'})"
        except Error as error:
            if not _moved(session, before):
                raise _failure(error) from error
            problem = f"objects were made, changed or dropped ({error.diag.message_primary})"
    raise PgproofError(
        f"the schema could not be read in {ATTEMPTS} attempts: {problem}.",
        "Run it again when no migration is running in that database.",
    )


def _moved(session: Session, before: str) -> bool:
    """Whether the schema changed: then an object may be gone, for which deparse functions raise this or that error.

    They look past the snapshot.
    """
    try:
        return bool(before) and watermark(session) != before
    except Error:
        return False


def _failure(error: Error) -> PgproofError:
    said = error.diag.message_primary or str(error).splitlines()[0]
    if isinstance(error, errors.InsufficientPrivilege):
        way_out = "PostgreSQL lets every role read its system catalogs. Where that was revoked, grant it to this role."
    elif isinstance(error, errors.CharacterNotInRepertoire):
        way_out = "The database's encoding is SQL_ASCII, which lets any bytes in. Spell names and comments in UTF-8."
    else:
        way_out = "The server said this while its system catalogs were read. Is it up, and is it a PostgreSQL 14 to 18?"
    return PgproofError(f"the schema could not be read: {said}.", way_out)


def _read(session: Session, leave_out: frozenset[str], kept: Kept, *, addressed: bool) -> Catalog:
    [(database, owner)] = session.rows(DATABASE)
    objects: dict[ObjectName, Object] = {}
    addresses: dict[Address, ObjectName] = {}
    for kind, rows in _rows(session):
        for (oid, subid, *_), thing in zip(rows, _objects(kind, rows, kept), strict=True):
            if leave_out and _left_out(thing, leave_out):
                continue
            objects[thing.name] = thing
            if addressed:
                addresses[kind.catalog, oid, subid] = thing.name
    return Catalog(session.version // 10000, owner, objects, database, addresses)


def _left_out(thing: Object, schemas: frozenset[str]) -> bool:
    """Whether it is in one of these schemas; what is in none, an event trigger for example, goes with its function."""
    if thing.name.schema:
        return thing.name.schema in schemas
    return any(parent.schema in schemas for parent in parents(thing))


def _rows(session: Session) -> Iterator[tuple[Kind, list[tuple[Any, ...]]]]:
    """Yield each kind with its rows, several kinds a transaction as long as that stays short."""
    waiting = list(ALL)
    while waiting:
        answers: list[tuple[Kind, list[tuple[Any, ...]]]] = []
        with session.chunk():
            end = monotonic() + CHUNK_S
            while waiting and (not answers or monotonic() < end):
                kind = waiting.pop(0)
                answers.append((kind, session.rows(kind.query(session.version))))
        yield from answers


def _objects(kind: Kind, rows: list[tuple[Any, ...]], kept: Kept) -> Iterator[Object]:
    known, same = kept.objects[kind.name], kept.attributes[kind.name]
    names = tuple(kind.attributes)
    privileges = [attribute for attribute, effect in kind.attributes.items() if effect & Effect.ROLES]
    for _, _, parts, *values in rows:
        path, key = tuple(parts), tuple(values)
        try:
            attributes = same.get(key)
            is_hashable = True
        except TypeError:  # a list or a mapping is among them
            attributes, is_hashable = None, False
        if attributes is None:
            attributes = dict(zip(names, values, strict=True))
            for attribute in privileges:
                attributes[attribute] = decode(cast("str | None", attributes[attribute]))
            if is_hashable:
                same[key] = attributes
        thing = known.get(path)
        if thing is None:
            path = tuple(map(sys.intern, path))
            thing = known[path] = Object(ObjectName(kind.name, path), attributes)
        elif thing.attributes is not attributes and thing.attributes != attributes:
            thing = known[path] = Object(thing.name, attributes)
        yield thing


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A catalog is many small objects without cycles. Walking them again and again takes longer than making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
