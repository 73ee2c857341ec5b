"""What the migrations build on and never make: the base that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgproof.evidence.definitions import Definitions
from pgproof.evidence.part import gathers
from pgproof.evidence.scope import BOOKKEEPING
from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.observation import Observation, Replay
from pgproof.model import Location
from pgproof.model.name import ROUTINES
from pgproof.model.spelling import slip
from pgproof.platforms import Platform

_PART = re.compile(r'"((?:[^"]|"")+)"|([^\s".(]+)')
_CREATES = re.compile(
    rf"""--[^\n]*|/\*.*?\*/
    |\bcreate\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized|recursive|constraint)\s+)*
     (?:table|view|type|domain|function|procedure|sequence)\s+(?:if\s+not\s+exists\s+)?
     (?P<name>(?:{_PART.pattern})(?:\s*\.\s*(?:{_PART.pattern}))*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SCHEMAS_OF_THE_SYSTEM = {"pg_catalog", "information_schema"}
_USES_ROUTINES = {"AlterFunctionStmt", "AlterOwnerStmt", "CommentStmt", "CreateTrigStmt", "DropStmt", "GrantStmt"}
"""Statements in which an unqualified function that does not exist is the project's own, and no misuse of a built-in."""


@dataclass(frozen=True, slots=True)
class MissingBase:
    """What statements need and no migration makes, without schemas: the relations, and with them types and functions.

    `first` is where the first of the relations is needed. `elsewhere` are other migration directories of the repository
    and how many of the relations each defines. All is empty when no relation is missing.
    """

    relations: tuple[str, ...] = ()
    others: frozenset[tuple[str, str]] = frozenset()
    first: Location | None = None
    elsewhere: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether something is missing."""
        return bool(self.relations)

    def holds(self, thing: Lacking) -> bool:
        """Whether it is part of the base."""
        if thing.kind == "relation":
            return thing.name in self.relations
        return (thing.kind, thing.name) in self.others


@gathers(MissingBase, None)
def find_missing_base(replay: Replay, platform: Platform, definitions: Definitions) -> MissingBase:
    """Find relations that failed statements miss and that no statement ever makes, not even one that failed.

    A name that is one letter away from one that is made is a slip of the pen, and no sign of a missing base.
    """
    made = set(_made(replay.observations)) | {_bare(str(name.parts[-1])) for name in _own(replay)}
    foreign = _SCHEMAS_OF_THE_SYSTEM.union(platform.schemas)
    missed = [
        (thing, observation)
        for observation in replay.observations
        if (thing := _missed(observation)) and thing.schema not in foreign and thing.name not in made | BOOKKEEPING
    ]
    slips = {thing.name for thing, _ in missed if slip(thing.name, made)}
    places: dict[str, Location] = {}
    for thing, observation in missed:
        if thing.kind == "relation" and thing.name not in slips:
            places.setdefault(thing.name, observation.location)
    if not places:
        return MissingBase()
    others = frozenset(
        (thing.kind, thing.name)
        for thing, observation in missed
        if thing.name not in slips and (thing.kind == "type" or _is_own_routine(thing, observation))
    )
    return MissingBase(
        tuple(sorted(places)), others, next(iter(places.values())), _elsewhere(definitions, replay, places)
    )


def _missed(observation: Observation) -> Lacking | None:
    failure = observation.failure
    return lacking(failure.sqlstate, failure.message) if failure else None


def _own(replay: Replay) -> Iterator[Any]:
    return (name for name in replay.catalog.objects if name.kind not in ROUTINES)


def _is_own_routine(thing: Lacking, observation: Observation) -> bool:
    return thing.kind == "function" and bool(thing.schema or observation.node in _USES_ROUTINES)


def _elsewhere(definitions: Definitions, replay: Replay, names: Iterable[str]) -> dict[str, int]:
    """Count how many of the relations each other directory defines."""
    wanted, files = set(names), set(replay.files)
    defined = {(d.directory, d.table) for d in definitions.items if d.table in wanted and d.location.path not in files}
    directories = [directory for directory, _ in sorted(defined)]
    return {directory: directories.count(directory) for directory in dict.fromkeys(directories)}


def _made(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield what statements make, or would have made if they had not failed: also those that do not parse."""
    for observation in observations:
        yield from (_bare(effect.identity) for effect in observation.effects)
        if observation.failure:
            for found in _CREATES.finditer(observation.text):
                if found["name"]:
                    *_, (quoted, plain) = _PART.findall(found["name"])
                    yield quoted.replace('""', '"') if quoted else plain.lower()


def _bare(identity: str) -> str:
    """Return the name in `public.f(integer, text)`, without schema and arguments."""
    return identity.partition("(")[0].rpartition(".")[2].strip('"')
