"""One file on a stage: its steps, their transactions, and an observation of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pgproof.migrations.layout import Transaction
from pgproof.migrations.observation import Observation
from pgproof.migrations.replay.later import Later
from pgproof.migrations.replay.limits import Stopped
from pgproof.migrations.replay.outcome import Outcome
from pgproof.migrations.replay.run import run
from pgproof.migrations.replay.sent import text_of
from pgproof.migrations.replay.trace import Trace
from pgproof.migrations.replay.transactions import Runnable, Segment, plan
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
_STOPPED = "not replayed: the replay had stopped"
_STRINGS = re.compile(
    r"set\s+(?:session\s+|local\s+)?standard_conforming_strings\s*(?:=|\bto\b)\s*'?(?:off|false|f|no|0)\b",
    re.IGNORECASE,
)
_NEW_SESSION = {"AlterDatabaseSetStmt", "AlterRoleSetStmt"}
"""What counts from the next session on."""


def replay_file(
    stage: Stage, file: MigrationFile, steps: Sequence[Step], transaction: Transaction
) -> Later[list[Trace]]:
    """Replay one file in a session of its own; what each statement did is told later."""
    if file.problem:
        unread = Trace(Observation(file.path, 0, file.place, "", "", refused=file.problem))
        return Later(lambda: [unread])
    traces: dict[int, Trace] = {}
    runnable: dict[int, Runnable] = {}
    for number, step in enumerate(steps):
        reason = _STOPPED if stage.stopped else _refusal(stage, step)
        if isinstance(step, Refused) or reason:
            traces[number] = _refused(file, number, step, reason)
        else:
            runnable[number] = step
    segments = plan(list(runnable.items()), transaction if file.transactional else Transaction.STATEMENT)
    outcomes = _run(stage, segments, runnable)

    def told() -> list[Trace]:
        traces.update((o.number, _trace(file, runnable[o.number], o)) for each in outcomes for o in each())
        traces.update((n, _refused(file, n, step, _STOPPED)) for n, step in runnable.items() if n not in traces)
        return [traces[number] for number in sorted(traces)]

    later = Later(told)
    stage.defer(later)
    return later


def _run(stage: Stage, segments: Sequence[Segment], runnable: Mapping[int, Runnable]) -> list[Later[list[Outcome]]]:
    """Run the transactions of a file, as far as the replay goes on."""
    outcomes: list[Later[list[Outcome]]] = []
    if not segments:
        return outcomes
    try:
        stage.fresh_session()
        for segment in segments:
            outcomes.append(run(stage, segment))
        if any(isinstance(step, Sql) and step.statement.node in _NEW_SESSION for step in runnable.values()):
            stage.reconnect()
    except Stopped as reason:
        stage.stop(reason)
    return outcomes


def _refusal(stage: Stage, step: Step) -> str:
    """Return why pgproof does not run a step, or `""`."""
    if isinstance(step, Refused):
        return step.reason
    node = step.statement.node if isinstance(step, Sql) else ""
    if node == "VariableSetStmt" and _STRINGS.match(text_of(step)):
        return "pgproof reads strings as the standard does (standard_conforming_strings)"
    if node in _MAY_BE_REFUSED and isinstance(step, Sql):
        return stage.database.refusal(step.statement.tree)
    return _OTHER_DATABASES.get(node, "")


def _refused(file: MigrationFile, number: int, step: Step, reason: str) -> Trace:
    text, node = (step.text, "") if isinstance(step, Refused) else (text_of(step), _node(step))
    names = mentions_in(text)
    return Trace(Observation(file.path, number, step.location, text, node, refused=reason, mentions=names))


def _trace(file: MigrationFile, step: Runnable, outcome: Outcome) -> Trace:
    seen, text, node = outcome.seen, text_of(step), _node(step)
    observation = Observation(
        file.path,
        outcome.number,
        step.location,
        text if node not in _DATA or len(text) <= _TEXT_AT_MOST else f"{text[:_TEXT_AT_MOST]}…",
        node,
        seen.notices,
        seen.effects,
        seen.locks,
        seen.rewrites,
        seen.scans,
        outcome.failure,
        mentions=_mentions(step) if outcome.failure else frozenset(),
        elapsed_ms=outcome.elapsed_ms,
    )
    return Trace(observation, seen.next_oid, seen.altered, seen.bound)


def _node(step: Runnable) -> str:
    return "" if isinstance(step, Broken) else step.statement.node


def _mentions(step: Runnable) -> frozenset[tuple[str, str]]:
    return mentions_in(step.text) if isinstance(step, Broken) else mentions(step.statement.tree)
