"""A repair of ambiguous names that needs no guess, tried: `#variable_conflict use_column` (manual, section 43.11.1).

A column of `RETURNS TABLE` or an OUT argument that the body never assigns is always NULL: where its name may be a
column's, the column is meant. So such a variable is no loss; that no other name is ambiguous, a trial without it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from pgproof.probes.bodies.parse import parse
from pgproof.probes.bodies.proved import Defect, Untold
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.tree import (
    Assign,
    Body,
    Dynamic,
    Fetch,
    Foreach,
    ForQuery,
    Sql,
    Statement,
    Target,
)
from pgproof.probes.bodies.walk import statements

OPTION = "#variable_conflict use_column"
_AMBIGUOUS = re.compile(r'column reference "(.+)" is ambiguous')

Try = Callable[[Routine], Sequence[Defect | Untold]]
"""Tries a routine and returns what is wrong with it."""


def repairs(routine: Routine, found: Sequence[Defect | Untold], attempt: Try, accepted: Callable[[str], bool]) -> bool:
    """Whether the option mends the routine: what was `found` is gone, and nothing else is resolved otherwise.

    `accepted` says whether the server takes a body for this function.
    """
    names = {_ambiguous(one) for one in found}
    if not names or "" in names or "CALL" in routine.body.upper():
        return False
    body = parse(routine.body)
    idle = _idle(routine, body)
    if "variable_conflict" in body.options or not names <= idle:
        return False
    mended = with_option(routine.body)
    return not attempt(_without(routine, idle)) and not attempt(replace(routine, body=mended)) and accepted(mended)


def with_option(body: str) -> str:
    """Return a body with the option in its first line."""
    return f"\n{OPTION}{body if body.startswith(chr(10)) else chr(10) + body}"


def _ambiguous(one: Defect | Untold) -> str:
    """Return the name that is a variable or a column, `""` for any other error."""
    matched = isinstance(one, Defect) and one.sqlstate == "42702" and _AMBIGUOUS.fullmatch(one.message)
    return matched[1] if matched and isinstance(one, Defect) and "variable" in one.detail else ""


def _idle(routine: Routine, body: Body) -> set[str]:
    """Return the outputs that nothing is assigned to."""
    assigned = {target.root for statement in statements(body.block) for target in _targets(statement)}
    return {one.name for one in routine.outputs if one.mode != "inout" and one.name} - assigned


def _targets(statement: Statement) -> Iterator[Target]:
    match statement:
        case Assign():
            yield statement.target
        case Sql() | Dynamic() | Fetch():
            yield from statement.into
        case ForQuery() | Foreach():
            yield from statement.targets


def _without(routine: Routine, names: Collection[str]) -> Routine:
    renamed = (replace(one, name=f"{one.name} pgproof") if one.name in names else one for one in routine.arguments)
    return replace(routine, arguments=tuple(renamed))
