"""Behaviour that was promised: set-up, a call, and whether what comes of it is what was expected."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from pgproof.probes.observed import Kept
from pgproof.probes.promise import Promise
from pgproof.probes.refusal import Answer, Refusal
from pgproof.probes.session import Session
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.quote import identifier, literal
from pgproof.sql.split import split

_LONGEST = 60


def keep(session: Session, promise: Promise) -> Kept:
    """Try one promise in a transaction that is rolled back."""
    try:
        setup = [statement.text for text in promise.setup for statement in split(text)]
        call = [statement.text for statement in split(promise.call)]
    except SyntaxProblem as error:
        return Kept(promise.name, f"it is no SQL: {error}", tried=False)
    with session.undone():
        for statement in setup:
            refusal = session.ask(statement, keep=True).refusal
            if refusal is not None:
                return Kept(promise.name, f"the set-up is refused: {_said(refusal)}", tried=False, refusal=refusal)
        refusal = session.ask(*_circumstances(promise), keep=True).refusal
        if refusal is not None:
            return Kept(promise.name, f"the role or the settings are refused: {_said(refusal)}", False, refusal)
        answer = session.ask(*call, keep=True)
        if promise.then and answer.refusal is None:
            answer = session.ask(promise.then)
        problem = _problem(promise, answer)
        return Kept(promise.name, problem, refusal=answer.refusal if problem else None)
    return Kept(promise.name, "it ended its session", tried=False)


def _circumstances(promise: Promise) -> list[str]:
    said = [
        f"select pg_catalog.set_config({literal(name)}, {literal(value)}, true)"
        for name, value in promise.settings.items()
    ]
    return [*said, f"set local role {identifier(promise.role)}"] if promise.role else [*said, "select 1"]


def _problem(promise: Promise, answer: Answer) -> str:
    refusal = answer.refusal
    if promise.error:
        if refusal is None:
            return f"expected the error {promise.error}, and there was none"
        if promise.error not in (refusal.sqlstate, refusal.message) and promise.error not in refusal.message:
            return f"expected the error {promise.error}, not {_said(refusal)}"
        return ""
    if refusal is not None:
        return f"it is refused: {_said(refusal)}"
    if promise.rows is not None:
        return "" if len(answer.rows) == promise.rows else f"expected {promise.rows} rows, not {len(answer.rows)}"
    if len(answer.rows) != 1 or len(answer.rows[0]) != 1:
        columns = len(answer.rows[0]) if answer.rows else 0
        return f"expected the value {promise.expect}, not {len(answer.rows)} rows of {columns} columns"
    [[value]] = answer.rows
    return "" if _same(value, promise.expect) else f"expected {promise.expect}, not {_shown(value)}"


def _same(value: Any, expected: str | float | None) -> bool:
    if isinstance(expected, str):
        return _shown(value) == expected
    try:
        return Decimal(str(value)) == Decimal(str(expected))
    except InvalidOperation:
        return False


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return "NULL" if value is None else str(value)[:_LONGEST]


def _said(refusal: Refusal) -> str:
    return f"{(refusal.message.splitlines() or [''])[0]} ({refusal.sqlstate})"
