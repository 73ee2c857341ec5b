"""A transaction statement by statement: the way after something failed, to keep what works and to say what does not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.migrations.observation import Failure
from pgproof.migrations.replay.batch import data, seconds
from pgproof.migrations.replay.outcome import Outcome, failure
from pgproof.migrations.replay.transactions import control
from pgproof.sql.step import Broken

if TYPE_CHECKING:
    from pgproof.migrations.replay.stage import Stage
    from pgproof.migrations.replay.transactions import Numbered, Runnable, Segment
    from pgproof.migrations.replay.wire import Answer

_SAVEPOINT = (
    "savepoint pgproof",
    "release savepoint pgproof",
    "rollback to savepoint pgproof;release savepoint pgproof",
)
_TRANSACTION = ("begin", "commit", "rollback")
_BEFORE, _AFTER = 0, 1
"""The marks around a statement."""


TRIES = 20
"""How often a statement is tried at most; each time something more that it lacked was made up."""


def run_steps(stage: Stage, segment: Segment) -> list[Outcome]:
    """Run a transaction with a savepoint before each statement.

    When it cannot be committed (a deferred constraint) or the session is lost, nothing of it is left: then each
    statement runs in a transaction of its own.
    """
    stage.begin()
    if segment.opens:
        stage.wire.ask("begin")
    outcomes: list[Outcome] = []
    for number, step in segment.steps:
        stage.go_on()
        outcome = _run_control(stage, number, step) if control(step) else _run(stage, number, step, _SAVEPOINT)
        if stage.wire.lost or stage.wire.aborted or (control(step) and outcome.failure):
            return _after_all_was_undone(stage, segment.steps, outcome)
        outcomes.append(outcome)
    if segment.closes:
        answer = stage.wire.ask("commit")
        if answer.error:
            number, step = segment.steps[-1]
            return _after_all_was_undone(stage, segment.steps, Outcome(number, failure=failure(step, answer.error, 0)))
    return outcomes


def run_bare(stage: Stage, number: int, step: Runnable) -> Outcome:
    """Run a statement outside of a transaction block. Its locks are gone when it ends: nobody can look at them."""
    stage.begin()
    for _ in range(TRIES):
        started = time.monotonic()
        answer = stage.wire.ask(stage.sent(step), lambda _: data(step))
        elapsed_ms = (time.monotonic() - started) * 1000
        if not stage.supply(answer.error, step):
            break
    outcome = _outcome(stage, number, step, answer, 0)
    if answer.lost:
        return outcome
    mark = stage.told(stage.mark(_AFTER, quiet=True))
    return replace(outcome, seen=stage.seen(step, answer.rest, mark), elapsed_ms=elapsed_ms)


def run_apart(stage: Stage, steps: Sequence[Numbered]) -> list[Outcome]:
    """Run each statement in a transaction of its own."""
    return [Outcome(number) if control(step) else _run(stage, number, step, _TRANSACTION) for number, step in steps]


def _after_all_was_undone(stage: Stage, steps: Sequence[Numbered], lost: Outcome) -> list[Outcome]:
    """Run each statement apart, after `lost` had undone the transaction of them all.

    Its failure is repeated only if no statement fails by itself in the same way.
    """
    stage.rollback()
    outcomes = run_apart(stage, steps)
    if lost.failure and not any(o.failure and o.failure.sqlstate == lost.failure.sqlstate for o in outcomes):
        outcomes = [replace(o, failure=lost.failure) if o.number == lost.number else o for o in outcomes]
    return outcomes


def _run_control(stage: Stage, number: int, step: Runnable) -> Outcome:
    """Run a BEGIN, COMMIT, SAVEPOINT… of the file's own."""
    return _outcome(stage, number, step, stage.wire.ask(stage.sent(step)), 0)


def _run(stage: Stage, number: int, step: Runnable, around: tuple[str, str, str]) -> Outcome:
    """Run a statement between two commands, the third of which undoes it."""
    if isinstance(step, Broken):
        return _run_broken(stage, number, step, around)
    begin, end, undo = around
    if begin == _TRANSACTION[0]:
        stage.begin()
    before = f"{stage.mark(_BEFORE, quiet=True)};\n"
    for _ in range(TRIES):
        # By itself: of a text that the server cannot parse, nothing is run. A timeout of the file's may end it.
        answer = stage.wire.ask(begin)
        if not answer.error:
            text = f"{before}{stage.sent(step)}\n;{stage.mark(_AFTER)};\n{end}"
            answer = stage.wire.ask(text, lambda _: data(step))
        if answer.error and not stage.wire.lost:
            stage.wire.ask(undo)
        if not stage.supply(answer.error, step):
            break
    if answer.error or answer.lost:
        return _outcome(stage, number, step, answer, len(before))
    started, *between, ended = answer.marks  # between: rows that were made to look like marks
    messages = [message for mark in (*between, ended) for message in mark.messages]
    elapsed_ms = (seconds(ended) - seconds(started)) * 1000
    return Outcome(number, stage.seen(step, messages, ended), elapsed_ms=elapsed_ms)


def _run_broken(stage: Stage, number: int, step: Broken, around: tuple[str, str, str]) -> Outcome:
    """Ask the server about a text that our parser cannot read, by itself: an open quote would hide what follows it."""
    if step.told:
        return Outcome(number, failure=Failure("", step.error.message, location=step.place))
    begin, end, undo = around
    if begin == _TRANSACTION[0]:
        stage.begin()
    stage.wire.ask(begin)
    answer = stage.wire.ask(step.text)
    if answer.error or answer.lost:
        if not stage.wire.lost:
            stage.wire.ask(undo)
        return _outcome(stage, number, step, answer, 0)
    ended = stage.wire.ask(f"{stage.mark(_AFTER)};\n{end}")
    if ended.error or ended.lost:
        return _outcome(stage, number, step, ended, 0)
    return Outcome(number, stage.seen(step, answer.rest, ended.marks[0]))


def _outcome(stage: Stage, number: int, step: Runnable, answer: Answer, offset: int) -> Outcome:
    """Return what became of a step of which only the notices are left.

    Raises NoSpace when the disk is full: no statement's mistake.
    """
    if answer.error and not answer.error.raised:
        stage.database.cluster.check(answer.error)
    notices = stage.seen(step, answer.rest)
    if answer.limit and answer.error:
        words = stage.watch.limits.exceeded(answer.limit)
        return Outcome(number, notices, Failure(answer.error.sqlstate, words, limit=answer.limit))
    if answer.error:
        return Outcome(number, notices, failure(step, answer.error, offset))
    if answer.lost:
        return Outcome(number, notices, Failure("08006", "the session ended while the statement ran"))
    return Outcome(number, notices)
