"""Bodies proved on a database of the tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import psycopg

from pgproof.model import ObjectName
from pgproof.probes.bodies.prove import prove
from pgproof.probes.bodies.proved import Proved
from pgproof.probes.bodies.routine import read_routines
from pgproof.probes.bodies.surroundings import Surroundings, read_names, tables_made
from tests.conftest import LiveDatabase


class Everything(Collection[ObjectName]):
    """Every routine is wanted."""

    def __contains__(self, thing: object) -> bool:
        return True

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[ObjectName]:
        return iter(())


def proved(live: LiveDatabase, sql: str, **around: Any) -> dict[str, Proved]:
    """Run SQL, bodies unchecked, and prove all functions; they are returned by their names without schema.

    `around` are fields of Surroundings.
    """
    with psycopg.connect(live.url, autocommit=True) as connection:
        connection.execute("set check_function_bodies = off")
        connection.execute(sql.encode())
        connection.execute("set search_path = pg_catalog")
        routines, names = read_routines(connection, Everything()), read_names(connection)
    outputs = {routine.name.parts[1] for routine in routines if routine.name.kind == "procedure" and routine.outputs}
    surroundings = Surroundings(names, **{"makes": tables_made(routines), "with_outputs": outputs, **around})
    found = prove(lambda: psycopg.connect(live.url, autocommit=True), routines, surroundings)
    return {one.name.parts[1]: one for one in found}


def states(body: Proved) -> list[str]:
    """Return the SQLSTATEs of a body's defects, in the order of the text."""
    return [defect.sqlstate for defect in body.defects]
