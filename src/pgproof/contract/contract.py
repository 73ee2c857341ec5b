"""A contract as data: features with what they need, promises in numbers, and the team's own verification."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pgproof.contract.need import Compare
from pgproof.contract.promise import Promise, Said
from pgproof.model import Location

__all__ = ["Contract", "Feature", "Question", "Readiness", "Said", "Verification"]


@dataclass(frozen=True, slots=True)
class Question:
    """One SELECT and the answer that is expected: its only value, compared as text or, for a number, as a number.

    `answer` is `None` when no row is expected. `reason` says what it means when the answer is another one.
    """

    sql: str
    answer: str | float | None
    location: Location
    compare: Compare = Compare.EXACTLY
    reason: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of the application and what it needs of the database; `files` and `routes` implement it."""

    name: str
    location: Location
    needs: tuple[Said, ...] = ()
    questions: tuple[Question, ...] = ()
    title: str = ""
    owner: str = ""
    tier: str = ""
    files: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Said | Question, ...]:
        """The needs, then the questions."""
        return (*self.needs, *self.questions)


@dataclass(frozen=True, slots=True)
class Verification:
    """SQL files with which the team itself verifies its database, as paths relative to the root.

    `max_cost` is what a query on the live database may cost at most, as the planner estimates it (manual, EXPLAIN).
    """

    files: tuple[str, ...] = ()
    location: Location = field(default_factory=lambda: Location(""))
    max_cost: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Contract:
    """All that was promised, from all files."""

    features: tuple[Feature, ...] = ()
    promises: tuple[Promise, ...] = ()
    verification: Verification = field(default_factory=Verification)


class Readiness(StrEnum):
    """Whether a feature can work. `UNDECIDED`: nothing that it needs is known to be missing, and not all is known."""

    READY = "READY"
    PARTIAL = "PARTIAL"
    BLOCKED = "BLOCKED"
    UNDECIDED = "UNDECIDED"
