"""The live database that was named: its connection, and its catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pgproof.catalog.object import Catalog
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.settings import Settings
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.model.errors import UsageError
from pgproof.platforms import Platform
from pgproof.server.capabilities import Capabilities, capabilities

if TYPE_CHECKING:
    from pgproof.server.live import LiveSession

SHOWN = 3
"""How many objects that are not read are named."""
NONE_NAMED = Gap("the live database (none was named)", way_out="pgproof check --live postgresql://…")
NO_HISTORY = Gap(
    "which migrations were applied: a snapshot file holds the catalog and no rows "
    "(everything in the migrations is taken as applied)"
)


@dataclass(frozen=True, slots=True)
class Connection:
    """The read-only connection to the live database, and what its role may do."""

    session: LiveSession
    role: Capabilities
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The live database's catalog as a snapshot file has it, when one was named in place of the database."""

    catalog: Catalog | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """The live database's catalog; `gaps` name what the database holds beyond the kinds that are read."""

    catalog: Catalog
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.catalog)


@gathers(Connection, None)
def connect_to_live(settings: Settings, stack: ExitStack) -> Connection:
    """Connect to the database that was named; never to another."""
    if settings.live is None:
        raise Unavailable(NONE_NAMED)
    if _is_file(settings.live):
        raise Unavailable(NO_HISTORY)
    from pgproof.server.live import connect

    settings.progress("connecting to the live database")
    session = stack.enter_context(connect(settings.live))
    return Connection(session, capabilities(session), tuple(Gap(warning) for warning in session.warnings))


@gathers(Taken, None)
def load_taken(settings: Settings) -> Taken:
    """Read the snapshot file."""
    if settings.live is None or not _is_file(settings.live):
        return Taken()
    from pgproof.catalog import file

    try:
        return Taken(file.load(Path(settings.live).read_text("utf-8"), settings.live))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read the snapshot {settings.live}: {reason}.", file.TAKE_AGAIN) from error


@gathers(Live, Proof(Method.READ, (Subject.LIVE,)))
def read_live(settings: Settings, connection: Connection | None, taken: Taken, platform: Platform) -> Live:
    """Read the whole catalog, or take the one of the snapshot file."""
    if taken.catalog is not None:
        return Live(taken.catalog)
    if connection is None:
        raise Unavailable(NONE_NAMED)
    from pgproof.catalog import snapshot

    settings.progress("reading the live catalog")
    foreign = (*platform.schemas, *settings.config.ignore_schemas)
    return Live(snapshot.read(connection.session), tuple(beyond(connection.session, foreign, platform)))


OF_A_PROVIDER = ("changed privileges of an extension's object", "language", "parameter privileges")
"""What whoever runs a platform's servers has changed there, and no project."""
DATA = "large object"
"""What is no part of a schema."""


def beyond(session: LiveSession, foreign_schemas: Collection[str], platform: Platform) -> Iterator[Gap]:
    """Yield a gap for what a database holds and no kind reads, if there is anything: nobody has compared it."""
    from pgproof.catalog.ledger import unmodelled

    left_out = (DATA, *(OF_A_PROVIDER if platform.sql else ()))
    found = [one for one in unmodelled(session, foreign_schemas) if one.kind not in left_out]
    if found:
        told = (f"{one.kind} ({', '.join(one.names[:SHOWN])}{' …' * (one.count > SHOWN)})" for one in found)
        yield Gap(f"what no comparison reads: {'; '.join(told)}")


def _is_file(live: str) -> bool:
    """Whether a snapshot file was named: no connection string begins with a slash."""
    return live.startswith("/")
