"""The private servers: which PostgreSQL, and started only when something must really run."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.evidence.live import Connection, Taken
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.migrations.replay import PREPARE
from pgproof.model import Gap
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform
from pgproof.server import binaries
from pgproof.server.binaries import NEWEST, OLDEST, Installation
from pgproof.server.limits import DISK_BYTES, SESSION_BYTES

if TYPE_CHECKING:
    from pgproof.shadow.shadow import Shadow


@dataclass(frozen=True, slots=True)
class ReplayServer:
    """The PostgreSQL that migrations are replayed on.

    `alternatives` are other majors at hand, newest first, when nothing says which one the project runs on.
    """

    installation: Installation
    alternatives: tuple[Installation, ...] = ()
    gaps: tuple[Gap, ...] = ()


class PrivateServers:
    """The project's private servers, each started when it is first asked for and ended with the run."""

    def __init__(self, settings: Settings, platform: Platform, stack: ExitStack, key: str = "") -> None:
        """Start nothing yet. `key` tells the servers of one project apart that run at once."""
        self._settings = settings
        self._key = f"{settings.root}{key}"
        self._platform = platform
        self._stack = stack
        self._running: dict[Installation, Shadow] = {}

    def shadow(self, installation: Installation) -> Shadow:
        """Return the running server of an installation."""
        from pgproof.shadow.shadow import open_shadow

        if installation not in self._running:
            self._settings.progress(f"starting a private PostgreSQL {installation.version}")
            tcp = bool(self._settings.config.replay_command)  # drivers that know no unix sockets
            config = self._settings.config
            opened = open_shadow(
                self._key,
                installation,
                self._platform,
                prepare=PREPARE,
                allow=config.replay_extensions,
                tcp=tcp,
                session_bytes=config.memory_bytes or SESSION_BYTES,
                disk_bytes=config.disk_bytes or DISK_BYTES,
            )
            self._running[installation] = self._stack.enter_context(opened)
        return self._running[installation]


@gathers(ReplayServer, None)
def choose_server(settings: Settings, connection: Connection | None, taken: Taken) -> ReplayServer:
    """Choose the exact major of the configuration or the live database; another one only with a gap that says so."""
    if settings.config.server:
        return ReplayServer(binaries.choose(settings.config.server))
    major = _live_major(connection, taken)
    if major is None:
        chosen = binaries.choose()
        return ReplayServer(chosen, _alternatives(chosen))
    try:
        return ReplayServer(binaries.choose(major))
    except PgproofError as error:
        other = binaries.choose()
        gap = Gap(
            f"what PostgreSQL {major}, which the live database runs, does otherwise than {other.major}, which replayed",
            way_out=error.way_out,
        )
        return ReplayServer(other, gaps=(gap,))


def _live_major(connection: Connection | None, taken: Taken) -> int | None:
    if connection is not None:
        return connection.session.version // 10_000
    return taken.catalog.major if taken.catalog else None


def _alternatives(chosen: Installation) -> tuple[Installation, ...]:
    """Return one installation of each other major, the newest first."""
    by_major = {one.major: one for one in reversed(binaries.find()) if OLDEST <= one.major <= NEWEST}
    del by_major[chosen.major]
    return tuple(by_major[major] for major in sorted(by_major, reverse=True))


@gathers(PrivateServers, None)
def prepare_servers(settings: Settings, platform: Platform, stack: ExitStack) -> PrivateServers:
    """Say what would be started."""
    return PrivateServers(settings, platform, stack)
