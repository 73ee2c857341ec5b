"""One file on a stage: its steps, their transactions, and an observation of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pgproof.migrations.layout import Transaction
from pgproof.migrations.observation import Failure, Observation
from pgproof.migrations.replay.outcome import Outcome
from pgproof.migrations.replay.run import run
from pgproof.migrations.replay.sent import text_of
from pgproof.migrations.replay.trace import Trace
from pgproof.migrations.replay.transactions import plan
from pgproof.model import Location
from pgproof.sql.mentions import mentions, mentions_in
from pgproof.sql.step import Broken, Refused, Sql, Step

if TYPE_CHECKING:
    from pgproof.migrations.file import MigrationFile
    from pgproof.migrations.replay.stage import Stage

_DATA = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "SelectStmt"}
_TEXT_AT_MOST = 10_000
"""Characters that are kept of a statement that holds data."""

_MAY_BE_REFUSED = {
    "AlterSubscriptionStmt",
    "CreateExtensionStmt",
    "CreatePLangStmt",
    "CreateSubscriptionStmt",
}
_OTHER_DATABASES = {
    "CreatedbStmt": "pgproof replays in one database and makes no other",
    "DropdbStmt": "pgproof replays in one database and drops none",
}
_NEW_SESSION = {"AlterDatabaseSetStmt", "AlterRoleSetStmt"}
"""What counts from the next session on."""


def replay_file(stage: Stage, file: MigrationFile, steps: Sequence[Step], transaction: Transaction) -> list[Trace]:
    """Replay one file in a session of its own and return what each statement did."""
    if file.problem:
        return [Trace(Observation(file.path, 0, Location(file.path), "", "", refused=file.problem))]
    stage.fresh_session()
    steps = [_refused(stage, step) or step for step in steps]
    outcomes: dict[int, Outcome] = {}
    for segment in plan(steps, transaction if file.transactional else Transaction.STATEMENT):
        outcomes.update((outcome.number, outcome) for outcome in run(stage, segment))
    if any(isinstance(step, Sql) and step.statement.node in _NEW_SESSION for step in steps):
        stage.reconnect()
    return [_trace(file, number, step, outcomes.get(number)) for number, step in enumerate(steps)]


def _refused(stage: Stage, step: Step) -> Refused | None:
    """Return the refusal of a statement that pgproof does not run."""
    if not isinstance(step, Sql):
        return None
    node = step.statement.node
    reason = _OTHER_DATABASES.get(node, "")
    if node in _MAY_BE_REFUSED:
        reason = stage.database.refusal(step.statement.tree)
    return Refused(reason, step.location, step.statement.text) if reason else None


def _trace(file: MigrationFile, number: int, step: Step, outcome: Outcome | None) -> Trace:
    if isinstance(step, Refused):
        names = mentions_in(step.text)
        return Trace(Observation(file.path, number, step.location, step.text, "", refused=step.reason, mentions=names))
    if outcome is None:
        raise AssertionError(f"{step.location}: the step was never run")
    seen, text, node = outcome.seen, text_of(step), "" if isinstance(step, Broken) else step.statement.node
    failure: Failure | None = outcome.failure
    observation = Observation(
        file.path,
        number,
        step.location,
        text if node not in _DATA or len(text) <= _TEXT_AT_MOST else f"{text[:_TEXT_AT_MOST]}…",
        node,
        seen.notices,
        seen.effects,
        seen.locks,
        seen.rewrites,
        seen.scans,
        failure,
        mentions=_mentions(step) if failure else frozenset(),
        elapsed_ms=outcome.elapsed_ms,
    )
    return Trace(observation, seen.next_oid, seen.altered)


def _mentions(step: Any) -> frozenset[tuple[str, str]]:
    return mentions_in(step.text) if isinstance(step, Broken) else mentions(step.statement.tree)
