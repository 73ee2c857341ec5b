"""What the migrations build on and never make: the base that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pgproof.evidence.part import gathers
from pgproof.evidence.scope import BOOKKEEPING
from pgproof.migrations.observation import Observation, Replay
from pgproof.model import Location
from pgproof.platforms import Platform

_UNDEFINED_TABLE = "42P01"
_RELATION = re.compile(r'relation "(.+)" does not exist')
_TYPO = 0.8
"""A name that is so close to one that exists is a slip of the pen, and no sign of a missing base."""


@dataclass(frozen=True, slots=True)
class MissingBase:
    """The relations (without their schemas) that statements need and no migration makes, and where the first is needed.

    Empty when nothing is missing.
    """

    names: tuple[str, ...]
    first: Location | None = None


@gathers(MissingBase, None)
def find_missing_base(replay: Replay, platform: Platform) -> MissingBase:
    """Find relations that failed statements miss and that no statement ever makes, not even one that failed."""
    made = set(_made(replay.observations)) | {name.parts[-1] for name in replay.catalog.objects}
    first: dict[str, Location] = {}
    for observation in replay.observations:
        schema, name = missing_relation(observation)
        if not name or name in made or name in BOOKKEEPING or schema in platform.schemas:
            continue
        if not get_close_matches(name, made, 1, _TYPO):
            first.setdefault(name, observation.location)
    return MissingBase(tuple(sorted(first)), next(iter(first.values()), None))


def missing_relation(observation: Observation) -> tuple[str, str]:
    """Return schema and name of the relation that the server says does not exist; `""` twice for another failure."""
    failure = observation.failure
    match = _RELATION.fullmatch(failure.message) if failure and failure.sqlstate == _UNDEFINED_TABLE else None
    schema, _, name = match[1].rpartition(".") if match else ("", "", "")
    return schema, name


def _made(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield the relations that statements make or would have made."""
    for observation in observations:
        yield from (effect.identity.rpartition(".")[2].strip('"') for effect in observation.effects)
        if observation.failure and "create" in observation.text.lower():
            yield from _created_by(observation.text)


def _created_by(text: str) -> Iterable[str]:
    from pgproof.sql.parse import SyntaxProblem, parse

    try:
        trees = parse(text)
    except SyntaxProblem:
        return
    for tree in trees:
        (body,) = tree.values()
        relation = _target(next(iter(tree)), body)
        if relation:
            yield relation["relname"]


def _target(node: str, body: dict[str, Any]) -> dict[str, Any] | None:
    if node == "CreateStmt":
        return body.get("relation")
    if node == "ViewStmt":
        return body.get("view")
    return body.get("into", {}).get("rel") if node == "CreateTableAsStmt" else None
