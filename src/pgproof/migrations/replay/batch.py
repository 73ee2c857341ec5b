"""A whole transaction in one message: the quick way, of which nothing is left when anything fails."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgproof.migrations.replay.effects import held
from pgproof.migrations.replay.later import Later
from pgproof.migrations.replay.outcome import Outcome
from pgproof.migrations.replay.sent import text_of
from pgproof.migrations.replay.stage import COLUMNS, EVENTS, HELD, TIME
from pgproof.migrations.replay.wire import Mark, Message, ServerError
from pgproof.model import Gap
from pgproof.sql.step import Broken, Copy

if TYPE_CHECKING:
    from pgproof.migrations.replay.stage import Stage
    from pgproof.migrations.replay.transactions import Runnable, Segment

_START = -1
_QUIET = {
    "CompositeTypeStmt",
    "CreateDomainStmt",
    "CreateEnumStmt",
    "CreateFunctionStmt",
    "CreateRangeStmt",
    "CreateRoleStmt",
    "GrantRoleStmt",
    "GrantStmt",
    "TransactionStmt",
    "VariableSetStmt",
}
"""Statements that lock no relation."""
_NAMES_WHAT_IT_LOCKS = {
    "AlterPolicyStmt",
    "AlterTableStmt",
    "CommentStmt",
    "CopyStmt",
    "CreatePolicyStmt",
    "CreateSeqStmt",
    "CreateStatsStmt",
    "CreateStmt",
    "CreateTableAsStmt",
    "CreateTrigStmt",
    "DeleteStmt",
    "IndexStmt",
    "InsertStmt",
    "RuleStmt",
    "UpdateStmt",
    "ViewStmt",
}
"""Statements that lock strongly nothing but what their text names (data: at its beginning)."""
_NEW_NAME = re.compile(
    r"\A\s*create\b[^(]*?\b(?:table|view|sequence|index)\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?"
    r'((?:(?:"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?(?:"(?:[^"]|"")+"|[\w$]+))',
    re.IGNORECASE,
)
"""The name of the relation that a statement makes; an index without a name has `on` for one, which does no harm."""
_BEGINNING = 2_000
_FORGED = "which statement of this transaction did what: its rows were made to look like pgproof's own"


@dataclass(frozen=True, slots=True)
class Undone:
    """Something failed, so all of it was rolled back: `step`, with what the server said, if it said anything."""

    error: ServerError | None
    step: Runnable


def run_whole(stage: Stage, segment: Segment) -> Later[list[Outcome]] | Undone:
    """Run a transaction with an observing query after every statement.

    What it did is made sense of while the next message is on its way, unless it may have made relations whose names
    only the events tell.
    """
    quiet: list[bool] = []

    def look() -> None:
        quiet[:] = [is_quiet(stage, step) for _, step in segment.steps]

    stage.note_bound(meanwhile=look)
    if not quiet:  # the session was lost
        look()
    texts = ["begin;\n" if segment.opens else "", stage.mark(_START, quiet=True), ";\n"]
    for position, (_, step) in enumerate(segment.steps):
        texts += [stage.sent(step), "\n;", stage.mark(position, quiet=quiet[position]), ";\n"]
    answer = stage.wire.ask("".join(texts), lambda reached: _data_after(segment, reached), stage.settle)
    forged = len(answer.marks) > len(segment.steps) + 1
    names_all = all(_is_open(step) for _, step in segment.steps)

    def expect() -> None:
        if names_all:
            stage.relations.expect(name for _, step in segment.steps for name in _NEW_NAME.findall(text_of(step)))

    closes = segment.closes and not (answer.error or answer.lost or forged)
    if closes:
        committed = stage.wire.ask("commit", meanwhile=expect)
        answer.error, answer.lost = committed.error, committed.lost
    if answer.error or answer.lost or (forged and segment.closes):
        stage.rollback()
        reached = min(max(len(answer.marks) - 1, 0), len(segment.steps) - 1)
        return Undone(answer.error, segment.steps[reached][1])
    if forged:
        _, first = segment.steps[0]
        stage.gaps.append(Gap(_FORGED, blocking=True, location=first.location))
    bound, marks = stage.bound, _in_order(answer.marks)[: len(segment.steps) + 1]
    outcomes = Later(lambda: _outcomes(stage, segment, bound, marks))
    stage.defer(outcomes)
    if not names_all:
        stage.settle()
    elif not closes:
        expect()
    return outcomes


def _data_after(segment: Segment, reached: int) -> str | None:
    """Return the data for the COPY after a mark with this number, or after a row that was made to look like one."""
    return data(segment.steps[reached + 1][1]) if 0 <= reached + 1 < len(segment.steps) else None


def data(step: Runnable) -> str | None:
    """Return the data that a step has for its COPY."""
    return step.data if isinstance(step, Copy) else None


def is_quiet(stage: Stage, step: Runnable) -> bool:
    """Whether a step takes no lock on an older relation that is worth a look.

    A look costs as much as all locks of the transaction are many; it tells everything since the one before, so that
    one too few only puts a lock down to the next statement.
    """
    if isinstance(step, Broken):
        return False
    node = step.statement.node
    if node in _QUIET:
        return True
    return node in _NAMES_WHAT_IT_LOCKS and not stage.relations.named_in(step.statement.text[:_BEGINNING])


def _is_open(step: Runnable) -> bool:
    """Whether the text of a step tells the names of all relations that it makes."""
    return not isinstance(step, Broken) and step.statement.node in _QUIET | _NAMES_WHAT_IT_LOCKS


def seconds(mark: Mark) -> float:
    """Return the server's clock at a mark."""
    with suppress(ValueError, IndexError):  # a forged one
        return float(mark.columns[TIME])
    return 0.0


def _in_order(marks: list[Mark]) -> list[Mark]:
    """Return the marks that come in their order.

    A migration can read the query that it is part of and return rows that look like marks. Its transaction is undone
    then, and run again statement by statement; where it has ended its transactions itself, what was raised before a row
    that is out of order counts for the next one, and a gap says that this cannot be trusted.
    """
    found: list[Mark] = []
    messages: tuple[Message, ...] = ()
    for mark in marks:
        messages = messages + mark.messages if messages else mark.messages
        if mark.number == _START + len(found) and len(mark.columns) == COLUMNS:
            found.append(mark if messages is mark.messages else replace(mark, messages=messages))
            messages = ()
    return found


def _outcomes(stage: Stage, segment: Segment, bound: int, marks: list[Mark]) -> list[Outcome]:
    stage.observer.begin(bound)
    locks = [held(mark.columns[HELD]) for mark in marks]
    stage.relations.need(lock.oid for after in locks for lock in after)
    outcomes, before = [], seconds(marks[0])
    for (number, step), mark, after in zip(segment.steps, marks[1:], locks[1:], strict=True):
        now = seconds(mark)
        seen = stage.observer.see(text_of(step), mark.messages, mark.columns[EVENTS], after)
        outcomes.append(Outcome(number, seen, elapsed_ms=(now - before) * 1000))
        before = now
    return outcomes
