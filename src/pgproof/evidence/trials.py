"""The routines of a private database, proved there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgproof.evidence.limits import OF_EXTENSIONS
from pgproof.evidence.part import Unavailable
from pgproof.evidence.undone import Undone
from pgproof.model import Gap, ObjectName
from pgproof.platforms import Platform
from pgproof.platforms.known import known_schemas
from pgproof.platforms.members import extensions_with, schemas_of
from pgproof.probes.bodies.jobs import read_jobs
from pgproof.probes.bodies.proved import Proved
from pgproof.probes.bodies.routine import Routine, read_routines
from pgproof.probes.bodies.surroundings import Surroundings, read_names, tables_made
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from psycopg import Connection

    from pgproof.shadow.database import Database

Names = Mapping[tuple[str, str], Collection[str]]
Around = Callable[[Names, Sequence[Routine]], Surroundings]


def proved_in(
    database: Database, wanted: Collection[ObjectName], around: Around, search_path: str
) -> tuple[Proved, ...]:
    """Prove the routines that are `wanted`, and pg_cron's jobs, in a database that is ours alone.

    Its event triggers are switched off.

    `around` says what is around them, from the names in the database and the routines. Raises Unavailable when the
    server refuses the trial as such.
    """
    from psycopg import Error

    from pgproof.probes.bodies.prove import prove

    try:
        quiet(database)
        with database.connect() as connection:
            connection.execute("set search_path = pg_catalog")
            routines, names = [*read_routines(connection, wanted), *read_jobs(connection)], read_names(connection)
        return tuple(prove(lambda: session(database, search_path), routines, around(names, routines)))
    except Error as error:
        database.cluster.check(error)
        reason = f"what the functions do: they could not be tried ({str(error).splitlines()[0]})"
        raise Unavailable(Gap(reason)) from error


def surroundings(
    names: Names,
    routines: Sequence[Routine],
    platform: Platform,
    standins: Sequence[str],
    undone: Undone,
    *,
    assumed: Collection[str] = (),
    base_is_missing: bool = False,
    extension_is_absent: bool = False,
    other_versions: Collection[str] = (),
) -> Surroundings:
    """Say what is around the bodies of a database: what else may be there in truth.

    `assumed` is what was made up so that the replay could go on: nothing is in a schema that nobody makes.
    """
    made_up = (name for kind, _, name in (one.partition(" ") for one in assumed) if kind == "schema")

    def is_member(kind: str, name: str) -> bool:
        return _is_member(kind, name) or (extension_is_absent and kind in OF_EXTENSIONS)

    return Surroundings(
        names,
        undone.made,
        undone.altered,
        base_is_missing,
        frozenset(platform.schemas).union(made_up, known_schemas(), *map(schemas_of, standins)),
        is_member,
        lambda kind, name: not frozenset(standins).isdisjoint(extensions_with(kind, "", name)),
        tables_made(routines),
        {routine.name.parts[1] for routine in routines if routine.name.kind == "procedure" and routine.outputs},
        other_versions,
    )


@contextmanager
def session(database: Database, search_path: str) -> Iterator[Connection[Any]]:
    """Connect as the project does."""
    with database.connect() as connection:
        if search_path:
            connection.execute("select pg_catalog.set_config('search_path', %s, false)", [search_path])
        yield connection


def quiet(database: Database) -> None:
    """Switch off all event triggers, the project's and those that observe a replay: they may refuse a trial."""
    with database.admin() as admin:
        for (name,) in admin.rows("select evtname::text from pg_catalog.pg_event_trigger order by 1"):
            admin.execute(f"alter event trigger {identifier(name)} disable")


def _is_member(kind: str, name: str) -> bool:
    return kind in ("function", "relation", "schema", "type") and bool(extensions_with(kind, "", name))
