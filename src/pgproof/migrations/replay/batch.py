"""A whole transaction in one message: the quick way, of which nothing is left when anything fails."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgproof.migrations.replay.effects import held
from pgproof.migrations.replay.outcome import Outcome
from pgproof.migrations.replay.sent import text_of
from pgproof.migrations.replay.wire import Mark, Message, ServerError
from pgproof.sql.step import Copy, Sql

if TYPE_CHECKING:
    from pgproof.migrations.replay.stage import Stage
    from pgproof.migrations.replay.transactions import Runnable, Segment

_START = -1
_COLUMNS = 2
_QUIET = {
    "CreateFunctionStmt",
    "CreateEnumStmt",
    "CompositeTypeStmt",
    "CreateDomainStmt",
    "CreateRangeStmt",
    "CreateRoleStmt",
    "CreateSeqStmt",
    "GrantStmt",
    "GrantRoleStmt",
    "TransactionStmt",
    "VariableSetStmt",
}
"""Statements that lock nothing that is older than their transaction, or only as a reader does: no need to look."""
_QUIET_UNLESS = {
    "CreateStmt": re.compile(r"\b(references|inherits|partition|like|of)\b", re.IGNORECASE),
    "ViewStmt": re.compile(r"\bor\s+replace\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """Something failed, so all of it was rolled back: `step`, with what the server said, if it said anything."""

    error: ServerError | None
    step: Runnable


def run_whole(stage: Stage, segment: Segment) -> list[Outcome] | Undone:
    """Run a transaction with an observing query after every statement."""
    stage.begin()
    texts = ["begin;\n" if segment.opens else "", stage.mark(_START, quiet=True), ";\n"]
    for position, (_, step) in enumerate(segment.steps):
        texts += [stage.sent(step), "\n;", stage.mark(position, quiet=is_quiet(step)), ";\n"]
    texts.append("commit" if segment.closes else "")
    answer = stage.wire.ask("".join(texts), lambda reached: data(segment.steps[reached + 1][1]))
    if answer.error or answer.lost:
        stage.rollback()
        reached = min(max(len(answer.marks) - 1, 0), len(segment.steps) - 1)
        return Undone(answer.error, segment.steps[reached][1])
    return _outcomes(stage, segment, _in_order(answer.marks))


def data(step: Runnable) -> str | None:
    """Return the data that a step has for its COPY."""
    return step.data if isinstance(step, Copy) else None


def is_quiet(step: Runnable) -> bool:
    """Whether a step takes no lock that is worth a look."""
    if not isinstance(step, Sql):
        return False
    node = step.statement.node
    unless = _QUIET_UNLESS.get(node)
    return node in _QUIET or (unless is not None and not unless.search(step.statement.text))


def seconds(mark: Mark) -> float:
    """Return the server's clock at a mark."""
    with suppress(ValueError, IndexError):  # a forged one
        return float(mark.columns[1])
    return 0.0


def _in_order(marks: list[Mark]) -> list[Mark]:
    """Return the marks that come in their order.

    A migration can read the query that it is part of and return rows that look like marks: those are left out, and what
    was raised before one counts for the next true mark. So it can only blur what its own statement did.
    """
    found: list[Mark] = []
    messages: tuple[Message, ...] = ()
    for mark in marks:
        messages += mark.messages
        if mark.number == _START + len(found) and len(mark.columns) == _COLUMNS:
            found.append(replace(mark, messages=messages))
            messages = ()
    return found


def _outcomes(stage: Stage, segment: Segment, marks: list[Mark]) -> list[Outcome]:
    locks = [held(mark.columns[0]) for mark in marks]
    stage.relations.need(lock.oid for after in locks for lock in after)
    outcomes, before = [], seconds(marks[0])
    for (number, step), mark, after in zip(segment.steps, marks[1:], locks[1:], strict=True):
        now = seconds(mark)
        seen = stage.observer.see(text_of(step), mark.messages, after)
        outcomes.append(Outcome(number, seen, elapsed_ms=(now - before) * 1000))
        before = now
    return outcomes
