"""All bodies of a database, proved by trial."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgproof.probes.bodies.jobs import body_of
from pgproof.probes.bodies.judge import judge_probe, judge_whole
from pgproof.probes.bodies.neighbours import Neighbours, neighbours
from pgproof.probes.bodies.parse import NotRead, parse
from pgproof.probes.bodies.proved import Defect, Proved, Untold
from pgproof.probes.bodies.reach import asked, reached
from pgproof.probes.bodies.refused import refused_statements
from pgproof.probes.bodies.repair import OPTION, repairs
from pgproof.probes.bodies.review import review
from pgproof.probes.bodies.rewrite import build
from pgproof.probes.bodies.routine import Routine, read_users
from pgproof.probes.bodies.run import Runner, Said
from pgproof.probes.bodies.surroundings import Surroundings
from pgproof.probes.bodies.together import together
from pgproof.probes.bodies.trial import Trial
from pgproof.probes.bodies.uses import uses
from pgproof.sql.parse import SyntaxProblem

if TYPE_CHECKING:
    from psycopg import Connection

PLACED_AT_MOST = 25
"""Errors of one trial that are tried once more for their place."""

Connect = Callable[[], "AbstractContextManager[Connection[Any]]"]
Judged = list[tuple[str, "Defect | Untold"]]


AT_ONCE = 50
"""Routines that one session tries. It keeps the plans of functions that return rows although they are rolled back, and
looks through all of them at every change of the catalog: a hundred more would cost 2 ms each.
"""


def prove(connect: Connect, routines: Sequence[Routine], around: Surroundings) -> list[Proved]:
    """Try every body, in transactions that are rolled back, and return what is known of each.

    `connect` opens a session of the owner; its search path is the one that functions without a setting of their own are
    tried with. Nothing of a body is executed.
    """
    found: list[Proved] = []
    near = neighbours(routines)
    for start in range(0, len(routines), AT_ONCE):
        with connect() as connection:
            found += _in_session(connection, routines[start : start + AT_ONCE], near, around)
    return found


def _in_session(
    connection: Connection[Any], routines: Sequence[Routine], near: Neighbours, around: Surroundings
) -> list[Proved]:
    with connection.transaction(force_rollback=True):
        users = read_users(connection, routines)
        runner = Runner(connection)
        try:
            return [replace(one, users=users.get(one.name, ())) for one in _prove(runner, routines, near, around)]
        finally:
            runner.close()


def _prove(runner: Runner, routines: Sequence[Routine], near: Neighbours, around: Surroundings) -> list[Proved]:
    judged: list[Judged] = [[] for _ in routines]
    tried = [0] * len(routines)
    for said in runner.valid(routines):
        place = runner.place_of_invalid(routines[said.trial])
        _add(judged[said.trial], "", judge_whole(routines[said.trial], said, place, around))
    trials: list[Trial] = []
    owners: list[int] = []
    for number, routine in enumerate(routines):
        if routine.language in ("plpgsql", "job") and not judged[number]:
            for trial in _trials(runner, routine, judged[number], near):
                trials.append(trial)
                owners.append(number)
                tried[number] = len(trial.probes)
        elif routine.language == "sql":
            tried[number] = 1
            for defect in refused_statements(routine):
                _add(judged[number], "", defect)
    by_trial: defaultdict[int, list[Said]] = defaultdict(list)
    for said in runner.trials(trials):
        by_trial[said.trial].append(said)
    for at, several in by_trial.items():
        _judge(runner, trials[at], several, judged[owners[at]], around)
    of: defaultdict[int, list[Trial]] = defaultdict(list)
    for trial, owner in zip(trials, owners, strict=True):
        of[owner].append(trial)
    return [
        _mended(runner, routine, _proved(routine, count, list(together(found, of[number]))), near, around)
        for number, (routine, count, found) in enumerate(zip(routines, tried, judged, strict=True))
    ]


def _mended(runner: Runner, routine: Routine, proved: Proved, near: Neighbours, around: Surroundings) -> Proved:
    """Return what is known of a routine, its ambiguous names with a repair if one can be proved."""

    def attempt(other: Routine) -> list[Defect | Untold]:
        judged: Judged = []
        for trial in _trials(runner, other, judged, near):
            _judge(runner, trial, runner.trials([trial]), judged, around)
        return [one for _, one in judged]

    if routine.language != "plpgsql" or not proved.defects:
        return proved
    found: list[Defect | Untold] = [*proved.defects, *proved.untold]
    if not repairs(routine, found, attempt, lambda body: runner.accepts(routine, body)):
        return proved
    return replace(proved, defects=tuple(replace(defect, repair=OPTION) for defect in proved.defects))


def _trials(runner: Runner, routine: Routine, judged: Judged, near: Neighbours) -> list[Trial]:
    try:
        body = body_of(routine) if routine.language == "job" else parse(routine.body)
    except NotRead as unread:
        _add(judged, "", Untold(f"pgproof cannot read it: {unread}", -1))
        return []
    except SyntaxProblem as problem:
        _add(judged, "", Defect("42601", problem.message, problem.position, certain=True, tried=routine.body.strip()))
        return []
    firings = routine.firings or (None,)
    answers = runner.holds(routine, sorted({one for firing in firings for one in asked(body, firing)}))
    return [build(routine, reached(body, firing, answers), firing, near) for firing in firings]


def _judge(runner: Runner, trial: Trial, several: Sequence[Said], judged: Judged, around: Surroundings) -> None:
    firing = trial.firing.table if trial.firing else ""
    for count, said in enumerate(several):
        if said.number < 0:
            _add(judged, firing, Untold(f"it could not be tried: {said.message}", -1))
            continue
        if _again(trial, several[count - 1] if count else None, said):
            continue
        again = said.sqlstate != "types" and count < PLACED_AT_MOST
        _add(judged, firing, judge_probe(trial, said, runner.place(trial, said.number) if again else None, around))


def _again(trial: Trial, before: Said | None, said: Said) -> bool:
    """Whether an assignment fails a second time because its target does."""
    return (
        before is not None
        and before.number == said.number - 1
        and (before.sqlstate, before.message) == (said.sqlstate, said.message)
        and trial.probes[before.number].how == "target"
    )


def _add(judged: Judged, firing: str, one: Defect | Untold | None) -> None:
    if one is not None:
        judged.append((firing, one))


def _proved(routine: Routine, tried: int, found: Sequence[Defect | Untold]) -> Proved:
    defects = sorted((one for one in found if isinstance(one, Defect)), key=lambda one: one.offset)
    untold = sorted((one for one in found if isinstance(one, Untold)), key=lambda one: one.offset)
    return Proved(
        routine.name,
        routine.language,
        tried,
        routine.security_definer,
        "search_path" in routine.settings,
        tuple(defects),
        tuple(untold),
        tuple(review(routine)),
        uses(routine),
        text=routine.body if routine.language == "job" else "",
    )
