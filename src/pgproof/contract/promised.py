"""The objects that a contract promises, and the statement that takes one away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgproof.catalog.names import address, own, qualified, relation
from pgproof.catalog.object import Object
from pgproof.contract.contract import Contract
from pgproof.contract.counting import COUNTABLE
from pgproof.contract.judge_objects import fitting_routine
from pgproof.contract.need import Column, Index, Need, Policy, Relation, Routine, Thing, Trigger
from pgproof.contract.schema import Schema
from pgproof.model import ObjectName

_BY_NAME = ("table", "view", "materialized view", "foreign table", "index", "sequence", "schema")


def promised_objects(contract: Contract, schema: Schema) -> list[ObjectName]:
    """Return the objects that features need and that promises list by name, as far as they are there; sorted."""
    needs = (said.need for feature in contract.features for said in feature.needs)
    found = {thing.name for need in needs if (thing := _object(need, schema)) is not None}
    for promise in contract.promises:
        for word, names in promise.names.items():
            found.update(_named(word, names, schema))
    return sorted(found)


def _object(need: Need, schema: Schema) -> Object | None:
    found: object = None
    match need:
        case Relation():
            found = schema.relation(need.path, need.kind)
        case Column():
            found = schema.column(need.relation, need.name)
        case Routine():
            found = fitting_routine(need, schema)
        case Index() if need.name:
            found = schema.get("index", *schema.full(need.name))
        case Policy() | Trigger() if need.name:
            table = schema.relation(need.relation)
            kind = "policy" if isinstance(need, Policy) else "trigger"
            found = schema.get(kind, *table.name.parts, need.name) if isinstance(table, Object) else None
        case Thing(kind="sequence" | "schema"):
            found = schema.get(need.kind, *(need.path if need.kind == "schema" else schema.full(need.path)))
    return found if isinstance(found, Object) else None


def _named(word: str, names: Iterable[str], schema: Schema) -> Iterator[ObjectName]:
    wanted = {name.replace(" ", "") for name in names}
    for thing in schema.catalog.of(*COUNTABLE[word].kinds):
        if spellings(thing.name) & wanted and COUNTABLE[word].counts(thing):
            yield thing.name


def spellings(name: ObjectName) -> set[str]:
    """Return how people write a name: alone, with its table, with its schema, a function with its arguments or not."""
    parts = name.parts
    if name.kind in ("function", "procedure"):
        arguments = f"({parts[2]})".replace(" ", "")
        return {parts[1], ".".join(parts[:2]), parts[1] + arguments, ".".join(parts[:2]) + arguments}
    return {".".join(parts[start:]) for start in range(len(parts))}


def removal(name: ObjectName) -> str:
    """Return the statement that drops an object with all that depends on it; empty for a kind that has none."""
    if name.kind == "column":
        return f"alter table {relation(name)} drop column {own(name)} cascade"
    if name.kind == "constraint":
        return f"alter table {relation(name)} drop constraint {own(name)} cascade"
    if name.kind in ("policy", "trigger"):
        return f"drop {name.kind} {own(name)} on {relation(name)}"
    if name.kind in ("function", "procedure"):
        return f"drop {name.kind} {address(name)} cascade"
    if name.kind in ("enum", "composite type", "domain", "range type"):
        return f"drop type {qualified(name.parts)} cascade"
    return f"drop {name.kind} {qualified(name.parts)} cascade" if name.kind in _BY_NAME else ""
