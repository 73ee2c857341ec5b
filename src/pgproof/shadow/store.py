"""A project's data directory in the cache: started in place, by one process at a time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from pgproof.model.errors import UsageError
from pgproof.server.folders import UNUSED_DAYS, is_root, open_to_all, subfolder
from pgproof.server.place import end_orphan

KEPT = 16
"""Projects whose data directories stay, of 30 MB and more each. What a replay made is also kept elsewhere, as facts."""


class Store:
    """A locked folder that holds `data` and `layers/`, valid for one image and one boot of the machine.

    The server does not flush what it writes, so that after a crash of the machine the data cannot be trusted: another
    boot means another start from the image.
    """

    def __init__(self, folder: Path, lock: int) -> None:
        """Take a folder whose lock is held."""
        self._folder = folder
        self._lock = lock
        self.data = folder / "data"
        self.layers = folder / "layers"

    def valid_for(self, image: str) -> bool:
        """Whether the data directory was made from this image and can be trusted."""
        try:
            return self._identity_file.read_text() == _identity(image) and self.data.is_dir()
        except OSError:
            return False

    def clear(self) -> None:
        """Forget everything, to be filled anew."""
        self._identity_file.unlink(missing_ok=True)
        end_orphan(self.data)
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.layers, ignore_errors=True)
        self.layers.mkdir(mode=0o700)

    def fill(self, image: str) -> None:
        """Say that the data directory now is a copy of this image."""
        self._identity_file.write_text(_identity(image))

    def close(self) -> None:
        """Let others have it."""
        with suppress(OSError):
            os.utime(self._folder)
        os.close(self._lock)

    @property
    def _identity_file(self) -> Path:
        return self._folder / "identity"


def open_store(key: str, major: int, folder: Path | None = None) -> Store | None:
    """Lock the folder of a project (`key`) and a major version below `folder` (None: the cache); None: it is in use.

    Raises
    ------
    UsageError
        The server's user could not reach it.
    """
    if folder is None:
        folder = subfolder("projects")
        _sweep(folder)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        if is_root() and not open_to_all(folder):
            raise UsageError(
                f"the folder {folder} cannot hold a server's data: root's servers run as another user.",
                "Name one that every user may walk into.",
            )
    project = folder / f"{major}-{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    project.mkdir(exist_ok=True)
    project.chmod(0o711 if is_root() else 0o700)
    lock = _try_lock(project)
    return None if lock is None else Store(project, lock)


def _try_lock(project: Path) -> int | None:
    lock = os.open(project / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_nlink:
            return lock
    except BlockingIOError:
        pass
    os.close(lock)  # another run has it, or swept it away meanwhile
    return None


def _sweep(folder: Path) -> None:
    """Remove what no run has used for a month, and all but the projects that were used last."""
    used: list[tuple[float, Path]] = []
    for project in folder.iterdir():
        with suppress(OSError):  # another run sweeps too
            used.append((project.stat().st_mtime, project))
    used.sort(reverse=True)
    for number, (last, project) in enumerate(used):
        if number < KEPT and time.time() - last < UNUSED_DAYS * 86_400:
            continue
        with suppress(OSError):
            lock = _try_lock(project)
            if lock is not None:
                shutil.rmtree(project, ignore_errors=True)
                os.close(lock)


def _identity(image: str) -> str:
    return f"{image} {_boot()}"


def _boot() -> str:
    """Return what is different after each start of the machine."""
    if sys.platform == "linux":
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    asked = subprocess.run(["sysctl", "-n", "kern.bootsessionuuid"], capture_output=True, text=True, check=False)
    return asked.stdout.strip()
