"""Results of replays in the cache: nothing that made a result has changed, so no server has to be started.

Each entry is a JSON file. An entry that cannot be read counts as absent, and is written anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pgproof.migrations.codec import (
    decode_gap,
    decode_replay,
    decode_trace,
    encode_gap,
    encode_replay,
    encode_trace,
)
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.progress import Progress
from pgproof.model.errors import PgproofError

UNUSED_DAYS = 30
SIZE_AT_MOST = 512 * 1024 * 1024
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, PgproofError)

T = TypeVar("T")


class Memory:
    """What earlier runs found, in a folder that only we read: results quote the migrations, which may hold secrets."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if need be."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder

    def load(self, key: str | None) -> Replay | None:
        """Return the result that is stored under a task's key."""
        return self.read(f"result-{key}", decode_replay) if key else None

    def save(self, key: str | None, replay: Replay) -> None:
        """Store a result that another run would not change, and forget what was not used for long."""
        if key and not replay.limited:
            self.write(f"result-{key}", encode_replay(replay))
            self._sweep()

    def recall(self, layer: str) -> Progress | None:
        """Return how far the replay had come that a layer was made of."""
        progress = self.read(f"layer-{layer}", _decode_progress)
        if progress is None or not progress.layer:
            return _at(progress, layer)
        before = self.recall(progress.layer)
        if before is None or len(before.traces) != progress.kept:
            return None
        progress.traces = before.traces + progress.traces
        return _at(progress, layer)

    def remember(self, layer: str, progress: Progress) -> None:
        """Store how far a replay has come: what is new since the layer before."""
        self.write(
            f"layer-{layer}",
            {
                "before": progress.layer,
                "kept": progress.kept,
                "floor": progress.floor,
                "done": progress.done,
                "traces": [encode_trace(trace) for trace in progress.traces[progress.kept :]],
                "assumed": progress.assumed,
                "gaps": [encode_gap(gap) for gap in progress.gaps],
            },
        )
        _at(progress, layer)

    def read(self, name: str, decode: Callable[[Any], T]) -> T | None:
        """Return what is stored under a name, `None` when nothing is or when `decode` does not understand it."""
        path = self._folder / f"{name}.json"
        try:
            value = decode(json.loads(path.read_bytes()))
            os.utime(path)
        except _UNREADABLE:
            return None
        return value

    def write(self, name: str, value: object) -> None:
        """Write beside and rename, so that nobody reads half a file. A full disk costs the cache, not the result."""
        with contextlib.suppress(OSError):
            handle, new = tempfile.mkstemp(dir=self._folder, prefix="new-")
            try:
                with os.fdopen(handle, "w") as file:
                    json.dump(value, file, separators=(",", ":"))
                Path(new).rename(self._folder / f"{name}.json")
            except OSError:
                Path(new).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what is too old, and the oldest of what is too much."""
        entries = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                seen = path.stat()
                entries.append((seen.st_mtime, seen.st_size, path))
        size, oldest = 0, time.time() - UNUSED_DAYS * 86_400
        for used, bytes_, path in sorted(entries, reverse=True):
            size += bytes_
            if used < oldest or size > SIZE_AT_MOST:
                path.unlink(missing_ok=True)


def _decode_progress(value: Any) -> Progress:
    return Progress(
        value["floor"],
        value["done"],
        [decode_trace(each) for each in value["traces"]],
        tuple(value["assumed"]),
        tuple(decode_gap(each) for each in value["gaps"]),
        value["before"],
        value["kept"],
    )


def _at(progress: Progress | None, layer: str) -> Progress | None:
    """Say that all of it is stored with a layer."""
    if progress is not None:
        progress.layer, progress.kept = layer, len(progress.traces)
    return progress
