"""What the written report tells beside the findings: needs, numbers and migrations, in plain words and numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

UNSTORED = {"unstored": True}
"""Marks a field that no stored result has: the clock is no part of it."""


class NeedOutcome(StrEnum):
    """What became of something that a feature needs."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NeedState:
    """One thing that a feature needs, as a sentence.

    `problem` says what is wrong, or why nobody knows; `known` how it is known (`read from live`), `""` when it is not.
    """

    sentence: str
    outcome: NeedOutcome
    required: bool
    problem: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class PromisedNumber:
    """A number that was promised of a part (`""`: the total), of what `word` counts; `found` is what is there."""

    part: str
    word: str
    promised: str
    found: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ReplayedFile:
    """A migration as the replay saw it: its statements, and the objects that it made, as (kind, name).

    `failed` statements could not be replayed. `elapsed_ms` is what the others took, on empty tables.
    """

    path: str
    statements: int
    failed: int
    made: tuple[tuple[str, str], ...] = ()
    elapsed_ms: int | None = field(default=None, compare=False, metadata=UNSTORED)
