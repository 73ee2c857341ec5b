"""Promises in numbers, as data: so many tables, in total, by a migration, or more than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgproof.contract.need import Compare, Need
from pgproof.model import Location


@dataclass(frozen=True, slots=True)
class Said:
    """A need, where it is said, and whether a feature cannot do without it."""

    need: Need
    location: Location
    required: bool = True


@dataclass(frozen=True, slots=True)
class Number:
    """A promised number; `delta`: so many more than in the state before."""

    value: int
    location: Location
    compare: Compare = Compare.EXACTLY
    delta: bool = False

    def __str__(self) -> str:
        """Return it as the contract writes it."""
        sign = "" if self.compare is Compare.EXACTLY else f"{self.compare} "
        return f"{sign}{self.value:+}" if self.delta else f"{sign}{self.value}"


@dataclass(frozen=True, slots=True)
class Promise:
    """What one part of the system, or all of it, promises.

    Parameters
    ----------
    name
        What it is called; `""`: the total.
    counts
        The number of each countable kind (see `counting.COUNTABLE`).
    names
        For a countable kind the names that are promised.
    rows
        The number of rows of relations.
    migration
        The file whose objects the numbers are about, relative to the root or only its name; `""`: the whole database.
    schemas
        The schemas that are counted; empty: all that the project answers for.
    before
        A snapshot file of the state before, for deltas.
    budget_ms
        How long the migration (for a total: all together) may take on the replay.
    """

    name: str
    location: Location
    counts: Mapping[str, Number] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: tuple[Said, ...] = ()
    migration: str = ""
    schemas: tuple[str, ...] = ()
    before: str = ""
    budget_ms: int | None = None
