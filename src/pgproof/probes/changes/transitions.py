"""Every transition between the states of a column, tried on a row in the state before."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from pgproof.catalog.names import parts_of
from pgproof.model import ObjectName
from pgproof.probes.changes.attempt import Attempt, Outcome, refused_by, routines_in
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import update

Pair = tuple[str, str]
"""The state before, and the one after."""
MOST = 400
"""Transitions that are tried, at most."""

_OLD = re.compile(r"\bold\b", re.I)
_WHO = re.compile(
    r"\bauth\.|\bcurrent_(?:user|role|setting)\b|\bsession_user\b|\bpg_has_role\b|\b(?:is|has)_\w+\s*\(", re.I
)
"""What asks who is there: a guard that does may let another one through."""
_QUIETLY = "the row was left as it was"


def move(
    world: World, table: Table, column: str, states: Sequence[str], allowed: Collection[Pair]
) -> Iterator[Attempt]:
    """Yield what becomes of each transition from one of the states to another, `a -> b`, as the owner.

    A refusal counts when a trigger makes it that looks at the row before, and not at who is there; any other is about
    the rest of the row, which is made up, and nothing follows from it. Rows are made in each state, or led there by
    transitions that are allowed.
    """
    world.fill([table.name])
    rows = _rows(world, table, column, states, allowed)
    pairs = [(one, other) for one in states for other in states if one != other]
    for before, after in pairs[:MOST]:
        what = f"{before} -> {after}"
        if before not in rows:
            yield Attempt("", what, Outcome.UNTRIED, f"no row in the state {before} was found")
            continue
        _, outcome, by = _move(world, table, column, rows[before], after)
        yield Attempt("", what, outcome, by)
    for before, after in pairs[MOST:]:
        yield Attempt("", f"{before} -> {after}", Outcome.UNTRIED, "there are too many transitions")


def _rows(world: World, table: Table, column: str, states: Sequence[str], allowed: Collection[Pair]) -> dict[str, Row]:
    """Return a row for each state that one can be brought into."""
    made = {state: world.make(table.name, {column: state}) for state in states}
    rows = {state: row for state, row in made.items() if row is not None and row.get(column) == state}
    for state, path in _paths(tuple(rows), allowed).items():
        row = world.make(table.name, {column: path[0]}) if state not in rows else None
        for step in path[1:]:
            row = row and _move(world, table, column, row, step, keep=True)[0]
        if row is not None:
            rows[state] = row
    return rows


def _paths(beginnings: Sequence[str], allowed: Collection[Pair]) -> dict[str, tuple[str, ...]]:
    """Return a shortest way to each state that allowed transitions lead to."""
    paths: dict[str, tuple[str, ...]] = {state: (state,) for state in beginnings}
    waiting = list(beginnings)
    for state in waiting:
        for before, after in sorted(allowed):
            if before == state and after not in paths:
                paths[after] = (*paths[state], after)
                waiting.append(after)
    return paths


def _move(
    world: World, table: Table, column: str, row: Row, after: str, *, keep: bool = False
) -> tuple[Row | None, Outcome, str]:
    """Change the state alone, then with the other columns that a new row in that state would have."""
    composed = world.compose(table.name, {column: after}) or {}
    keys = {name for key in table.keys for name in key.columns}
    keys |= {name for key in table.foreign_keys for name in key.columns}
    others = {name: text for name, text in composed.items() if name not in keys and text != row.get(name)}
    guard: Refusal | None = None
    other: Refusal | None = None
    quiet = False
    for changes in ({column: after}, {**others, column: after}):
        answer = world.session.ask(update(table, row, changes), keep=keep)
        if answer.refusal is not None:
            if _is_guard(world, table, answer.refusal):
                guard = guard or answer.refusal
            else:
                other = other or answer.refusal
            continue
        now = dict(zip(table.columns, answer.rows[0], strict=False)) if answer.rows else {}
        if now.get(column) == after:
            return now, Outcome.DONE, ""
        quiet = True
    if guard is not None:
        return None, Outcome.REFUSED, refused_by(guard)
    if quiet:
        return None, Outcome.UNTOUCHED, _QUIETLY
    return None, Outcome.UNTRIED, f"the row was refused otherwise: {refused_by(other)}" if other else "no row"


def _is_guard(world: World, table: Table, refusal: Refusal) -> bool:
    """Whether a trigger of this table refused that looks at the row before (`OLD`), whoever it is that changes it."""
    names = {name.rpartition(".")[2].strip('"') for name in routines_in(refusal)}
    for trigger in world.triggers(table.name):
        path = parts_of(str(trigger.attributes["function"]))
        if path[-1] not in names:
            continue
        function = world.catalog.objects.get(ObjectName("function", (*path, "")))
        body = str(function.attributes["body"] or "") if function else ""
        looks_back = _OLD.search(body) or _OLD.search(str(trigger.attributes["definition"]))
        if looks_back and not _WHO.search(body):
            return True
    return False
