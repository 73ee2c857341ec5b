"""Every relation of a catalog, with its columns, indexes, references and rights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import cast

from pgproof.catalog.names import parts_of
from pgproof.catalog.object import NOT_READABLE, Catalog, Object, Value
from pgproof.contract.spelling import index as parsed_index
from pgproof.judge.inventory import ColumnEntry, IndexEntry, Reference, TableEntry
from pgproof.model import Location, ObjectName
from pgproof.workflows.inventory.statistics import Statistics

KINDS = ("table", "view", "materialized view", "foreign table")
_CHILDREN = ("column", "constraint", "trigger", "policy")


def table_entries(
    catalog: Catalog, made: Mapping[ObjectName, Location], statistics: Statistics
) -> Iterator[TableEntry]:
    """Yield an entry for every relation, sorted by name; `made` says where the migrations make it."""
    below: defaultdict[tuple[str, ...], list[Object]] = defaultdict(list)
    for thing in catalog.of(*_CHILDREN):
        below[thing.name.parts[:2]].append(thing)
    for thing in catalog.of("index"):
        below[thing.name.schema, str(thing.attributes["table"])].append(thing)
    for thing in sorted(catalog.of(*KINDS), key=lambda one: one.name.parts):
        yield _entry(thing, below[thing.name.parts], made, statistics)


def _entry(
    thing: Object, below: list[Object], made: Mapping[ObjectName, Location], statistics: Statistics
) -> TableEntry:
    def of(kind: str) -> list[Object]:
        return [one for one in below if one.name.kind == kind]

    constraints = of("constraint")
    keys = {
        column
        for one in constraints
        if one.attributes["type"] == "primary key"
        for column in cast("list[str]", one.attributes["columns"] or [])
    }
    columns = sorted(of("column"), key=lambda one: cast(int, one.attributes["position"]))
    schema, name = thing.name.parts
    place = made.get(thing.name)
    measured = statistics.of.get(thing.name)
    return TableEntry(
        schema,
        name,
        kind="partitioned table" if thing.attributes.get("partition key") else thing.name.kind,
        comment=_text(thing.attributes.get("comment")),
        columns=tuple(_column(one, keys) for one in columns),
        indexes=tuple(_index(one, constraints) for one in of("index")),
        references=tuple(_reference(one) for one in constraints if one.attributes["type"] == "foreign key"),
        checks=sum(one.attributes["type"] == "check" for one in constraints),
        triggers=tuple(one.name.parts[-1] for one in of("trigger")),
        policies=tuple(one.name.parts[-1] for one in of("policy")),
        row_security=bool(thing.attributes.get("row security")),
        privileges=tuple(_privileges(thing.attributes.get("privileges"))),
        made_by=str(place) if place else "",
        **(measured.fields if measured else {}),
    )


def _column(column: Object, keys: set[str]) -> ColumnEntry:
    value, name = column.attributes, column.name.parts[-1]
    return ColumnEntry(
        name,
        str(value["type"]),
        bool(value["not null"]),
        _text(value["default"]) or (f"identity ({value['identity']})" if value["identity"] else ""),
        bool(value["generated"]),
        "primary key" if name in keys else "",
        _text(value["comment"]),
    )


def _index(index: Object, constraints: list[Object]) -> IndexEntry:
    value, name = index.attributes, index.name.parts[-1]
    if value["constraint"]:
        behind = next((one for one in constraints if one.name.parts[-1] == value["constraint"]), None)
        definition = str(behind.attributes["definition"]) if behind else ""
        return IndexEntry(name, ("constraint",), definition)
    definition = str(value["definition"])
    tree = parsed_index(definition) or {}
    elements = [one.get("IndexElem", {}) for one in tree.get("indexParams", ())]
    kinds = [
        *(["unique"] if value["unique"] else []),
        *(["composite"] if len(elements) > 1 else []),
        *(["partial"] if "whereClause" in tree else []),
        *(["expression"] if any("expr" in one for one in elements) else []),
    ]
    return IndexEntry(name, tuple(kinds) or ("plain",), definition)


def _reference(constraint: Object) -> Reference:
    value = constraint.attributes
    return Reference(
        constraint.name.parts[-1],
        tuple(cast("list[str]", value["columns"] or [])),
        ".".join(parts_of(str(value["references"]))),
        tuple(cast("list[str]", value["referenced columns"] or [])),
    )


def _privileges(value: Value) -> Iterator[str]:
    if isinstance(value, dict) and value != NOT_READABLE:
        for role, held in sorted(value.items()):
            yield f"{role}: {', '.join(map(str, held if isinstance(held, list) else []))}"


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
