"""A private PostgreSQL server: ours alone, gone when we are gone."""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from pgproof.server.binaries import Installation
from pgproof.server.confinement import ENVIRONMENT, Confinement, confinement
from pgproof.server.copying import copy_tree, spread
from pgproof.server.failure import NoSpace, ServerDied, explain_death, no_space
from pgproof.server.image import ADMIN, Image, base_image
from pgproof.server.limits import SESSION_BYTES, limited, taken
from pgproof.server.place import Place, end_orphan, take_place
from pgproof.server.reach import reachable
from pgproof.server.watchdog import Watchdog

_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 30.0
_DYING_S = 3.0


class Cluster:
    """A running private server, as a context manager.

    Parameters
    ----------
    installation
        The PostgreSQL to run.
    image
        What the data directory is copied from; None: the installation's base image.
    data
        A data directory that stays (its caller holds a lock on it): it is started in place and shut down cleanly.
        `image.data` is not copied then, and `image.password` is its administrator's.
    logins
        The role that may log in without a password, by the socket (`all`: every role but the administrator).
    tcp
        Let it also log in over TCP on the loopback, with a password, for tools that know no unix sockets. The server
        then shares our network.
    settings
        Server settings for this run.
    program
        The server program, when it is not the installation's own.
    on_disk
        Keep the data on disk even when memory has room.
    session_bytes
        The memory that each session may take, where the system keeps such a limit.
    """

    def __init__(
        self,
        installation: Installation,
        *,
        image: Image | None = None,
        data: Path | None = None,
        logins: str = "all",
        tcp: bool = False,
        settings: Mapping[str, str] | None = None,
        program: Path | None = None,
        on_disk: bool = False,
        session_bytes: int = SESSION_BYTES,
    ) -> None:
        """Say what is to be started; nothing happens yet."""
        self.installation = installation
        self.port = 5432
        self._image = image
        self._data = data
        self.tcp = tcp
        self._logins = logins
        self._settings = dict(settings or {})
        self._program = program
        self._on_disk = on_disk
        self._session_bytes = session_bytes
        self._confinement: Confinement = confinement(networked=tcp)
        self._place: Place | None = None
        self._watchdog: Watchdog | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_dir(self) -> Path:
        """The directory of the server's unix socket."""
        return self._running_place.sockets

    @property
    def networked(self) -> bool:
        """Whether the server can reach the network: False where the system let us cut it off."""
        return self._confinement.networked

    @property
    def pid(self) -> int:
        """The process id of the server."""
        assert self._process is not None
        return self._process.pid

    def dsn(self, role: str, database: str = "template1") -> str:
        """Return a connection URL for a role that needs no password on the socket."""
        base, user = quote(database, safe=""), quote(role, safe="")
        return f"postgresql:///{base}?host={self.socket_dir}&port={self.port}&user={user}"

    def admin_password(self) -> str:
        """Return the administrator's password."""
        return self._source.password

    def admin_dsn(self, database: str = "template1") -> str:
        """Return a connection URL for the superuser `pgproof_admin`. A secret: it holds the password."""
        return f"{self.dsn(ADMIN, database)}&password={self.admin_password()}"

    def taken(self, database: int) -> int:
        """Return how many bytes the server takes on disk, of its databases only the one with this OID."""
        return taken(self._running_place.data, database)

    def check(self, error: object = None) -> None:
        """Raise ServerDied if the server is no longer there, NoSpace if that is why or what `error` says.

        `error` has a `sqlstate`. With one that says that a connection was lost (psycopg's are without), a dying server
        gets the moment that it needs to be gone.
        """
        if self._process is None:
            return
        if getattr(error, "sqlstate", "") == "53100":
            raise no_space(self._running_place.data, on_disk=self._is_on_disk)
        if error is not None and getattr(error, "sqlstate", "") is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_DYING_S)
        if self._process.poll() is not None:
            raise self._death()

    def start(self) -> Self:
        """Start the server and wait until it answers.

        Raises
        ------
        ServerDied
            It did not start; its log says why. When memory was too small it has been tried again on disk.
        """
        try:
            try:
                self._start()
            except NoSpace as full:
                if full.on_disk:
                    raise
                self.stop()
                self._on_disk = True
                self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the server: at once when its data is thrown away, by a clean shutdown when it stays."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGQUIT if self._data is None else signal.SIGINT)
            try:
                process.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        place, self._place = self._place, None
        if place is not None:
            place.remove()
        watchdog, self._watchdog = self._watchdog, None
        if watchdog is not None:
            watchdog.dismiss()

    def __enter__(self) -> Self:
        """Start, unless it runs already."""
        return self if self._process is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop. An error that the server's own death caused is replaced by the reason of the death."""
        death: ServerDied | None = None
        if isinstance(error, Exception) and not isinstance(error, ServerDied):
            try:
                self.check(error)
            except ServerDied as reason:
                death = reason
        self.stop()
        if death is not None:
            raise death from error

    @property
    def _running_place(self) -> Place:
        if self._place is None:
            raise RuntimeError("the cluster is not running")
        return self._place

    @property
    def _source(self) -> Image:
        if self._image is None:
            self._image = base_image(self.installation)
        return self._image

    @property
    def _is_on_disk(self) -> bool:
        return self._data is not None or len(self._running_place.directories) > 1

    def _start(self) -> None:
        source, uid = self._source, self._confinement.uid
        self._place = place = take_place(uid, self._data, on_disk=self._on_disk)
        try:
            if self._data is None:
                copy_tree(source.data, place.data, uid)
                spread(place.data / "base")
            else:
                end_orphan(place.data)
            self._write_hba(place.data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise no_space(place.data, on_disk=self._is_on_disk) from error
            raise
        self._watchdog = Watchdog(place.data, place.directories, uid)
        for _ in range(3):
            if self.tcp:
                self.port = _free_port()
            self._launch(place)
            if self._ready(place):
                return
            if not self.tcp or b"could not bind" not in place.log.read_bytes():
                break
        raise self._death()

    def _write_hba(self, data: Path) -> None:
        lines = [f"local all {ADMIN} scram-sha-256", f"local all {self._logins} trust"]
        if self.tcp:
            lines.append(f"host all {self._logins} 127.0.0.1/32 scram-sha-256")
        (data / "pg_hba.conf").write_text("\n".join(lines) + "\n")

    def _launch(self, place: Place) -> None:
        usable = reachable(self.installation, self._confinement.uid)
        settings = {**self._settings, "listen_addresses": "127.0.0.1" if self.tcp else "", "port": str(self.port)}
        prefix = (*_dying_with_us(self._confinement.prefix), *limited(self._session_bytes))
        command: list[str | Path] = [*prefix, self._program or usable.postgres]
        command += ["-D", place.data, "-k", place.sockets]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with place.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,  # never ours: it may hold passwords
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us alone
            )

    def _ready(self, place: Place) -> bool:
        """Wait until the server says so in the eighth line of its pid file; False when it died instead."""
        assert self._process is not None
        pid_file, deadline = place.data / "postmaster.pid", time.monotonic() + _START_LIMIT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            with suppress(OSError):
                lines = pid_file.read_text().split("\n")
                if len(lines) > 7 and lines[7].strip() == "ready" and lines[0] == str(self._process.pid):
                    return True
            time.sleep(0.001)
        return False

    def _death(self) -> ServerDied:
        place = self._running_place
        return explain_death(place.log, place.data, on_disk=self._is_on_disk)


def _dying_with_us(prefix: tuple[str, ...]) -> tuple[str, ...]:
    """Ask the kernel (Linux) to end the server with us, should the watchdog be killed too.

    The kernel sends it when the starting *thread* ends, so this is for the main thread only.
    """
    if threading.current_thread() is not threading.main_thread() or "setpriv" not in prefix:
        return prefix
    at = prefix.index("setpriv") + 1
    return (*prefix[:at], "--pdeathsig=QUIT", *prefix[at:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
