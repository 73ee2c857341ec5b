"""A catalog as PostgREST and the drivers see it: relations, functions, what references what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import cast

from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Catalog, Object
from pgproof.code.match.doubts import Doubts
from pgproof.code.match.indexes import conflict_columns
from pgproof.code.match.relation import Column, ForeignKey, Parameter, Relation, Routine
from pgproof.code.match.relationships import Relationships
from pgproof.code.match.triggers import columns_set, events
from pgproof.code.match.views import View, trace
from pgproof.model import ObjectName

RELATIONS = ("table", "view", "materialized view", "foreign table")


class Answer(Enum):
    """What can be said of something that the catalog does not have."""

    MISSING = "missing"
    UNKNOWN = "unknown"


class Schema:
    """What a database has, with three answers: it is there, it is missing, it may be there."""

    def __init__(self, catalog: Catalog, doubts: Doubts | None = None) -> None:
        """Take a catalog and what it cannot tell."""
        self.catalog = catalog
        self.doubts = doubts or Doubts()
        self._relations: dict[tuple[str, str], Relation] = {}
        self._routines: dict[tuple[str, str], tuple[Routine, ...]] = {}

    def relation(self, schema: str, name: str) -> Relation | Answer:
        """Return a relation by its name."""
        key = (schema, name)
        if key not in self._relations:
            for kind in RELATIONS:
                if thing := self.catalog.objects.get(ObjectName(kind, key)):
                    self._relations[key] = self._made(thing)
                    return self._relations[key]
            unknown = self.doubts.whether_exists("relation", schema, name)
            return Answer.UNKNOWN if unknown else Answer.MISSING
        return self._relations[key]

    def column(self, relation: Relation, name: str) -> Column | Answer:
        """Return a column of a relation; what PostgREST takes as one, a function of the row, is of unknown type."""
        found = relation.columns.get(name)
        if found is not None:
            return found
        if self._computed(relation, name):
            return Column(name, "")
        schema, table = relation.name.parts[:2]
        return Answer.UNKNOWN if self.doubts.whether_has(schema, table, name) else Answer.MISSING

    def routines(self, schema: str, name: str) -> tuple[Routine, ...] | Answer:
        """Return all functions of a name."""
        found = tuple(_routine(one) for one in self._by_name["function"].get((schema, name), ()))
        if found:
            return found
        unknown = self.doubts.whether_exists("function", schema, name)
        return Answer.UNKNOWN if unknown else Answer.MISSING

    def is_certain(self, relation: Relation) -> bool:
        """Whether the constraints, triggers and defaults of a relation are surely all that it has."""
        schema, name = relation.name.parts
        return not self.doubts.about_shape(schema, name)

    def names(self, schema: str, *kinds: str) -> Iterable[str]:
        """Return the names of all objects of some kinds in a schema."""
        return {one for kind in kinds for of, one in self._by_name[kind] if of == schema}

    def labels(self, type_name: str) -> list[str] | None:
        """Return the labels of an enum, by its type as a column has it; `None` when it is no enum."""
        name = ObjectName("enum", _qualified(type_name))
        thing = self.catalog.objects.get(name)
        if thing is None or self.doubts.about_shape(*name.parts):
            return None
        return cast("list[str]", thing.attributes["labels"] or [])

    def domain(self, type_name: str) -> Object | None:
        """Return a domain, by its type as a column has it."""
        return self.catalog.objects.get(ObjectName("domain", _qualified(type_name)))

    @cached_property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """All foreign keys, by name; partitions repeat those of their table."""
        return tuple(
            ForeignKey(
                thing.name.parts[-1],
                (thing.name.parts[0], thing.name.parts[1]),
                tuple(cast("list[str]", thing.attributes["columns"])),
                cast("tuple[str, str]", parts_of(str(thing.attributes["references"]))),
                tuple(cast("list[str]", thing.attributes["referenced columns"])),
            )
            for thing in self.catalog.of("constraint")
            if thing.attributes["type"] == "foreign key" and not thing.attributes["partition of"]
        )

    @cached_property
    def views(self) -> Mapping[tuple[str, str], View]:
        """The views, with the columns of tables that they have."""
        return trace(self.catalog)

    @cached_property
    def relationships(self) -> Relationships:
        """What can be embedded in what."""
        keys = (one for one in self.catalog.of("constraint") if one.attributes["type"] == "primary key")
        columns = {
            (one.name.parts[0], one.name.parts[1]): frozenset(cast("list[str]", one.attributes["columns"]))
            for one in keys
        }
        return Relationships(self.foreign_keys, self.views, columns)

    def _computed(self, relation: Relation, name: str) -> bool:
        """Whether there is a function that takes a row of the relation: PostgREST shows it as a column."""
        schema, table = relation.name.parts[:2]
        routines = self._by_name["function"].get((schema, name), ())
        return any(parts_of(one.name.parts[2]) in ((schema, table), (table,)) for one in routines)

    @cached_property
    def _by_name(self) -> Mapping[str, Mapping[tuple[str, str], list[Object]]]:
        found: defaultdict[str, defaultdict[tuple[str, str], list[Object]]] = defaultdict(lambda: defaultdict(list))
        for thing in self.catalog.objects.values():
            if len(thing.name.parts) > 1:
                found[thing.name.kind][thing.name.parts[0], thing.name.parts[1]].append(thing)
        return found

    @cached_property
    def _indexes(self) -> Mapping[tuple[str, str], list[Object]]:
        found: defaultdict[tuple[str, str], list[Object]] = defaultdict(list)
        for thing in self.catalog.of("index"):
            found[thing.name.schema, str(thing.attributes["table"])].append(thing)
        return found

    def _made(self, thing: Object) -> Relation:
        key = (thing.name.parts[0], thing.name.parts[1])
        constraints = self._by_name["constraint"].get(key, [])
        of_type: defaultdict[str, list[Object]] = defaultdict(list)
        for one in constraints:
            of_type[str(one.attributes["type"])].append(one)
        keys = [_columns(one) for one in (*of_type["primary key"], *of_type["unique"]) if not _deferrable(one)]
        indexes = [conflict_columns(one) for one in self._indexes.get(key, ()) if one.attributes["unique"]]
        unread = any(one is None for one in indexes)
        return Relation(
            thing.name,
            {column.name.parts[-1]: _column(column) for column in self._by_name["column"].get(key, ())},
            frozenset().union(*map(_columns, of_type["primary key"])),
            None if unread else frozenset([*keys, *(one for one in indexes if one)]),
            {one.name.parts[-1]: str(one.attributes["definition"]) for one in of_type["check"]},
            self._before(key),
        )

    def _before(self, key: tuple[str, str]) -> dict[str, frozenset[str]]:
        """Return what triggers may set: those of the table, and of its partitions, to which its rows go."""
        found: dict[str, frozenset[str]] = {}
        for trigger in chain.from_iterable(self._by_name["trigger"].get(one, ()) for one in self._with_partitions(key)):
            name = ObjectName("function", (*parts_of(str(trigger.attributes["function"])), ""))
            columns = columns_set(trigger, self.catalog.objects.get(name))
            for event in events(trigger):
                found[event] = found.get(event, frozenset()) | columns
        return found

    @cached_property
    def _partitions(self) -> Mapping[tuple[str, str], list[tuple[str, str]]]:
        found: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for one in self.catalog.of("table"):
            if one.attributes["partition bound"] is not None:
                for parent in cast("list[str]", one.attributes["inherits"] or []):
                    found[cast("tuple[str, str]", parts_of(parent))].append(cast("tuple[str, str]", one.name.parts))
        return found

    def _with_partitions(self, key: tuple[str, str]) -> Iterator[tuple[str, str]]:
        yield key
        for partition in self._partitions.get(key, ()):
            yield from self._with_partitions(partition)


def _column(thing: Object) -> Column:
    value = thing.attributes
    return Column(
        thing.name.parts[-1],
        str(value["type"]),
        bool(value["not null"]),
        bool(value["default"] is not None or value["identity"]),
        bool(value["generated"]),
        value["identity"] == "always",
    )


def _columns(constraint: Object) -> frozenset[str]:
    return frozenset(cast("list[str]", constraint.attributes["columns"]))


def _deferrable(constraint: Object) -> bool:
    """Such a constraint decides no conflict (manual, INSERT)."""
    return "DEFERRABLE" in str(constraint.attributes["definition"])


def _qualified(type_name: str) -> tuple[str, ...]:
    """Return schema and name of a type that is no built-in one: only those are written with a schema."""
    return parts_of(type_name)


def _routine(thing: Object) -> Routine:
    arguments = cast("list[str]", thing.attributes["arguments"] or [])
    defaults = cast("list[str | None]", thing.attributes["defaults"] or [None] * len(arguments))
    types = iter(filter(None, thing.name.parts[2].split(", ")))
    parameters: list[Parameter] = []
    out: list[str] = []
    for argument, default in zip(arguments, defaults, strict=True):
        mode, _, rest = argument.partition(" ")
        mode, rest = (mode, rest) if mode in ("OUT", "INOUT", "VARIADIC") else ("", argument)
        if mode != "OUT":
            kind = next(types)
            name = _parameter_name(rest, kind)
            parameters.append(Parameter(name, kind, default is not None or mode == "VARIADIC"))
        else:
            name = parts_of(rest)[0].partition(" ")[0] if rest.startswith('"') else rest.partition(" ")[0]
        if mode in ("OUT", "INOUT"):
            out.append(name)
    return Routine(thing.name, tuple(parameters), str(thing.attributes["result"]), tuple(out))


def _parameter_name(argument: str, kind: str) -> str:
    written = argument.removesuffix(kind).strip()
    return parts_of(written)[0] if written else ""
