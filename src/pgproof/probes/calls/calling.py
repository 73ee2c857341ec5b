"""Every function and procedure called; each call in a transaction that is rolled back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from pgproof.model import ObjectName
from pgproof.probes.calls.arguments import Case, cases
from pgproof.probes.calls.routine import Routine, call, read_routine
from pgproof.probes.observed import Call, Called
from pgproof.probes.refusal import Answer
from pgproof.probes.rows.world import World
from pgproof.probes.session import QUERY_CANCELED

COMMITS = "2D000"
"""Invalid transaction termination: a procedure that commits cannot be called inside of a transaction."""
_OF_TYPES = ("42883", "42804", "42846", "42725", "22P02")
"""What another type may fare better with."""
_SLOW_S = 0.3
_ALL_S = 60.0
"""How long all calls may take together."""


def call_all(world: World, names: Iterable[ObjectName], too_much: Callable[[], str]) -> Iterator[Called]:
    """Call these functions and procedures.

    `too_much` says why no further call should be made, `""` as long as nothing speaks against it; it is asked after a
    call that took long. Procedures that commit come last: what they leave behind nobody looks at any more.
    """
    started = time.monotonic()
    committing: list[Routine] = []
    stopped = ""
    for name in sorted(names):
        routine = read_routine(world.catalog.objects[name])
        if isinstance(routine, str):
            yield Called(name, not_called=routine)
            continue
        if not stopped and time.monotonic() - started > _ALL_S:
            stopped = f"the calls before it took {_ALL_S:.0f} s"
        if stopped:
            yield Called(name, not_called=stopped)
            continue
        begun = time.monotonic()
        called = Called(name, tuple(_calls(world, routine, keep=False)))
        if any(one.refusal and one.refusal.sqlstate == COMMITS for one in called.calls):
            committing.append(routine)
        else:
            yield called
        if time.monotonic() - begun > _SLOW_S:
            stopped = too_much()
    for routine in committing:
        yield Called(routine.name, tuple(_calls(world, routine, keep=True)))


def _calls(world: World, routine: Routine, *, keep: bool) -> Iterator[Call]:
    for case in cases(world, routine):
        statement = call(routine, case.values)
        answer = world.session.alone(statement) if keep else world.session.ask(statement)
        yield _told(routine, case, statement, answer)
        if answer.refusal and answer.refusal.sqlstate in (QUERY_CANCELED, COMMITS, ""):
            return


def _told(routine: Routine, case: Case, statement: str, answer: Answer) -> Call:
    refusal = answer.refusal
    about = refusal is not None and any(_speaks_of(refusal.message, text) for text in case.texts)
    about = about or (routine.polymorphic and refusal is not None and refusal.sqlstate in _OF_TYPES)
    return Call(case.name, len(answer.rows), refusal, about, "" if case.texts else statement)


def _speaks_of(message: str, text: str) -> bool:
    return text in message if len(text) > 2 else f'"{text}"' in message
