"""How much of the machine a private server may take."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

SESSION_BYTES = 2 << 30
"""Memory of one session. A statement takes some 20 times the size of its text."""

DISK_BYTES = 4 << 30
"""What one database may grow to, with the server's log and temporary files."""

# `sh` replaces itself by the server. Lowering a limit needs no right; where it is lower already, that one stays.
_LIMITED = 'ulimit -c 0; ulimit -v "$0" 2>/dev/null; exec "$@"'


def limited(session_bytes: int) -> tuple[str, ...]:
    """Return the words before a server's command line that limit the memory of each of its processes.

    A session that wants more gets "out of memory" (53200) and goes on; without the limit the kernel would kill it, and
    with it the server. macOS knows such a limit and does not keep it.
    """
    return ("/bin/sh", "-c", _LIMITED, str(session_bytes >> 10)) if sys.platform == "linux" else ()


def taken(data: Path, database: int) -> int:
    """Return how many bytes a data directory takes on disk, of its databases only the one with this OID."""
    folders = [entry for entry in _entries(data) if entry.is_dir(follow_symlinks=False) and entry.name != "base"]
    places = [data, data / "base" / "pgsql_tmp", data / "base" / str(database), *(Path(f.path) for f in folders)]
    return sum(_blocks(entry) for place in places for entry in _entries(place))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _blocks(entry: os.DirEntry[str]) -> int:
    with suppress(FileNotFoundError):  # gone since
        return entry.stat(follow_symlinks=False).st_blocks * 512
    return 0
