"""What is being done, on a terminal; and how long each step took, when that is asked for."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from types import TracebackType
from typing import TYPE_CHECKING

from pgproof.reports.terminal import one_line

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """A context manager that is called with each step, in a few words. It writes to standard error only."""

    def __init__(self, *, shown: bool) -> None:
        """`shown`: draw the current step, if standard error is a terminal."""
        self._shown = shown and sys.stderr.isatty()
        self._status: Status | None = None
        self._steps: list[tuple[str, float]] = []
        self._started = time.monotonic()
        self._ended: float | None = None

    def __call__(self, step: str) -> None:
        """Begin a step."""
        self._steps.append((step, time.monotonic()))
        if self._shown:
            self._draw(step)

    @property
    def elapsed_ms(self) -> int:
        """The time from the beginning to the end, or to now."""
        return round(((self._ended or time.monotonic()) - self._started) * 1000)

    def timings(self) -> str:
        """Return how long each step took, a line each; steps of the same words are added up."""
        totals: dict[str, float] = {}
        for (step, started), (_, end) in pairwise([*self._steps, ("", self._ended or time.monotonic())]):
            totals[step] = totals.get(step, 0.0) + end - started
        return "".join(f"{seconds * 1000:8.0f} ms  {one_line(step)}\n" for step, seconds in totals.items())

    def _draw(self, step: str) -> None:
        from rich.text import Text

        text = Text(f"{one_line(step)} …")
        if self._status:
            self._status.update(text)
            return
        from rich.console import Console

        self._status = Console(stderr=True).status(text)
        self._status.start()

    def __enter__(self) -> Progress:
        """Begin to count the time."""
        self._started = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the clock; wipe the terminal's line."""
        self._ended = time.monotonic()
        if self._status:
            self._status.stop()
