"""What the migrations build on and never make: the base that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgproof.evidence.definitions import Definitions
from pgproof.evidence.limits import USES_OWN_ROUTINES, limit
from pgproof.evidence.part import gathers
from pgproof.evidence.scope import BOOKKEEPING
from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.observation import Observation, Replay
from pgproof.migrations.replay.placeholders import is_filled
from pgproof.model import Location
from pgproof.model.name import ROUTINES
from pgproof.model.spelling import slip
from pgproof.platforms import Platform
from pgproof.platforms.known import known_with

_PART = re.compile(r'"((?:[^"]|"")+)"|([^\s".(]+)')
_CREATES = re.compile(
    rf"""--[^\n]*|/\*.*?\*/
    |\bcreate\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized|recursive|constraint)\s+)*
     (?:table|view|type|domain|function|procedure|sequence|(?:unique\s+)?index(?:\s+concurrently)?)\s+(?:if\s+not\s+exists\s+)?
     (?P<name>(?:{_PART.pattern})(?:\s*\.\s*(?:{_PART.pattern}))*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SURE = 3
"""So many tables that none makes leave no doubt: whatever function is not there is one of the base."""
_SCHEMAS_OF_THE_SYSTEM = {"pg_catalog", "information_schema"}


@dataclass(frozen=True, slots=True)
class MissingBase:
    """What statements need and no migration makes, without schemas: the relations, and with them types and functions.

    `first` is where the first of the relations is needed. `elsewhere` are other migration directories of the repository
    and how many of the relations each defines. All is empty when no relation is missing.
    """

    relations: tuple[str, ...] = ()
    names: frozenset[tuple[str, str]] = frozenset()
    first: Location | None = None
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    placed: frozenset[Lacking] = frozenset()
    """What is missing in schemas of the base: the same name may be made elsewhere, or once more later."""

    def __bool__(self) -> bool:
        """Whether something is missing."""
        return bool(self.relations)

    def holds(self, thing: Lacking) -> bool:
        """Whether it is part of the base."""
        return (thing.kind, thing.name) in self.names or thing in self.placed


@gathers(MissingBase, None)
def find_missing_base(replay: Replay, platform: Platform, definitions: Definitions) -> MissingBase:
    """Find relations that failed statements miss and that no statement ever makes, not even one that failed.

    A name that is one letter away from one that is made is a slip of the pen, and no sign of a missing base. In a
    schema that no migration makes, what is not made before it is needed belongs to the base.
    """
    placed = _placed(replay, platform)
    made = made_by_files(replay)
    foreign = _SCHEMAS_OF_THE_SYSTEM.union(platform.schemas)
    missed = [
        (thing, observation)
        for observation in replay.observations
        if (thing := _missed(observation)) and thing.schema not in foreign and thing.name not in made | BOOKKEEPING
        if not (known_with(thing.kind, thing.schema, thing.name) or is_filled(observation.text))
    ]
    slips = {thing.name for thing, _ in missed if slip(thing.name, made)}
    places: dict[str, Location] = {}
    for thing, observation in missed:
        if thing.kind == "relation" and thing.name not in slips:
            places.setdefault(thing.name, observation.location)
    if places:
        placed.update(_dropped(replay))
    relations = {**{thing.name: place for thing, place in placed.items() if thing.kind == "relation"}, **places}
    if not relations:
        return MissingBase()
    sure = len(places) >= _SURE
    others = frozenset(
        (thing.kind, thing.name)
        for thing, observation in missed
        if thing.name not in slips
        and (thing.kind == "type" or (thing.kind == "function" and sure) or _is_own_routine(thing, observation))
    )
    if sure:  # what is dropped or renamed, and made anew, was there before
        others |= {
            (thing.kind, thing.name)
            for observation in replay.observations
            if observation.node in ("DropStmt", "RenameStmt")
            and (thing := _missed(observation))
            and thing.kind in ("function", "relation", "type")
        }
    return MissingBase(
        tuple(sorted(relations)),
        others.union(("relation", name) for name in places),
        next(iter((places or relations).values())),
        _elsewhere(definitions, replay, relations),
        frozenset(placed),
    )


def made_by_files(replay: Replay) -> frozenset[str]:
    """Return the names, without schemas, of all that the files make, or would have made if nothing had failed."""
    return frozenset(_made(replay.observations)) | {_bare(str(name.parts[-1])) for name in _own(replay)}


def _placed(replay: Replay, platform: Platform) -> dict[Lacking, Location]:
    """Find what is missing, and not made before, in schemas that were made up, or in which nothing is ever made."""
    assumed = {name for kind, _, name in (one.partition(" ") for one in replay.assumed) if kind == "schema"}
    foreign = _SCHEMAS_OF_THE_SYSTEM.union(platform.schemas, ["public"])
    filled = {name.rpartition(".")[0] for name in _identities(replay.observations)}
    found: dict[Lacking, Location] = {}
    made: set[str] = set()
    for observation in replay.observations:
        thing = _missed(observation)
        if thing and thing.kind in ("relation", "type", "function") and not limit(observation):
            mentioned = {schema for schema, name in observation.mentions if name == thing.name}
            schema = thing.schema or (mentioned.pop() if len(mentioned) == 1 else "")
            if f"{schema}.{thing.name}" not in made and (
                schema in assumed or (schema and schema not in filled | foreign)
            ):
                found.setdefault(thing, observation.location)
        made.update(_identities([observation]))
    return found


def _missed(observation: Observation) -> Lacking | None:
    failure = observation.failure
    return lacking(failure.sqlstate, failure.message) if failure else None


def _own(replay: Replay) -> Iterator[Any]:
    return (name for name in replay.catalog.objects if name.kind not in ROUTINES)


def _is_own_routine(thing: Lacking, observation: Observation) -> bool:
    return thing.kind == "function" and bool(thing.schema or observation.node in USES_OWN_ROUTINES)


def _elsewhere(definitions: Definitions, replay: Replay, names: Iterable[str]) -> dict[str, int]:
    """Count how many of the relations each other directory defines."""
    wanted, files = set(names), set(replay.files)
    defined = {(d.directory, d.table) for d in definitions.items if d.table in wanted and d.location.path not in files}
    directories = [directory for directory, _ in sorted(defined)]
    return {directory: directories.count(directory) for directory in dict.fromkeys(directories)}


def _dropped(replay: Replay) -> Iterator[tuple[Lacking, Location]]:
    """Yield what is dropped and not there, and only made later: an upgrade replaces what the base has."""
    made: set[str] = set()
    for observation in replay.observations:
        thing = _missed(observation) if observation.node == "DropStmt" else None
        if thing and thing.kind in ("relation", "type", "function") and thing.name not in made:
            yield thing, observation.location
        made.update(_made([observation]))


def _made(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield the names of what statements make, without schemas."""
    return (identity.rpartition(".")[2] for identity in _identities(observations))


def _identities(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield what statements make, or would have made if they had not failed: also those that do not parse."""
    for observation in observations:
        yield from (effect.identity.partition("(")[0].replace('"', "") for effect in observation.effects)
        if observation.failure:
            for found in _CREATES.finditer(observation.text):
                if found["name"]:
                    parts = _PART.findall(found["name"])
                    yield ".".join(quoted.replace('""', '"') if quoted else plain.lower() for quoted, plain in parts)


def _bare(identity: str) -> str:
    """Return the name in `public.f(integer, text)`, without schema and arguments."""
    return identity.partition("(")[0].rpartition(".")[2].strip('"')
