"""The part of a body that can run where it is tried.

What stands in a branch for another event, table or version, or for an extension that is not there, is no defect: it is
left out. What follows a look into the catalog whose answer is not known stays, `guarded`: a name that is missing there
may be what was looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pgproof.probes.bodies.guards import looks, questions, truth, variables
from pgproof.probes.bodies.routine import Firing
from pgproof.probes.bodies.tree import (
    Assign,
    Block,
    Body,
    Branch,
    Exit,
    Foreach,
    ForInteger,
    ForQuery,
    Handler,
    If,
    Loop,
    Perform,
    Raise,
    Return,
    Sql,
    Statement,
    Text,
)
from pgproof.probes.bodies.walk import statements

Events = frozenset[str]
_NEVER: Events = frozenset()
_MISSING = frozenset({"undefined_table", "undefined_column", "undefined_function", "undefined_object"}) | {
    "invalid_schema_name"
}
"""Conditions of handlers that run only where something is not there."""


def asked(body: Body, firing: Firing | None) -> list[str]:
    """Return what the server is to be asked about the conditions of a body."""
    found: dict[str, None] = {}
    for given in _given(firing).values():
        for condition in _conditions(body.block):
            found.update(dict.fromkeys(questions(condition, given)))
    return list(found)


def reached(body: Body, firing: Firing | None, answers: Mapping[str, bool | None]) -> Body:
    """Return what of a body can run, for a trigger if it is a trigger's; `answers` are those to what is `asked`."""
    reach = _Reach(answers, firing, body)
    return replace(body, block=reach.block(body.block, frozenset(reach.given))[0])


def _given(firing: Firing | None) -> dict[str, dict[str, str]]:
    """Return what the variables are for each event; without a trigger there is one that is not known."""
    return {event: variables(firing, event) for event in firing.events} if firing and firing.events else {"": {}}


def _conditions(block: Block) -> Iterator[str]:
    for statement in statements(block):
        if isinstance(statement, If):
            for branch in statement.branches:
                yield _condition(statement, branch)
        elif isinstance(statement, Loop) and statement.condition:
            yield statement.condition.text


def _condition(statement: If, branch: Branch) -> str:
    if statement.subject is None:
        return branch.condition.text
    return f"({statement.subject.text}\n) in ({branch.condition.text}\n)"


def _flags(body: Body) -> frozenset[str]:
    """Return the variables that are set from the catalog."""
    found: set[str] = set()
    for statement in statements(body.block):
        match statement:
            case Assign() if looks(statement.value.text):
                found.add(statement.target.root)
            case Sql() if statement.into and looks(statement.text.text):
                found.update(target.root for target in statement.into)
            case Block():
                found.update(v.folded for v in statement.variables if v.default and looks(v.default.text))
    return frozenset(found)


class _Reach:
    """Follows a body from its top; `events` are those for which control comes to a place."""

    def __init__(self, answers: Mapping[str, bool | None], firing: Firing | None, body: Body) -> None:
        self.given = _given(firing)
        self._answers = answers
        self._flags = _flags(body)

    def block(self, block: Block, events: Events) -> tuple[Block, Events]:
        inside, through = self._list(block.statements, events)
        handlers = []
        for handler in block.handlers:
            handled, leaves = self._list(handler.statements, events)
            if handled and _MISSING.issuperset(handler.conditions):
                handled = _guarded(handled)
            handlers.append(Handler(handler.conditions, handled))
            through |= leaves
        return replace(block, statements=inside, handlers=tuple(handlers)), through

    def _list(self, several: Sequence[Statement], events: Events) -> tuple[tuple[Statement, ...], Events]:
        """Return those statements that can run, and the events for which control goes over their end."""
        kept: list[Statement] = []
        looked = False
        for place, statement in enumerate(several):
            if not events:
                break
            made, events, stops = self._statement(statement, events, looked=looked)
            kept.append(made)
            if stops:
                rest, events = self._list(several[place + 1 :], events)
                return (*kept, *(_guarded(rest) if rest else ())), events
            looked = _sets_found(statement)
        return tuple(kept), events

    def _statement(self, statement: Statement, events: Events, *, looked: bool) -> tuple[Statement, Events, bool]:
        """Return a statement, the events after it, and whether a look into the catalog decides if it is the last."""
        match statement:
            case If():
                return self._if(statement, events, looked=looked)
            case Block():
                return *self.block(statement, events), False
            case Return() if not statement.how:
                return statement, _NEVER, False
            case Raise() if statement.ends:
                return statement, _NEVER, False
            case Exit() if statement.when is None:
                return statement, _NEVER, False
            case Loop() if statement.condition:
                runs = frozenset(e for e in events if self._truth(statement.condition.text, e) is not False)
                return replace(statement, statements=self._list(statement.statements, runs)[0]), events, False
            case Loop() | ForInteger() | ForQuery() | Foreach():
                inside = self._list(statement.statements, events)[0]
                if isinstance(statement, ForQuery) and isinstance(statement.source, Text):
                    inside = _guarded(inside) if inside and looks(statement.source.text) else inside
                return replace(statement, statements=inside), events, False
        return statement, events, False

    def _if(self, statement: If, events: Events, *, looked: bool) -> tuple[If, Events, bool]:
        remaining, through = events, _NEVER
        guarded = stops = False
        branches: list[Branch] = []
        flags = self._flags | ({"found"} if looked else set())
        for branch in statement.branches:
            if not remaining:
                break
            condition = _condition(statement, branch)
            holds = {event: self._truth(condition, event) for event in remaining}
            guarded = guarded or (None in holds.values() and looks(condition, flags))
            taken = frozenset(event for event, known in holds.items() if known is not False)
            remaining = frozenset(event for event, known in holds.items() if known is not True)
            inside, leaves = self._list(branch.statements, taken)
            branches.append(Branch(branch.condition, _guarded(inside) if guarded and inside else inside))
            stops = stops or (guarded and leaves != taken)
            through |= leaves
        otherwise = statement.otherwise
        if otherwise is None:  # a CASE that finds no branch raises case_not_found
            through |= _NEVER if statement.is_case else remaining
        else:
            otherwise, leaves = self._list(otherwise, remaining)
            otherwise = _guarded(otherwise) if guarded and otherwise else otherwise
            stops = stops or (guarded and leaves != remaining)
            through |= leaves
        return replace(statement, branches=tuple(branches), otherwise=otherwise), through, stops

    def _truth(self, condition: str, event: str) -> bool | None:
        return truth(condition, self._answers, self.given[event])


def _guarded(several: Sequence[Statement]) -> tuple[Statement]:
    return (Block(several[0].start, "", (), tuple(several), (), guarded=True),)


def _sets_found(statement: Statement) -> bool:
    """Whether FOUND says afterwards what the catalog holds."""
    match statement:
        case Perform():
            return looks("select " + statement.query.text)
        case Sql():
            return looks(statement.text.text)
    return False
