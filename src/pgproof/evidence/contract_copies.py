"""Private copies of the schema that a contract is judged on: to ask a server, and to try proposed SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.evidence.live import Live
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.replay import Expected, Replayer
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.migrations.base import Base
from pgproof.migrations.layout import Transaction
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task
from pgproof.model import Gap
from pgproof.platforms import Platform

if TYPE_CHECKING:
    from pgproof.shadow.database import Database


@dataclass(frozen=True, slots=True)
class Copies:
    """How a private database with the schema is made: of the live one when it was read, else of the replay.

    `gaps` of what `of_live` made tell what of the live schema could not be made again.
    """

    settings: Settings
    servers: PrivateServers
    server: ReplayServer
    platform: Platform
    live: Live | None
    expected: Expected | None
    replayer: Replayer | None

    @contextmanager
    def replayed(self) -> Iterator[Database]:
        """Open a database with what the migrations make of it, without pending ones."""
        from pgproof.catalog.ddl import make_all

        if self.expected is None:
            with self.of_live() as database:
                yield database
            return
        shadow, layer = self.servers.shadow(self.expected.installation), self.expected.replay.layer
        if self.expected.task and self.replayer and layer not in shadow.layers():
            layer = self.replayer.again(self.expected.task).layer
        with shadow.database(layer or None) as database:
            if not layer:
                with database.connect() as connection:
                    make_all(self.expected.replay.catalog, connection)
            yield database

    @contextmanager
    def of_live(self) -> Iterator[Database]:
        """Open a database with the live schema, as far as it can be made here; without one, the replayed one."""
        if self.live is None:
            if self.expected is None:
                raise Unavailable(Gap("no schema to copy"))
            with self.replayed() as database:
                yield database
            return
        with self.clone(self.live) as (database, _):
            yield database

    @contextmanager
    def clone(self, live: Live) -> Iterator[tuple[Database, Replay]]:
        """Open a database with the live schema, as far as it can be made here, and what was made."""
        from pgproof.catalog import file
        from pgproof.migrations.replay.replay import replay

        digest = hashlib.sha256(file.dump(live.catalog).encode()).hexdigest()
        base = Base(live.catalog.database, digest, catalog=live.catalog)
        task = Task(self.settings.root, (), Transaction.FILE, self.server.installation, self.platform, base)
        shadow = self.servers.shadow(self.server.installation)
        made = replay(task, shadow)
        with shadow.database(made.layer) as database:
            yield database, made


@gathers(Copies, None)
def prepare_copies(
    settings: Settings,
    servers: PrivateServers,
    server: ReplayServer,
    platform: Platform,
    live: Live | None,
    expected: Expected | None,
    replayer: Replayer | None,
) -> Copies:
    """Make nothing yet."""
    return Copies(settings, servers, server, platform, live, expected, replayer)
