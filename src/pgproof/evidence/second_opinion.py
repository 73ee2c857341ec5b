"""What plpgsql_check says where the trial of a body found nothing: asked for in the configuration, on a server apart.

It has ended the server at a function; so the server is one of its own, and what it ends at is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.examined import Examined
from pgproof.evidence.part import gathers
from pgproof.evidence.replay import Replayer
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.trials import session
from pgproof.evidence.wording import counted
from pgproof.evidence.written import Written
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task
from pgproof.model import Gap, Location, ObjectName
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform
from pgproof.probes.bodies.routine import Routine, read_routines
from pgproof.probes.bodies.second_opinion import EXTENSION, LIMIT_S, SCHEMA, Opinion, ask, installed
from pgproof.server.binaries import Installation
from pgproof.server.failure import ServerDied

if TYPE_CHECKING:
    from psycopg import Connection

    from pgproof.shadow.database import Database

ENDED_AT_MOST = 3
"""How often it may end the server before nothing more is asked."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Its version, `""` when it was not asked, and what it says that the trial does not."""

    version: str = ""
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    version: str
    of: Mapping[ObjectName, tuple[Opinion, ...]]
    ended_at: tuple[ObjectName, ...]


@gathers(SecondOpinion, None)
def ask_plpgsql_check(
    settings: Settings,
    examined: Examined,
    replay: Replay,
    server: ReplayServer,
    platform: Platform,
    migrations: Migrations,
    replayer: Replayer,
) -> SecondOpinion:
    """Ask it on a second private server, which replays the migrations; or recall what it said."""
    wanted = frozenset(body.name for body in examined.items if body.language == "plpgsql")
    if not settings.config.plpgsql_check or not wanted:
        return SecondOpinion()
    from psycopg import Error

    asked = f"what {EXTENSION} says, which pgproof.toml asks for"
    installation = next((one for one in (server.installation, *server.alternatives) if str(one) == replay.server), None)
    if installation is None or not _control(installation).exists():
        gap = Gap(f"{asked}: {replay.server} does not have it", way_out=f"install {EXTENSION} for that PostgreSQL")
        return SecondOpinion(gaps=(gap,))
    task = None
    if migrations.directory.layout != COMMAND:
        task = replayer.task(migrations.directory.files, frozenset(), installation, replay.search_path)
    try:
        said = _recalled(_Apart(settings, platform, replay, installation, task), wanted, replayer)
    except (PgproofError, Error) as error:
        return SecondOpinion(gaps=(Gap(f"{asked}: {str(error).splitlines()[0]}"),))
    return SecondOpinion(said.version, tuple(_gaps(said, examined, len(wanted))))


def _gaps(said: _Said, examined: Examined, wanted: int) -> Iterator[Gap]:
    says = f"{EXTENSION} {said.version} says"
    for body in examined.items:
        if not (body.defects or body.untold or body.remarks):  # what it says of others is told already
            for opinion in said.of.get(body.name, ())[:1]:
                reason = f"{body.name}: {says} {opinion.message} ({opinion.sqlstate}); its trial found nothing"
                yield Gap(reason, location=_place(examined.written.get(body.name), opinion.line))
    if said.ended_at:
        names = ", ".join(map(str, said.ended_at))
        yield Gap(f"what {says} of {names}: it ended the server there")
    if left := wanted - len(said.of) - len(said.ended_at):
        yield Gap(f"what {says} of {counted(left, 'function')}: it was not asked any more")


def _place(written: Written | None, line: int) -> Location | None:
    """Return the place of a line of a body."""
    if written is None:
        return None
    before = written.body.split("\n")[: line - 1] if line else []
    return written.place(sum(len(one) + 1 for one in before) if line else -1)


def _control(installation: Installation) -> Path:
    return installation.share / f"extension/{EXTENSION}.control"


def _recalled(apart: _Apart, wanted: frozenset[ObjectName], replayer: Replayer) -> _Said:
    memory, key = replayer.memory, apart.task.key if apart.task else None
    name = f"second-opinion-{key}-{_control(apart.installation).stat().st_mtime_ns}"
    found = memory.read(name, _decode) if memory and key else None
    if found is None:
        found = _ask(apart, wanted)
        if memory and key:
            memory.write(name, _encode(found))
    return found


@dataclass(frozen=True, slots=True)
class _Apart:
    """A private server that may die, with the schema."""

    settings: Settings
    platform: Platform
    replay: Replay
    installation: Installation
    task: Task | None

    @contextmanager
    def open(self) -> Iterator[Database]:
        """Start it and make the schema."""
        from pgproof.catalog.ddl import make_all
        from pgproof.migrations.replay.replay import replay

        with ExitStack() as stack:
            shadow = PrivateServers(self.settings, self.platform, stack, f" {EXTENSION}").shadow(self.installation)
            layer = replay(self.task, shadow).layer if self.task else None
            with shadow.database(layer or None) as database:
                if not layer:
                    with database.connect() as connection:
                        make_all(self.replay.catalog, connection)
                yield database


def _ask(apart: _Apart, wanted: frozenset[ObjectName]) -> _Said:
    version = ""
    ended_at: list[ObjectName] = []
    of: dict[ObjectName, tuple[Opinion, ...]] = {}
    for _ in range(ENDED_AT_MOST):
        apart.settings.progress(f"asking {EXTENSION} about {counted(len(wanted) - len(of), 'function')}")
        lost: list[ObjectName] = []
        try:
            with apart.open() as database:
                version = _about(database, apart.replay.search_path, wanted.difference(of, ended_at), of, lost)
        except ServerDied:
            if not lost:
                raise
        if not lost:
            break
        ended_at += lost
    return _Said(version, of, tuple(ended_at))


def _about(
    database: Database,
    search_path: str,
    wanted: frozenset[ObjectName],
    of: dict[ObjectName, tuple[Opinion, ...]],
    lost: list[ObjectName],
) -> str:
    """Ask about each, note the answers in `of` and the one that ended the server in `lost`; return the version."""
    with database.connect() as connection:
        connection.execute("set search_path = pg_catalog")
        routines = read_routines(connection, wanted)
    with session(database, search_path) as connection:
        schema, version = _installed(database, connection)
        connection.execute(f"set statement_timeout = '{LIMIT_S}s'")
        for routine in routines:
            if not _one(connection, schema, routine, of):
                lost.append(routine.name)
                database.cluster.check()
                break
    return version


def _one(connection: Connection[Any], schema: str, routine: Routine, of: dict[ObjectName, tuple[Opinion, ...]]) -> bool:
    """Ask about one; False when the connection is lost."""
    from psycopg import Error

    try:
        of[routine.name] = ask(connection, schema, routine)
    except Error:
        if connection.closed:
            return False
        of[routine.name] = ()
    return True


def _installed(database: Database, connection: Connection[Any]) -> tuple[str, str]:
    """Return its schema and version; it is created unless the migrations have done so."""
    found = installed(connection)
    if found is None:
        connection.execute(f"create schema {SCHEMA}")
        database.create_extension(connection, EXTENSION, SCHEMA)
        found = installed(connection)
    assert found is not None
    return found


def _encode(said: _Said) -> Any:
    opinions: Sequence[Any] = [[n.kind, n.parts, [astuple(one) for one in found]] for n, found in said.of.items()]
    return [said.version, opinions, [[name.kind, name.parts] for name in said.ended_at]]


def _decode(value: Any) -> _Said:
    version, opinions, ended_at = value
    of = {ObjectName(kind, tuple(parts)): tuple(Opinion(*one) for one in found) for kind, parts, found in opinions}
    return _Said(version, of, tuple(ObjectName(kind, tuple(parts)) for kind, parts in ended_at))
