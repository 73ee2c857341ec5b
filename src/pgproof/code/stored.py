"""What earlier runs read, in the cache: one JSON file a project. What cannot be read back counts as absent."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pgproof.code
from pgproof.code.codec import Json, decode, encode
from pgproof.code.source import Role
from pgproof.code.usage import Unread, Usage

_UNREADABLE = (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found in one file: the digest of its content, and of each other file that was looked at."""

    digest: str
    role: Role
    dependencies: Mapping[str, str]
    found: tuple[Usage | Unread, ...]


class Store:
    """The entries of one project, by path."""

    def __init__(self, folder: Path, root: Path) -> None:
        """`folder` is the cache's; only we read what is in it: it quotes code, which may hold secrets."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._file = folder / f"{hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]}.json"

    def load(self) -> dict[str, Entry]:
        """Return what another run stored, nothing when it was another version of pgproof."""
        try:
            stored = json.loads(self._file.read_bytes())
            if stored["readers"] != _readers():
                return {}
            return {path: _entry(value) for path, value in stored["files"].items()}
        except _UNREADABLE:
            return {}

    def save(self, entries: Mapping[str, Entry]) -> None:
        """Write beside and rename. A full disk costs the cache, not the result."""
        files = {
            path: [entry.digest, entry.role.value, dict(entry.dependencies), [encode(one) for one in entry.found]]
            for path, entry in sorted(entries.items())
        }
        with contextlib.suppress(OSError):
            handle, new = tempfile.mkstemp(dir=self._folder, prefix="new-")
            try:
                with os.fdopen(handle, "w") as file:
                    json.dump({"readers": _readers(), "files": files}, file, separators=(",", ":"))
                Path(new).rename(self._file)
            except OSError:
                Path(new).unlink(missing_ok=True)


def _entry(value: Json) -> Entry:
    digest, role, dependencies, found = value
    return Entry(digest, Role(role), dependencies, tuple(map(decode, found)))


@cache
def _readers() -> str:
    """Return what changes when any reader does."""
    (folder,) = pgproof.code.__path__
    seen = ((str(file.relative_to(folder)), file.stat()) for file in sorted(Path(folder).rglob("*.py")))
    return hashlib.sha256(repr([(name, s.st_size, s.st_mtime_ns) for name, s in seen]).encode()).hexdigest()
