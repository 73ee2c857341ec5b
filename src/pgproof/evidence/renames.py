"""What the migrations gave another name, and what they dropped: where a stale reference comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pgproof.catalog.names import parts_of
from pgproof.evidence.part import gathers
from pgproof.migrations.observation import Effect, Observation, Replay
from pgproof.model import Location

Key = tuple[str, ...]
"""Schema and relation, or schema, relation and column, or schema and function."""

_RENAMED = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_COLUMN", "OBJECT_FUNCTION"}
_DROPPED = {"table", "view", "materialized view", "foreign table", "table column", "function"}
_ARGUMENTS = re.compile(r"\(.*\)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Past:
    """What became of a name: the `new` one, or `""` when it was dropped, and where."""

    new: str
    location: Location


@dataclass(frozen=True, slots=True)
class Renames:
    """The last that happened to each name that statements of the migrations renamed or dropped."""

    past: Mapping[Key, Past]

    def of(self, *parts: str) -> Past | None:
        """Return what became of a relation, a column or a function."""
        return self.past.get(parts)


@gathers(Renames, None)
def find_renames(replay: Replay) -> Renames:
    """Look through the statements that worked, in their order."""
    past: dict[Key, Past] = {}
    for observation in replay.observations:
        if observation.failure or observation.refused:
            continue
        for effect in observation.effects:
            if key := _dropped(effect):
                past[key] = Past("", observation.location)
        if observation.node == "RenameStmt":
            past |= {key: Past(new, observation.location) for key, new in _renamed(observation)}
    return Renames(past)


def _dropped(effect: Effect) -> Key | None:
    if effect.action != "drop" or effect.object_type not in _DROPPED:
        return None
    return parts_of(_ARGUMENTS.sub("", effect.identity))


def _renamed(observation: Observation) -> Iterator[tuple[Key, str]]:
    from pgproof.sql.parse import parse
    from pgproof.sql.problem import SyntaxProblem

    try:
        (tree,) = parse(observation.text)
    except (SyntaxProblem, ValueError):
        return
    rename: dict[str, Any] = tree.get("RenameStmt", {})
    kind, new = rename.get("renameType"), rename.get("newname", "")
    if kind not in _RENAMED:
        return
    if kind == "OBJECT_FUNCTION":
        names = [one["String"]["sval"] for one in rename["object"]["ObjectWithArgs"]["objname"]]
        yield (names[0] if len(names) > 1 else "public", names[-1]), new
        return
    relation = rename.get("relation", {})
    key = (relation.get("schemaname", "public"), relation.get("relname", ""))
    yield ((*key, rename["subname"]) if kind == "OBJECT_COLUMN" else key), new
