"""A table as rows see it: its columns, and what the constraints and unique indexes ask of a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Catalog, Object
from pgproof.model import ObjectName
from pgproof.probes.rows.expression import columns_in, parse_expression
from pgproof.sql.parse import parse
from pgproof.sql.problem import SyntaxProblem

TableName = tuple[str, str]
"""Schema and name."""

BOUNDS = """
select n.nspname, c.relname, pg_catalog.pg_get_partition_constraintdef(c.oid)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relispartition and c.relkind = 'r'
"""
"""The conditions of partitions, as `read_tables` takes them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `default` is the deparsed default, or what the column is `generated` from."""

    name: str
    type: str
    not_null: bool
    default: str | None
    generated: bool
    identity: str
    """`always`, `by default` or empty."""

    @property
    def draws(self) -> bool:
        """Whether a sequence gives its value."""
        return bool(self.identity) or (not self.generated and (self.default or "").startswith("nextval("))


@dataclass(frozen=True, slots=True)
class Check:
    """A condition on a row: `name` is a constraint.

    Or it is the table for the bounds of a partition, or a generated column: that it can be computed, and what of.
    """

    name: ObjectName
    expression: str
    columns: tuple[str, ...]
    enforced: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key, a unique constraint, a unique index (`kind` says which) or an exclusion constraint.

    `columns` are all that it depends on, those of its predicate in `predicate_columns`.
    """

    name: ObjectName
    kind: str
    columns: tuple[str, ...]
    predicate: str = ""
    predicate_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; `on_delete` is the SQL of its delete rule, `sets` the columns that the rule sets."""

    name: ObjectName
    columns: tuple[str, ...]
    references: TableName
    referenced: tuple[str, ...]
    on_delete: str
    sets: tuple[str, ...]
    deferred: bool
    enforced: bool = True


@dataclass(frozen=True)
class Table:
    """A table with everything that decides about its rows. `partitions` are its leaves when it is partitioned."""

    name: TableName
    columns: Mapping[str, Column]
    checks: tuple[Check, ...]
    keys: tuple[Key, ...]
    foreign_keys: tuple[ForeignKey, ...]
    partitioned: bool
    partitions: tuple[TableName, ...] = ()

    @property
    def object_name(self) -> ObjectName:
        """The table's name as findings write it."""
        return ObjectName("table", self.name)

    @cached_property
    def filled(self) -> tuple[Column, ...]:
        """The columns that a row may give a value for."""
        return tuple(column for column in self.columns.values() if not column.generated)

    def required(self, columns: Iterable[str]) -> bool:
        """Whether none of these columns may be NULL."""
        return all(self.columns[name].not_null for name in columns)


def read_tables(catalog: Catalog, bounds: Mapping[TableName, str]) -> dict[TableName, Table]:
    """Return every table of the catalog. `bounds` are the conditions of partitions, as the server deparses them."""
    columns: dict[TableName, dict[str, Column]] = defaultdict(dict)
    for thing in sorted(catalog.of("column"), key=lambda one: cast("int", one.attributes["position"])):
        columns[thing.name.parts[0], thing.name.parts[1]][thing.name.parts[2]] = _column(thing)
    constraints: dict[TableName, list[Object]] = defaultdict(list)
    for thing in catalog.of("constraint"):
        constraints[thing.name.parts[0], thing.name.parts[1]].append(thing)
    indexes: dict[TableName, list[Object]] = defaultdict(list)
    for thing in catalog.of("index"):
        if thing.attributes["unique"] and not thing.attributes["constraint"]:
            indexes[thing.name.schema, str(thing.attributes["table"])].append(thing)
    leaves = _leaves(catalog)
    found = {}
    for thing in catalog.of("table"):
        name = (thing.name.parts[0], thing.name.parts[1])
        own = columns[name]
        checks = [check for one in constraints[name] for check in _checks(one)]
        checks += [_computed(name, column) for column in own.values() if column.generated]
        if bound := bounds.get(name):
            checks.append(Check(thing.name, bound, _known(columns_in(parse_expression(bound)), own)))
        found[name] = Table(
            name,
            own,
            tuple(checks),
            (*(key for one in constraints[name] for key in _keys(one)), *(_unique_index(one) for one in indexes[name])),
            tuple(key for one in constraints[name] for key in _foreign_keys(one, catalog)),
            thing.attributes["partition key"] is not None,
            tuple(leaves.get(name, ())),
        )
    return found


def _column(thing: Object) -> Column:
    value = thing.attributes
    return Column(
        thing.name.parts[2],
        str(value["type"]),
        bool(value["not null"]),
        cast("str | None", value["default"]),
        value["generated"] is not None,
        str(value["identity"] or ""),
    )


def _computed(table: TableName, column: Column) -> Check:
    """Return the condition that a generated column has a value, or at least raises no error."""
    asked = "is not null" if column.not_null else "is null is not null"
    return Check(ObjectName("column", (*table, column.name)), f"(({column.default}) {asked})", (column.name,))


def _checks(constraint: Object) -> Iterator[Check]:
    if constraint.attributes["type"] != "check":
        return
    definition = str(constraint.attributes["definition"])
    enforced = not definition.endswith(" NOT ENFORCED")
    text = definition.removesuffix(" NOT ENFORCED").removesuffix(" NO INHERIT")
    yield Check(constraint.name, text.removeprefix("CHECK "), _listed(constraint, "columns"), enforced)


def _keys(constraint: Object) -> Iterator[Key]:
    kind = str(constraint.attributes["type"])
    if kind in ("primary key", "unique"):
        yield Key(constraint.name, kind, _listed(constraint, "columns"))
    elif kind == "exclusion":
        tree = _constraint_tree(constraint)
        named = [name for name in _listed(constraint, "columns") if name]
        columns = (*named, *columns_in(tree.get("exclusions")))
        predicate = tree.get("where_clause")
        yield Key(
            constraint.name,
            kind,
            tuple(dict.fromkeys(columns)),
            _after_where(str(constraint.attributes["definition"])) if predicate else "",
            columns_in(predicate),
        )


def _unique_index(index: Object) -> Key:
    definition = str(index.attributes["definition"])
    try:
        tree = parse(f"create unique index on t {definition}")[0]["IndexStmt"]
    except SyntaxProblem:  # of a newer grammar
        return Key(index.name, "unique index", ())
    elements = [element["IndexElem"] for element in tree["indexParams"]]
    columns = [name for e in elements for name in ([e["name"]] if "name" in e else columns_in(e))]
    predicate = tree.get("whereClause")
    return Key(
        index.name,
        "unique index",
        tuple(dict.fromkeys(columns)),
        _after_where(definition) if predicate else "",
        columns_in(predicate),
    )


def _after_where(definition: str) -> str:
    """Return the predicate that a definition ends with; the server writes it in parentheses."""
    return definition.partition(" WHERE ")[2]


_RULES = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}


def _foreign_keys(constraint: Object, catalog: Catalog) -> Iterator[ForeignKey]:
    if constraint.attributes["type"] != "foreign key":
        return
    tree = _constraint_tree(constraint)
    columns = _listed(constraint, "columns")
    schema, table = parts_of(str(constraint.attributes["references"]))
    sets = tuple(one["String"]["sval"] for one in tree.get("fk_del_set_cols", ()))
    if ObjectName("table", (schema, table)) in catalog.objects:
        yield ForeignKey(
            constraint.name,
            columns,
            (schema, table),
            _listed(constraint, "referenced columns"),
            _RULES.get(tree.get("fk_del_action", "a"), "no action"),
            sets or columns,
            bool(tree.get("initdeferred")),
            not str(constraint.attributes["definition"]).endswith(" NOT ENFORCED"),
        )


def _constraint_tree(constraint: Object) -> dict[str, Any]:
    definition = str(constraint.attributes["definition"])
    try:
        command = parse(f"alter table t add {definition}")[0]["AlterTableStmt"]["cmds"][0]
    except SyntaxProblem:  # of a newer grammar
        return {}
    return cast("dict[str, Any]", command["AlterTableCmd"]["def"]["Constraint"])


def _listed(constraint: Object, attribute: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", constraint.attributes[attribute] or []))


def _known(names: Iterable[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    return tuple(name for name in names if name in columns)


def _leaves(catalog: Catalog) -> dict[TableName, list[TableName]]:
    """Return the partitions of each partitioned table that hold rows themselves."""
    below: dict[TableName, list[Object]] = defaultdict(list)
    for thing in catalog.of("table"):
        if thing.attributes["partition bound"] is not None:
            for parent in cast("list[str]", thing.attributes["inherits"] or []):
                schema, name = parts_of(parent)
                below[schema, name].append(thing)

    def leaves(table: TableName) -> Iterator[TableName]:
        for thing in below[table]:
            name = (thing.name.parts[0], thing.name.parts[1])
            if thing.attributes["partition key"] is None:
                yield name
            else:
                yield from leaves(name)

    return {table: list(leaves(table)) for table in list(below)}
