"""Why statements failed in the replay: defects apart from limits of the sandbox, causes apart from effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pgproof.evidence.limits import QUERY_CANCELED, limit, missing_name
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import gathers
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Failure, Observation, Replay
from pgproof.model import Gap, Location, Method, Proof, Subject


@dataclass(frozen=True, slots=True)
class Root:
    """The statement that a migration tool stops at, and what fails because of it or after it in the same file."""

    observation: Observation
    failure: Failure
    caused: tuple[Observation, ...]
    made_later: Location | None = None
    """Where a later statement makes what this one misses."""


@dataclass(frozen=True, slots=True)
class Failures:
    """The statements whose failure is a defect of the files; the others are in `gaps`, each reason once.

    `base_is_missing`: the files build on objects that none of them makes.
    """

    roots: tuple[Root, ...]
    server: str
    statements: int
    base_is_missing: bool
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return how many statements were replayed."""
        return self.statements


@gathers(Failures, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def sort_failures(replay: Replay, base: MissingBase) -> Failures:
    """Tell defects from limits of the sandbox and from a missing base, and attach consequences to their causes."""
    later = {name.parts[-1]: place for name, place in replay.created.items() if len(name.parts) == 2}
    orphans: list[Observation] = []
    limits: list[tuple[Observation, str]] = []
    roots: list[Observation] = []
    caused: defaultdict[int, list[Observation]] = defaultdict(list)
    for observation in replay.observations:
        if not observation.failure and not observation.refused:
            continue
        if missing_name(observation) in base.names or _names_missed(observation, orphans):
            orphans.append(observation)
        elif reason := limit(observation) or _behind_a_limit(observation, limits):
            limits.append((observation, reason))
        elif (cause := _cause(observation, roots)) is not None:
            caused[cause].append(observation)
        else:
            roots.append(observation)
    return Failures(
        tuple(
            Root(o, o.failure, tuple(caused[number]), later.get(missing_name(o)))
            for number, o in enumerate(roots)
            if o.failure
        ),
        replay.server,
        len(replay),
        bool(base.names),
        (*_base_gap(base, len(orphans)), *_limit_gaps(limits)),
    )


def _names_missed(observation: Observation, orphans: Sequence[Observation]) -> bool:
    """Whether a statement misses what one that lacks its base would have made."""
    name = missing_name(observation)
    return bool(name) and any(name in _names(orphan) for orphan in orphans)


def _behind_a_limit(observation: Observation, limits: Sequence[tuple[Observation, str]]) -> str:
    """Return the reason of the limited statement that would have made what this one misses."""
    name = missing_name(observation)
    return next((reason for earlier, reason in limits if name and name in _names(earlier)), "")


def _cause(observation: Observation, roots: Sequence[Observation]) -> int | None:
    """Return the number of the root that would have made what this statement misses, or that stops the same file."""
    name = missing_name(observation)
    makers = (number for number, root in enumerate(roots) if name and name in _names(root))
    same_file = (number for number, root in enumerate(roots) if root.origin == observation.origin)
    return next(makers, next(same_file, None))


def _names(observation: Observation) -> frozenset[str]:
    return frozenset(name for _, name in observation.mentions)


def _base_gap(base: MissingBase, orphans: int) -> Iterable[Gap]:
    if base.names:
        shown = ", ".join(base.names[:5]) + (f" and {len(base.names) - 5} more" if len(base.names) > 5 else "")
        yield Gap(
            f"the migrations build on {counted(len(base.names), 'table')} that none of them makes ({shown}): "
            f"{counted(orphans, 'statement')} could not be replayed",
            blocking=True,
            location=base.first,
            way_out="give what was there before them: --base dump.sql (made by pg_dump --schema-only), or --base URL",
        )


def _limit_gaps(limits: Sequence[tuple[Observation, str]]) -> Iterable[Gap]:
    by_reason: defaultdict[str, list[Observation]] = defaultdict(list)
    for observation, reason in limits:
        by_reason[reason].append(observation)
    for reason, observations in by_reason.items():
        count = len(observations)
        never_ended = any(o.failure and o.failure.sqlstate == QUERY_CANCELED for o in observations)
        yield Gap(
            f"{counted(count, 'statement')}: {reason}",
            blocking=never_ended,
            location=observations[0].location,
            way_out='allow more in pgproof.toml: [replay] statement_timeout = "10min"' if never_ended else "",
        )
