"""What probes saw, as data: no server is needed to read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgproof.model import ObjectName
from pgproof.probes.refusal import Refusal

ABOUT_DATA = "the refusal speaks of a value that was made up"
"""Another value may fare better: a text that a trigger takes for the name of something."""

OWN_CONDITION = "a condition on this column alone refuses its own default"

DELETE_PARENT = "delete what it refers to"
"""The action of a step on a foreign key."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was tried (`action`) on what, and whether it went as it should.

    `note` says in a few words what was seen, or why it was not tried; it holds no value that differs between runs.
    """

    subject: ObjectName
    action: str
    done: bool
    note: str = ""
    refusal: Refusal | None = None


class Outcome(StrEnum):
    """What became of a row that breaks a constraint."""

    REJECTED = "rejected"
    ACCEPTED = "accepted"
    """It was stored as it is."""
    REPAIRED = "repaired"
    """It was stored, and a trigger has changed what was wrong with it."""
    OTHERWISE = "refused otherwise"
    """Something else refused it first: no row was found that breaks this alone."""
    IMPLIED = "implied"
    """Something else refuses every row that breaks it: a key that has no column which this one lacks, a partition."""
    UNTRIED = "untried"
    """No row was found that breaks it."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One constraint, what became of rows that break it, and what else refused them."""

    constraint: ObjectName
    kind: str
    outcome: Outcome
    other: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what was passed (`case`), how many rows it returned, or why it was refused.

    `about_arguments`: the refusal speaks of a value that was passed, so another value may fare better. `sql` is the
    statement when it holds nothing that was made up.
    """

    case: str
    rows: int = 0
    refusal: Refusal | None = None
    about_arguments: bool = False
    sql: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """One routine: its calls, or why there is none."""

    routine: ObjectName
    calls: tuple[Call, ...] = ()
    not_called: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a promise; `problem` says why it was not kept, `""` when it was.

    `tried` is false when it did not come to the call: then nothing is known.
    """

    name: str
    problem: str = ""
    tried: bool = True
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What was tried and seen.

    `behind` are columns whose sequence gives keys that rows of the migrations have already. `rejections` is empty, and
    delete rules are not among the `steps`, unless everything was asked for.
    """

    steps: tuple[Step, ...]
    rejections: tuple[Rejection, ...]
    called: tuple[Called, ...]
    behind: tuple[ObjectName, ...] = ()
    kept: tuple[Kept, ...] = ()
    lost: int = 0
    """How often what was run has ended the session."""
