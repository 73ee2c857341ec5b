"""The live database that was named: its connection, and its catalog."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.catalog.object import Catalog
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.settings import Settings
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.server.capabilities import Capabilities, capabilities

if TYPE_CHECKING:
    from pgproof.server.live import LiveSession

NONE_NAMED = Gap("the live database (none was named)", way_out="pgproof check --live postgresql://…")


@dataclass(frozen=True, slots=True)
class Connection:
    """The read-only connection to the live database, and what its role may do."""

    session: LiveSession
    role: Capabilities
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """The live database's catalog."""

    catalog: Catalog

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.catalog)


@gathers(Connection, None)
def connect_to_live(settings: Settings, stack: ExitStack) -> Connection:
    """Connect to the database that was named; never to another."""
    if settings.live is None:
        raise Unavailable(NONE_NAMED)
    from pgproof.server.live import connect

    settings.progress("connecting to the live database")
    session = stack.enter_context(connect(settings.live))
    return Connection(session, capabilities(session), tuple(Gap(warning) for warning in session.warnings))


@gathers(Live, Proof(Method.READ, (Subject.LIVE,)))
def read_live(settings: Settings, connection: Connection) -> Live:
    """Read the whole catalog."""
    from pgproof.catalog import snapshot

    settings.progress("reading the live catalog")
    return Live(snapshot.read(connection.session))
