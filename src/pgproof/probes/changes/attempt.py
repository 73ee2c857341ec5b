"""What became of one attempt to change rows, as data: the same on every run, without made-up values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgproof.probes.refusal import Refusal
from pgproof.sql.quote import identifier

_ROUTINE = re.compile(r"^(?:PL/pgSQL|SQL) function (?P<name>[^(\n]+)\(", re.M)
_OF_DATA = ("22", "23", "40", "53", "55", "57")
"""Classes of states that another row or another moment may not give (manual, appendix A)."""
INSUFFICIENT_PRIVILEGE = "42501"
PUBLIC = "public"
"""Every role: tried as one that is made for it, and that is granted nothing."""


class Outcome(StrEnum):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"
    UNTOUCHED = "untouched"
    """There was no error, and the row is as it was: a rule, a trigger, or a policy that hides it."""
    UNTRIED = "untried"
    """Nothing follows: there was no row, no such role, or the row was refused for another reason."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried (`update`, `won -> lead`) as a role (`""`: the owner), and what refused it, in words.

    `column` is the one that an update changed.
    """

    role: str
    what: str
    outcome: Outcome
    by: str = ""
    column: str = ""


def statement(attempt: Attempt, table: str) -> str:
    """Return a statement that shows it, on all rows of a table (whose name is SQL)."""
    if attempt.what == "update":
        return f"update {table} set {identifier(attempt.column)} = {identifier(attempt.column)}"
    return f"delete from {table}" if attempt.what == "delete" else f"truncate {table}"


def routines_in(refusal: Refusal) -> tuple[str, ...]:
    """Return the names of the functions that a refusal came from, as the server writes them, inner ones first."""
    return tuple(dict.fromkeys(found["name"] for found in _ROUTINE.finditer(refusal.context)))


def is_meant(refusal: Refusal) -> bool:
    """Whether a refusal is about the change itself, and not about the values of a row that was made up."""
    if refusal.sqlstate == INSUFFICIENT_PRIVILEGE:
        return "row-level security" not in refusal.message  # WITH CHECK: another value may pass
    return " at RAISE" in refusal.context or refusal.sqlclass not in _OF_DATA


def refused_by(refusal: Refusal) -> str:
    """Say what refused: a function, missing privileges, a constraint, or a state."""
    if names := routines_in(refusal):
        return f"{names[0]}() ({refusal.sqlstate})"
    if refusal.sqlstate == INSUFFICIENT_PRIVILEGE:
        return f"missing privileges ({refusal.sqlstate})"
    return f"{refusal.constraint or 'the server'} ({refusal.sqlstate})"


def encode(attempts: tuple[Attempt, ...]) -> list[Any]:
    """Return attempts as a JSON value."""
    return [[one.role, one.what, one.outcome, one.by, one.column] for one in attempts]


def decode(value: list[Any]) -> tuple[Attempt, ...]:
    """Return what `encode` made; TypeError or ValueError when it is nothing of the kind."""
    return tuple(Attempt(role, what, Outcome(outcome), by, column) for role, what, outcome, by, column in value)
