"""The routes that an earlier run found, in the cache: one JSON file a project. What cannot be read back is absent.

Whether the files are the same is told by their sizes and times, as git tells it: a file that changed within the last
moments could change again unseen, and then nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pgproof.code

Place = tuple[str, int]
Routes = Mapping[Place, tuple[str, ...]]
_UNSEEN_NS = 2_000_000_000


def key_of(root: Path, paths: Iterable[str], places: Sequence[Place]) -> str:
    """Return what changes with any of the files, the places and the program; `""` when a change could go unseen."""
    seen = hashlib.sha256(f"{_program()}{places}".encode("utf-8", "surrogatepass"))
    newest = 0
    for path in paths:
        try:
            found = (root / path).stat()
        except OSError:
            continue
        newest = max(newest, found.st_mtime_ns)
        seen.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode("utf-8", "surrogatepass"))
    return "" if newest > time.time_ns() - _UNSEEN_NS else seen.hexdigest()


def load(folder: Path, root: Path, key: str) -> Routes | None:
    """Return what was stored under the key; `None` when nothing was."""
    try:
        stored = json.loads(_file(folder, root).read_bytes())
        if not key or stored["key"] != key:
            return None
        return {(path, line): tuple(routes) for path, line, routes in stored["routes"]}
    except (OSError, ValueError, TypeError, KeyError):
        return None


def save(folder: Path, root: Path, key: str, routes: Routes) -> None:
    """Write beside and rename. A full disk costs the cache, not the result."""
    if not key:
        return
    listed = [[path, line, list(found)] for (path, line), found in sorted(routes.items())]
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(dir=folder, prefix="new-")
        try:
            with os.fdopen(handle, "w") as file:
                json.dump({"key": key, "routes": listed}, file, separators=(",", ":"))
            Path(new).rename(_file(folder, root))
        except OSError:
            Path(new).unlink(missing_ok=True)


def _file(folder: Path, root: Path) -> Path:
    return folder / f"routes-{hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]}.json"


def _program() -> str:
    (folder,) = pgproof.code.__path__
    files = [*sorted(Path(folder, "usemap").glob("*.py")), Path(folder, "typescript", "codebase.py")]
    return repr([(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files])
