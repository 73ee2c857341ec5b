"""Function bodies of the replayed catalog, proved statement by statement; nothing of them is executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.replay import Replayer
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.undone import undone
from pgproof.evidence.wording import counted
from pgproof.evidence.written import Written, find_written
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject
from pgproof.platforms import Platform
from pgproof.platforms.members import extensions_with, schemas_of
from pgproof.probes.bodies.proved import Defect, Proved, Remark
from pgproof.probes.bodies.routine import Routine, read_routines
from pgproof.probes.bodies.stored import decode, encode
from pgproof.probes.bodies.surroundings import Surroundings, read_names, temporary_tables
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from psycopg import Connection

    from pgproof.catalog.object import Catalog
    from pgproof.shadow.database import Database
    from pgproof.shadow.shadow import Shadow

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Examined:
    """The bodies with all that is known of them, and where each is written."""

    items: tuple[Proved, ...]
    written: Mapping[ObjectName, Written]


@dataclass(frozen=True, slots=True)
class Bodies:
    """What was tried: every statement of every body, by PL/pgSQL's and SQL's own parsers on the private server."""

    items: tuple[Proved, ...]
    written: Mapping[ObjectName, Written]
    catalog: Catalog
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of routines."""
        return len(self.items)

    def place(self, body: Proved, defect: Defect) -> Location | None:
        """Return where a defect is written."""
        return place(self.written, body, defect.offset)


@dataclass(frozen=True, slots=True)
class BodyTexts:
    """What the texts of the bodies show without a trial, and what each reads, writes and calls."""

    items: tuple[Proved, ...]
    written: Mapping[ObjectName, Written]

    def __len__(self) -> int:
        """Return the number of routines."""
        return len(self.items)

    def place(self, body: Proved, remark: Remark) -> Location | None:
        """Return where it is written."""
        return place(self.written, body, remark.offset)


def place(written: Mapping[ObjectName, Written], body: Proved, offset: int) -> Location | None:
    """Return the place of a character of a body, of its statement for -1."""
    return written[body.name].place(offset) if body.name in written else None


@gathers(Examined, None)
def examine(
    replay: Replay,
    base: MissingBase,
    platform: Platform,
    migrations: Migrations,
    server: ReplayServer,
    servers: PrivateServers,
    replayer: Replayer,
) -> Examined:
    """Prove the bodies in a copy of the replay's last state, or recall what an earlier run found there."""
    wanted = frozenset(
        thing.name for thing in replay.catalog.of("function", "procedure") if _is_own(thing.name, replay)
    )
    if not wanted:
        return Examined((), {})
    by_command = migrations.directory.layout == COMMAND
    installation = next((i for i in (server.installation, *server.alternatives) if str(i) == replay.server), None)
    task = None
    if installation and not by_command:
        task = replayer.task(migrations.directory.files, frozenset(), installation, replay.search_path)
    memory, key = replayer.memory, task.key if task else None
    found = memory.read(f"bodies-{key}", decode) if memory and key else None
    if found is None:
        found = _prove(
            replay, base, platform, task, replayer, servers.shadow(installation or server.installation), wanted
        )
        if memory and key:
            memory.write(f"bodies-{key}", encode(found))
    bodies = {body.name: str(replay.catalog.objects[body.name].attributes["body"]) for body in found}
    return Examined(found, find_written(bodies, replay))


@gathers(Bodies, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def tried_bodies(examined: Examined, replay: Replay) -> Bodies:
    """Take what was tried."""
    return Bodies(examined.items, examined.written, replay.catalog, tuple(_gaps(examined.items)))


@gathers(BodyTexts, Proof(Method.PARSED, (Subject.REPLAY,)))
def read_bodies(examined: Examined) -> BodyTexts:
    """Take what the texts show."""
    return BodyTexts(examined.items, examined.written)


def surroundings(
    replay: Replay,
    platform: Platform,
    names: Mapping[tuple[str, str], set[str]],
    routines: Sequence[Routine],
    *,
    base_is_missing: bool = False,
) -> Surroundings:
    """Say what is around the bodies of a replay."""
    failed = undone(replay.observations)
    return Surroundings(
        names,
        failed.made,
        failed.altered,
        base_is_missing,
        frozenset(platform.schemas).union(*map(schemas_of, replay.standins)),
        _is_member,
        temporary_tables(routines),
        {routine.name.parts[1] for routine in routines if routine.name.kind == "procedure" and routine.outputs},
    )


def _prove(
    replay: Replay,
    base: MissingBase,
    platform: Platform,
    task: Task | None,
    replayer: Replayer,
    shadow: Shadow,
    wanted: frozenset[ObjectName],
) -> tuple[Proved, ...]:
    from psycopg import Error

    from pgproof.catalog.ddl import make_all
    from pgproof.probes.bodies.prove import prove

    replayer.settings.progress(f"proving {counted(len(wanted), 'function')}")
    layer = replay.layer
    if task and layer not in shadow.layers():
        layer = replayer.again(task).layer
    try:
        with shadow.database(layer or None) as database:
            with database.connect() as connection:
                if not layer:
                    make_all(replay.catalog, connection)
                connection.execute("set search_path = pg_catalog")
                routines, names = read_routines(connection, wanted), read_names(connection)
            _quiet(database)
            around = surroundings(replay, platform, names, routines, base_is_missing=bool(base))
            return tuple(prove(lambda: _session(database, replay.search_path), routines, around))
    except Error as error:
        shadow.check(error)
        reason = f"what the functions do: they could not be tried ({str(error).splitlines()[0]})"
        raise Unavailable(Gap(reason)) from error


@contextmanager
def _session(database: Database, search_path: str) -> Iterator[Connection[Any]]:
    """Connect as the project does."""
    with database.connect() as connection:
        if search_path:
            connection.execute("select pg_catalog.set_config('search_path', %s, false)", [search_path])
        yield connection


def _quiet(database: Database) -> None:
    """Switch off all event triggers of the copy, the project's and those that observe a replay."""
    with database.admin() as admin:
        for (name,) in admin.rows("select evtname::text from pg_catalog.pg_event_trigger order by 1"):
            admin.execute(f"alter event trigger {identifier(name)} disable")


def _is_own(name: ObjectName, replay: Replay) -> bool:
    """Whether the migrations made it; a project's own command is not observed, so that all counts."""
    return name in replay.created or not replay.created


def _is_member(kind: str, name: str) -> bool:
    return kind in ("function", "relation", "type") and bool(extensions_with(kind, "", name))


def _gaps(bodies: Iterable[Proved]) -> Iterator[Gap]:
    """Say what could not be judged, one gap for all functions."""
    untold = {str(body.name): body.untold[0].reason for body in bodies if body.untold}
    if untold:
        shown = "; ".join(f"{name}: {reason}" for name, reason in sorted(untold.items())[:SHOWN])
        more = " …" if len(untold) > SHOWN else ""
        yield Gap(
            f"parts of {counted(len(untold), 'function')}, whose statements depend on what is unknown ({shown}{more})"
        )
