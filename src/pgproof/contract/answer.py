"""What became of one need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgproof.model import ObjectName


class State(StrEnum):
    """Whether a need holds; `UNKNOWN` when nobody could look."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The state of a need.

    `problem` continues a sentence that begins with what was needed (`is not there`). `cause` is the object that it
    fails for: a column of a table that is not there fails for the table. `blocking`: rows that were to be read could
    not be; then `way_out` may say what to do.
    """

    state: State
    problem: str = ""
    cause: ObjectName | None = None
    blocking: bool = False
    way_out: str = ""


HOLDS = Answer(State.HOLDS)


def fails(cause: ObjectName | None, problem: str) -> Answer:
    """Return the answer that a need does not hold."""
    return Answer(State.FAILS, problem, cause)


def unknown(problem: str, cause: ObjectName | None = None, *, blocking: bool = False, way_out: str = "") -> Answer:
    """Return the answer that nobody knows."""
    return Answer(State.UNKNOWN, problem, cause, blocking, way_out)
