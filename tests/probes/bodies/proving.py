"""Bodies proved on a database of the tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import psycopg

from pgproof.model import ObjectName
from pgproof.probes.bodies.prove import prove
from pgproof.probes.bodies.proved import Proved
from pgproof.probes.bodies.routine import Routine, read_routines
from pgproof.probes.bodies.surroundings import Surroundings, read_names, temporary_tables
from tests.conftest import LiveDatabase


class Everything(Collection[ObjectName]):
    """Every routine is wanted."""

    def __contains__(self, thing: object) -> bool:
        return True

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[ObjectName]:
        return iter(())


def proved(live: LiveDatabase, sql: str, **around: object) -> dict[str, Proved]:
    """Run SQL, bodies unchecked, and prove all functions; they are returned by their names without schema."""
    with psycopg.connect(live.url, autocommit=True) as connection:
        connection.execute("set check_function_bodies = off")
        connection.execute(sql.encode())
        return prove_in(connection, **around)


def prove_in(connection: psycopg.Connection[Any], **around: object) -> dict[str, Proved]:
    """Prove all functions of a database."""
    routines, surroundings = around_of(connection, **around)
    return {one.name.parts[1]: one for one in prove(connection, routines, surroundings)}


def around_of(connection: psycopg.Connection[Any], **around: object) -> tuple[list[Routine], Surroundings]:
    """Read the routines, and what is around them."""
    with connection.transaction():
        connection.execute("set local search_path = pg_catalog")
        routines, names = read_routines(connection, Everything()), read_names(connection)
    outputs = {routine.name.parts[1] for routine in routines if routine.name.kind == "procedure" and routine.outputs}
    given = {"temporary": temporary_tables(routines), "with_outputs": outputs, **around}
    return routines, Surroundings(names, **given)  # type: ignore[arg-type]


def states(body: Proved) -> list[str]:
    """Return the SQLSTATEs of a body's defects, in the order of the text."""
    return [defect.sqlstate for defect in body.defects]
