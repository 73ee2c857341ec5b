"""What a replay may take, and whether it takes more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from pgproof.model.errors import PgproofError
from pgproof.server.limits import DISK_BYTES

NO_KEY = "-"
"""Stands for a limit that no key of the configuration moves."""

_LOOK_EVERY_S = 0.25
_LOOKING = 0.01
"""The part of the time that looking at the disk may cost."""
_MIB = 1 << 20


class Stopped(PgproofError):  # noqa: N818 (named for what happened)
    """The replay cannot go on: what it has seen counts, what comes later is unknown."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one statement and the whole replay may take, and how much room, output and objects.

    `output_bytes` is what one statement may send: messages and rows. `objects` counts everything that gets an OID: a
    table takes about five.
    """

    statement_s: float = 60.0
    replay_s: float = 600.0
    disk_bytes: int = DISK_BYTES
    output_bytes: int = 64 * _MIB
    objects: int = 250_000

    def exceeded(self, key: str) -> str:
        """Say what a statement did that was cancelled for the limit with this key."""
        said = {
            "statement_timeout": f"never ended: cancelled after {self.statement_s:g} s",
            "timeout": f"cancelled: the whole replay may take {self.replay_s:g} s",
            "disk": f"cancelled: the database may take {shown(self.disk_bytes)}",
            "output": f"cancelled: the messages and rows of one statement may take {shown(self.output_bytes)}",
        }
        return said[key]


def allow_more(key: str) -> str:
    """Return what the configuration would say to allow more."""
    examples = {
        "statement_timeout": '"10min"',
        "timeout": '"60min"',
        "disk": '"16GB"',
        "memory": '"8GB"',
        "output": '"1GB"',
        "objects": "1000000",
    }
    return f"allow more in pgproof.toml: [replay] {key} = {examples[key]}" if key in examples else ""


def shown(size_bytes: int) -> str:
    """Return a size for people."""
    return f"{size_bytes >> 30} GB" if size_bytes % (1 << 30) == 0 else f"{size_bytes / _MIB:.3g} MB"


class Watch:
    """Asked while the server works; it answers with the key of the limit that is exceeded."""

    def __init__(self, limits: Limits, taken: Callable[[], int]) -> None:
        """`taken` says how many bytes the database takes. The time of the whole replay begins."""
        self.limits = limits
        self._taken = taken
        self._ends = time.monotonic() + limits.replay_s
        self._look = time.monotonic() + _LOOK_EVERY_S
        self.begin()

    def begin(self) -> None:
        """A statement begins. When the time of the whole replay is over, what must still be done may take its time."""
        now = time.monotonic()
        self._statement_ends = now + self.limits.statement_s
        self._until = self._statement_ends if now >= self._ends else min(self._ends, self._statement_ends)
        self._output = 0

    def received(self, size_bytes: int) -> None:
        """Something of the statement's came."""
        self._output += size_bytes

    @property
    def over(self) -> bool:
        """Whether the time of the whole replay is over."""
        return time.monotonic() >= self._ends

    @property
    def pause_s(self) -> float:
        """How long one may wait before asking again."""
        return max(0.0, min(self._until, self._look) - time.monotonic())

    def exceeded(self) -> str:
        """Return the key of the limit that is exceeded now, or `""`."""
        now = time.monotonic()
        if now >= self._until:
            return "statement_timeout" if now >= self._statement_ends else "timeout"
        if self._output > self.limits.output_bytes:
            return "output"
        return "disk" if now >= self._look and self._is_large(now) else ""

    def _is_large(self, now: float) -> bool:
        large = self._taken() > self.limits.disk_bytes
        done = time.monotonic()
        self._look = done + max(_LOOK_EVERY_S, (done - now) / _LOOKING)
        return large
