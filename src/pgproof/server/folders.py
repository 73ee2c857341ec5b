"""Where pgproof keeps what it may rebuild: images, project data directories, fetched servers."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pgproof.model.errors import PgproofError, UsageError
from pgproof.server.copying import spread

CACHE_VARIABLE = "PGPROOF_CACHE"
UNUSED_DAYS = 30
MAKING_DAYS = 1


def cache_folder() -> Path:
    """Return the cache folder, made if need be.

    `$PGPROOF_CACHE`, else `$XDG_CACHE_HOME/pgproof` or `~/.cache/pgproof`. Root's server runs as another uid, which
    must be able to walk into it (home directories are closed): `/var/cache/pgproof` or `/var/tmp/pgproof`.

    Raises
    ------
    UsageError
        `$PGPROOF_CACHE` cannot be used.
    PgproofError
        No place is writable.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        folder = Path(named).absolute()
        if not _usable(folder):
            raise UsageError(
                f"${CACHE_VARIABLE} = {folder} cannot be used as the cache folder.",
                "It must be a writable folder that belongs to this user"
                + (" and that every user may walk into (root's servers run as another user)." if is_root() else "."),
            )
        return folder
    for folder in _places():
        if _usable(folder):
            return folder
    raise PgproofError("no folder for the cache is writable.", f"Name one with the variable {CACHE_VARIABLE}.")


def subfolder(name: str) -> Path:
    """Return a folder of the cache, made if need be."""
    folder = cache_folder() / name
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        spread(folder)
    if is_root():
        folder.chmod(0o755)  # whatever the umask
    return folder


def sweep_unused(folder: Path) -> None:
    """Remove what no run has used for a month; what a killed one was making (`.name`), after a day.

    An entry says by its time when it was used.
    """
    now = time.time()
    for entry in folder.iterdir():
        days = MAKING_DAYS if entry.name.startswith(".") else UNUSED_DAYS
        with suppress(OSError):
            if now - entry.stat().st_mtime < days * 86_400:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, made if need be; wait for another process that holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def is_root() -> bool:
    """Whether we run as root: PostgreSQL refuses to."""
    return os.geteuid() == 0


def open_to_all(path: Path) -> bool:
    """Whether any user may walk to `path`: its resolved parents, and itself when it is a folder, have `o+x`."""
    resolved = path.resolve()
    walked = [resolved, *resolved.parents] if resolved.is_dir() else list(resolved.parents)
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in walked)


def _places() -> list[Path]:
    if is_root():
        return [Path("/var/cache/pgproof"), Path("/var/tmp/pgproof")]  # noqa: S108 (ownership is checked below)
    places = []
    if os.environ.get("XDG_CACHE_HOME"):
        places.append(Path(os.environ["XDG_CACHE_HOME"]).absolute() / "pgproof")
    home = os.environ.get("HOME", "")
    if home and home != "/":
        places.append(Path(home).absolute() / ".cache" / "pgproof")
    return [*places, Path(tempfile.gettempdir()) / f"pgproof-{os.geteuid()}"]


def _usable(folder: Path) -> bool:
    """Make the folder; it must be ours alone to write, since what lies in it is executed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if is_root():
            folder.chmod(0o755)
        seen = folder.stat()
    except OSError:
        return False
    ours = seen.st_uid == os.geteuid() and not seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return ours and os.access(folder, os.W_OK | os.X_OK) and (not is_root() or open_to_all(folder))
