"""What a body's trial must know of the other routines: the arguments of procedures, and what cannot be called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pgproof.probes.bodies.parse import NotRead, parse
from pgproof.probes.bodies.routine import Argument, Routine
from pgproof.probes.bodies.tree import Other


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`procedures` are those with OUT arguments whose name no other routine has, with all their arguments; `ending`
    the procedures that end the transaction on every way; `triggers` the trigger functions.
    """

    procedures: Mapping[str, tuple[Argument, ...]] = field(default_factory=dict)
    ending: frozenset[str] = frozenset()
    triggers: frozenset[str] = frozenset()


def neighbours(routines: Sequence[Routine]) -> Neighbours:
    """Look at all routines; names are without schema, and only those that a single routine has."""
    count = Counter(routine.name.parts[1] for routine in routines)
    alone = [routine for routine in routines if count[routine.name.parts[1]] == 1]
    return Neighbours(
        {r.name.parts[1]: r.arguments for r in alone if r.name.kind == "procedure" and r.outputs},
        frozenset(_names(r for r in alone if r.name.kind == "procedure" and _ends(r))),
        frozenset(_names(r for r in alone if r.is_trigger)),
    )


def _names(routines: Iterable[Routine]) -> Iterable[str]:
    return (routine.name.parts[1] for routine in routines)


def _ends(routine: Routine) -> bool:
    """Whether a COMMIT or ROLLBACK stands at the top of the body."""
    if routine.language != "plpgsql":
        return False
    try:
        block = parse(routine.body).block
    except NotRead:
        return False
    return any(isinstance(one, Other) and one.word in ("commit", "rollback") for one in block.statements)
