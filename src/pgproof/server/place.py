"""Where a running server lives: a directory with a short path for its socket, and one for its data.

The path of a unix socket is limited to 107 bytes (macOS: 103), so sockets never lie below a project or a cache folder.
Every directory has a file `lock` that its owner holds with flock: one that nobody holds is left over from a process
that was killed together with its watchdog, and is swept.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pgproof.model.errors import PgproofError
from pgproof.server.folders import subfolder

MEMORY = Path("/dev/shm")  # noqa: S108 (each directory in it is made by mkdtemp and is ours alone)
WANTED_BYTES = 256 << 20
WANTED_FILES = 5_000
_PREFIX = "pgp-"
_SOCKET_LIMIT = 103 - len("/pgp-12345678/s/.s.PGSQL.65535")
_SETTLING_S = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """`sockets`, `data` and `log` of one server; `directories` are removed with it; `locks` are held until then."""

    sockets: Path
    data: Path
    log: Path
    directories: tuple[Path, ...]
    locks: tuple[int, ...]

    def remove(self) -> None:
        """Delete everything that belongs to this run."""
        for directory in self.directories:
            shutil.rmtree(directory, ignore_errors=True)
        for lock in self.locks:
            os.close(lock)


def take_place(uid: int | None, data: Path | None = None, *, on_disk: bool = False) -> Place:
    """Make the directories of one run, which belong to `uid`.

    `data` names a data directory that stays after the run; else one is made in memory, or in the cache folder when
    `on_disk` says so or when memory has too little room (Docker gives a container 64 MB).
    """
    short = [b for b in (MEMORY, _runtime(), Path(tempfile.gettempdir()), Path("/tmp")) if b and _writable(b)]  # noqa: S108
    short = [base for base in short if len(os.fsencode(base)) <= _SOCKET_LIMIT]
    if not short:
        raise PgproofError(
            "no writable directory has a path short enough for a socket.", "Set TMPDIR to one with a short path."
        )
    disk = subfolder("run")
    if uid is not None:
        os.chown(disk, uid, uid)
    for base in {*short, disk}:
        sweep(base, uid)
    run, lock = _make(short[0], uid)
    directories, locks = [run], [lock]
    if data is None:
        if on_disk or short[0] != MEMORY or not _roomy(MEMORY):
            behind, lock = _make(disk, uid)
            directories.append(behind)
            locks.append(lock)
            data = behind / "d"
        else:
            data = run / "d"
    sockets = run / "s"
    sockets.mkdir(mode=0o700)
    if uid is not None:
        os.chown(sockets, uid, uid)
    return Place(sockets, data, run / "log", tuple(directories), tuple(locks))


def sweep(base: Path, uid: int | None) -> None:
    """Remove what runs that were killed have left below `base`, with servers that are still alive there."""
    owners = {os.geteuid(), uid}
    for directory in base.glob(_PREFIX + "*"):
        with suppress(OSError):
            seen = directory.lstat()
            if seen.st_uid not in owners or directory.is_symlink():
                continue
            lock = directory / "lock"
            if not lock.exists():  # it is being made at this moment, unless it is old
                if time.time() - seen.st_mtime > _SETTLING_S:
                    shutil.rmtree(directory, ignore_errors=True)
                continue
            held = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                end_orphan(directory / "d")
                shutil.rmtree(directory, ignore_errors=True)
            finally:
                os.close(held)


def end_orphan(data: Path) -> None:
    """End the server that still runs on a data directory whose owner is gone, and forget its pid file.

    A number in `postmaster.pid` proves nothing by itself (numbers are used again): the process must stand in `data`,
    as a server does. Where that cannot be seen, PostgreSQL's own check at the next start decides.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n")[0])
    except (OSError, ValueError):
        return
    if sys.platform != "linux":
        return
    deadline = time.monotonic() + 10
    while _stands_in(pid, data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT if time.monotonic() < deadline - 5 else signal.SIGKILL)
        if time.monotonic() > deadline:
            raise PgproofError(f"the server with process id {pid} does not end.", f"End it: kill -9 {pid}")
        time.sleep(0.005)
    pid_file.unlink(missing_ok=True)


def _stands_in(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False


def _runtime() -> Path | None:
    named = os.environ.get("XDG_RUNTIME_DIR")
    return Path(named) if named and Path(named).is_dir() else None


def _writable(base: Path) -> bool:
    return base.is_dir() and os.access(base, os.W_OK | os.X_OK)


def _roomy(base: Path) -> bool:
    room = os.statvfs(base)
    return room.f_bavail * room.f_frsize >= WANTED_BYTES and room.f_favail > WANTED_FILES


def _make(base: Path, uid: int | None) -> tuple[Path, int]:
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
    # It gets its name when it is held: another run's sweep must not find it free for a moment.
    lock = os.open(directory / "unheld", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (directory / "unheld").rename(directory / "lock")
    if uid is not None:
        os.chown(directory, uid, uid)
    return directory, lock
