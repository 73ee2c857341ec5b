"""Why statements failed in the replay: defects of the files apart from limits of the sandbox, causes apart from effects."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pgproof.evidence.directories import Migrations
from pgproof.evidence.part import gathers
from pgproof.migrations.base import MissingBase, missing_base
from pgproof.migrations.observation import Failure, Observation, Replay
from pgproof.model import Gap, Method, Proof, Subject

_NAMED = re.compile(
    r'(?:relation|type|function|schema|constraint|extension|role|operator class|text search configuration|table|view|'
    r'publication|trigger|policy|index|sequence|materialized view|procedure|aggregate|foreign-data wrapper|server|'
    r'column .+ of relation) "?([^"(]+)"?'
)

STAND_IN = "PGP99"
INSUFFICIENT_PRIVILEGE = "42501"
QUERY_CANCELED = "57014"
_NO_EXTENSION = re.compile(r'extension "(.+)" is not available|could not open extension control file')


@dataclass(frozen=True, slots=True)
class Root:
    """A statement that failed by itself, and those that failed because of it."""

    observation: Observation
    failure: Failure
    excerpt: str
    caused: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Failures:
    """The statements whose failure is a defect of the files; the others are in `gaps`, each reason once."""

    roots: tuple[Root, ...]
    server: str
    statements: int
    gaps: tuple[Gap, ...]

    def __len__(self) -> int:
        """Return how many statements were replayed."""
        return self.statements


@gathers(Failures, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def sort_failures(replay: Replay, migrations: Migrations) -> Failures:
    """Tell defects from limits of the sandbox and from a missing base, and attach consequences to their causes."""
    base = missing_base(replay)
    lines = {file.path: file.text.splitlines() for file in migrations.directory.files}
    limits: list[tuple[Observation, str]] = []
    roots: list[Observation] = []
    caused: defaultdict[int, list[Observation]] = defaultdict(list)
    for observation in replay.observations:
        if not observation.failure and not observation.refused:
            continue
        if base and observation in base.failures:
            continue
        if reason := _limit(observation) or _behind_a_limit(observation, limits):
            limits.append((observation, reason))
        elif (cause := _cause(observation, roots)) is not None:
            caused[cause].append(observation)
        else:
            roots.append(observation)
    return Failures(
        tuple(
            Root(o, o.failure, _excerpt(lines, o, o.failure), tuple(caused[number]))
            for number, o in enumerate(roots)
            if o.failure
        ),
        replay.server,
        len(replay),
        (*_base_gap(base), *_limit_gaps(limits)),
    )


def _limit(observation: Observation) -> str:
    """Return why the sandbox and not the file is to blame for a failure, or `""`."""
    failure = observation.failure
    if failure is None:
        return observation.refused
    if failure.sqlstate == STAND_IN:
        return failure.message
    if failure.sqlstate == QUERY_CANCELED:
        return "a statement did not end in the time allowed"
    if failure.sqlstate == INSUFFICIENT_PRIVILEGE:
        return f"{failure.message} in the sandbox, where migrations are no superuser"
    if _NO_EXTENSION.search(failure.message):
        return f"{failure.message}"
    return ""


def _behind_a_limit(observation: Observation, limits: Sequence[tuple[Observation, str]]) -> str:
    """Return the reason of the limited statement that would have made what this one misses."""
    name = missing_name(observation)
    return next((reason for earlier, reason in limits if name and name in _names(earlier)), "")


def _cause(observation: Observation, roots: Sequence[Observation]) -> int | None:
    """Return the number of the root that would have made what this statement misses."""
    name = missing_name(observation)
    return next((n for n, root in enumerate(roots) if name and root is not observation and name in _names(root)), None)


def _names(observation: Observation) -> frozenset[str]:
    return frozenset(name for _, name in observation.mentions)


def missing_name(observation: Observation) -> str:
    """Return the name of the object that the server says does not exist, without its schema, or `""`."""
    failure = observation.failure
    if failure is None or "does not exist" not in failure.message:
        return ""
    match = _NAMED.search(failure.message)
    return match[1].strip().rpartition(".")[2].strip('"') if match else ""


def _excerpt(lines: dict[str, list[str]], observation: Observation, failure: Failure) -> str:
    place = failure.location or observation.location
    source = lines.get(place.path, [])
    return source[place.line - 1] if 0 < place.line <= len(source) else ""


def _base_gap(base: MissingBase | None) -> Iterable[Gap]:
    if base:
        yield Gap(
            f"the migrations build on objects that none of them makes: {base.summary}",
            blocking=True,
            location=base.first,
            way_out="give what was there before them: pgproof check --base dump.sql (pg_dump --schema-only), or a URL",
        )


def _limit_gaps(limits: Sequence[tuple[Observation, str]]) -> Iterable[Gap]:
    by_reason: defaultdict[str, list[Observation]] = defaultdict(list)
    for observation, reason in limits:
        by_reason[reason].append(observation)
    for reason, observations in by_reason.items():
        count = len(observations)
        never_ended = any(o.failure and o.failure.sqlstate == QUERY_CANCELED for o in observations)
        yield Gap(
            f"{count} statement{'s' * (count != 1)}: {reason}",
            blocking=never_ended,
            location=observations[0].location,
        )
