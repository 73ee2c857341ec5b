"""One transaction of a file: the quick way, and the careful one when that fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.migrations.observation import Failure
from pgproof.migrations.replay.batch import Undone, run_whole
from pgproof.migrations.replay.later import Later
from pgproof.migrations.replay.outcome import Outcome
from pgproof.migrations.replay.stepwise import run_apart, run_bare, run_steps
from pgproof.migrations.replay.transactions import control
from pgproof.sql.step import Broken

if TYPE_CHECKING:
    from pgproof.migrations.replay.stage import Stage
    from pgproof.migrations.replay.transactions import Segment

_NEVER_ENDS = Failure("25000", "the transaction that begins here never ends: the end of the session rolls it back")


def run(stage: Stage, segment: Segment) -> Later[list[Outcome]]:
    """Run the steps of a transaction; what became of each is told later."""
    outcomes = _run(stage, segment)
    stage.rollback()
    return Later(lambda: _in_the_end(segment, outcomes()))


def _run(stage: Stage, segment: Segment) -> Later[list[Outcome]]:
    if not segment.bare and not any(isinstance(step, Broken) for _, step in segment.steps):
        outcomes = run_whole(stage, segment)
        while isinstance(outcomes, Undone) and stage.supply(outcomes.error, outcomes.step):
            outcomes = run_whole(stage, segment)
        if isinstance(outcomes, Later):
            return outcomes
    if segment.bare:
        found = [run_bare(stage, *segment.steps[0])]
    else:
        found = run_apart(stage, segment.steps) if segment.apart else run_steps(stage, segment)
    return Later(lambda: found)


def _in_the_end(segment: Segment, outcomes: list[Outcome]) -> list[Outcome]:
    """Take back what was rolled back in the end."""
    if segment.abandoned:
        outcomes = [_undone(outcome) for outcome in outcomes]
        return [replace(outcomes[0], failure=outcomes[0].failure or _NEVER_ENDS), *outcomes[1:]]
    return _rolled_back(segment, outcomes)


def _rolled_back(segment: Segment, outcomes: list[Outcome]) -> list[Outcome]:
    """Take back what a ROLLBACK of the file's own, or one to a savepoint, undid."""
    savepoints: list[tuple[str, int]] = []
    for position, (_, step) in enumerate(segment.steps):
        body = control(step)
        kind, name = body.get("kind", ""), body.get("savepoint_name", "")
        if kind == "TRANS_STMT_SAVEPOINT":
            savepoints.append((name, position))
        elif kind == "TRANS_STMT_ROLLBACK":
            outcomes = [_undone(o) for o in outcomes[:position]] + outcomes[position:]
        elif kind == "TRANS_STMT_ROLLBACK_TO":
            start = next((since for known, since in reversed(savepoints) if known == name), position)
            outcomes = outcomes[:start] + [_undone(o) for o in outcomes[start:position]] + outcomes[position:]
    return outcomes


def _undone(outcome: Outcome) -> Outcome:
    """Return what is left of a statement that was rolled back: what it raised and locked, not what it made."""
    return replace(outcome, seen=replace(outcome.seen, effects=(), rewrites=(), next_oid=0, altered=()))
