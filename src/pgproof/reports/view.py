"""How a person looks at a result: what no stored result contains."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """What a report for people depends on beside the result; reports for machines ignore it.

    `width` is the terminal's, 0 where there is none: then no line is wrapped. `limit` is how many findings are shown in
    full (`None`: all). `brief` leaves only the last line. `elapsed_ms` is the duration of the run, if there was one.
    """

    width: int = 0
    colour: bool = False
    limit: int | None = 10
    brief: bool = False
    elapsed_ms: int | None = None
