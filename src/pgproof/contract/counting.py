"""What can be counted in a catalog, and exactly what each number counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pgproof.catalog.object import Catalog, Object
from pgproof.contract.spelling import index as parsed_index
from pgproof.model import ObjectName


@dataclass(frozen=True, slots=True)
class Countable:
    """One kind of number: of the objects of `kinds` that `of` speaks of those that `counts` takes.

    `left_out` says what the others are called; empty: they are not worth a word.
    """

    kinds: tuple[str, ...]
    counts: Callable[[Object], bool] = lambda _: True
    left_out: str = ""
    of: Callable[[Object], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Counted:
    """The names that were counted, sorted, and those of the same kind that were left out."""

    names: tuple[ObjectName, ...]
    left_out: tuple[ObjectName, ...]


def _has(attribute: str, *values: object) -> Callable[[Object], bool]:
    return lambda thing: thing.attributes.get(attribute) in values


def _plain(index: Object) -> bool:
    return index.attributes["constraint"] is None and index.attributes["partition of"] is None


def _index(test: Callable[[dict[str, Any]], bool]) -> Callable[[Object], bool]:
    def counts(index: Object) -> bool:
        return _plain(index) and test(parsed_index(str(index.attributes["definition"])) or {})

    return counts


def _keys(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [key.get("IndexElem", {}) for key in tree.get("indexParams", [])]


_BACKED = "indexes of constraints, and those on partitions"
_CLONES = "those on partitions"


def _own(thing: Object) -> bool:
    return thing.attributes.get("partition of") is None


def _constraint(kind: str) -> Countable:
    return Countable(("constraint",), lambda one: one.attributes["type"] == kind and _own(one))


COUNTABLE: Mapping[str, Countable] = {
    "tables": Countable(("table",), lambda one: one.attributes["partition bound"] is None, "partitions"),
    "partitions": Countable(("table",), lambda one: one.attributes["partition bound"] is not None),
    "views": Countable(("view",)),
    "materialized_views": Countable(("materialized view",)),
    "foreign_tables": Countable(("foreign table",)),
    "columns": Countable(("column",), _has("of", "table"), "columns of views and foreign tables"),
    "indexes": Countable(("index",), _plain, _BACKED),
    "all_indexes": Countable(("index",)),
    "constraint_indexes": Countable(("index",), lambda one: one.attributes["constraint"] is not None),
    "unique_indexes": Countable(("index",), _plain, _BACKED, _has("unique", True)),
    "partial_indexes": Countable(("index",), _index(lambda tree: "whereClause" in tree)),
    "composite_indexes": Countable(("index",), _index(lambda tree: len(_keys(tree)) > 1)),
    "expression_indexes": Countable(("index",), _index(lambda tree: any("expr" in key for key in _keys(tree)))),
    "constraints": Countable(("constraint",), _own, _CLONES),
    "primary_keys": _constraint("primary key"),
    "unique_constraints": _constraint("unique"),
    "foreign_keys": _constraint("foreign key"),
    "checks": _constraint("check"),
    "policies": Countable(("policy",)),
    "functions": Countable(("function",)),
    "trigger_functions": Countable(("function",), _has("result", "trigger")),
    "procedures": Countable(("procedure",)),
    "triggers": Countable(("trigger",)),
    "sequences": Countable(("sequence",)),
    "enums": Countable(("enum",)),
    "types": Countable(("enum", "composite type", "domain", "range type")),
    "extensions": Countable(("extension",), lambda one: one.name.parts != ("plpgsql",)),
    "schemas": Countable(("schema",)),
}
"""Every word that a promise may count, in the order of the documentation."""


def count(
    word: str, catalog: Catalog, schemas: Collection[str], among: Collection[ObjectName] | None = None
) -> Counted:
    """Count one kind in a catalog: in these schemas (empty: in all), among these objects (`None`: all)."""
    countable = COUNTABLE[word]
    found = [
        thing
        for thing in catalog.of(*countable.kinds)
        if (not schemas or thing.name.schema in schemas or not thing.name.schema)
        and (among is None or thing.name in among)
        and countable.of(thing)
    ]
    counted = tuple(thing.name for thing in found if countable.counts(thing))
    kept = set(counted)
    return Counted(counted, tuple(one.name for one in found if one.name not in kept) if countable.left_out else ())
