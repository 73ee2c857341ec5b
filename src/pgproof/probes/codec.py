"""What probes saw as JSON values: short lists, in the order of their fields."""

from __future__ import annotations

from typing import Any

from pgproof.model import ObjectName
from pgproof.probes.observed import Call, Called, Kept, Observed, Outcome, Rejection, Step
from pgproof.probes.refusal import Refusal

Json = Any
"""A value that JSON can hold."""


def encode(observed: Observed) -> Json:
    """Return what was seen as a JSON value."""
    return {
        "steps": [[_name(s.subject), s.action, s.done, s.note, _refusal(s.refusal)] for s in observed.steps],
        "rejections": [[_name(r.constraint), r.kind, r.outcome, _refusal(r.other)] for r in observed.rejections],
        "called": [[_name(c.routine), [_call(one) for one in c.calls], c.not_called] for c in observed.called],
        "behind": [_name(name) for name in observed.behind],
        "kept": [[k.name, k.problem, k.tried, _refusal(k.refusal)] for k in observed.kept],
        "lost": observed.lost,
    }


def decode(value: Json) -> Observed:
    """Return what was seen; KeyError, TypeError or ValueError when the value is nothing of the kind."""
    return Observed(
        tuple(
            Step(_read_name(s), action, done, note, _read(refusal)) for s, action, done, note, refusal in value["steps"]
        ),
        tuple(
            Rejection(_read_name(name), kind, Outcome(outcome), _read(other))
            for name, kind, outcome, other in value["rejections"]
        ),
        tuple(
            Called(_read_name(name), tuple(_read_call(one) for one in calls), why)
            for name, calls, why in value["called"]
        ),
        tuple(_read_name(name) for name in value["behind"]),
        tuple(Kept(name, problem, tried, _read(refusal)) for name, problem, tried, refusal in value["kept"]),
        int(value["lost"]),
    )


def _name(name: ObjectName) -> Json:
    return [name.kind, list(name.parts)]


def _read_name(value: Json) -> ObjectName:
    kind, parts = value
    return ObjectName(kind, tuple(parts))


def _refusal(refusal: Refusal | None) -> Json:
    if refusal is None:
        return None
    table = list(refusal.table)
    return [refusal.sqlstate, refusal.message, refusal.constraint, refusal.column, table, refusal.context]


def _read(value: Json) -> Refusal | None:
    if value is None:
        return None
    sqlstate, message, constraint, column, (schema, table), context = value
    return Refusal(sqlstate, message, constraint, column, (schema, table), context)


def _call(call: Call) -> Json:
    return [call.case, call.rows, _refusal(call.refusal), call.about_arguments, call.sql]


def _read_call(value: Json) -> Call:
    case, rows, refusal, about_arguments, sql = value
    return Call(case, rows, _read(refusal), about_arguments, sql)
