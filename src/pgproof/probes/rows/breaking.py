"""For each constraint, rows that break it and nothing else: a valid row, changed in the constraint's own columns.

Each proposal is the changes. What the server says to them is for who tries them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.referring import parents
from pgproof.probes.rows.solving import Group
from pgproof.probes.rows.table import Check, ForeignKey, Key, Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import DEFAULT
from pgproof.sql.quote import identifier, literal

NOT_NULL, FOREIGN_KEY, UNIQUE, CHECK, EXCLUSION = "23502", "23503", "23505", "23514", "23P01"
"""States of class 23 (manual, appendix A)."""

_MOST = 12
"""How many rows are proposed for a constraint."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something that must refuse a row: `name` is the constraint, the unique index, the column, or the domain.

    `sqlstate`, and `named`, the constraint or column that the server names, tell that it was this one.
    """

    name: ObjectName
    kind: str
    sqlstate: str
    named: str
    columns: tuple[str, ...]


def constraints(table: Table) -> list[Constraint]:
    """Return everything that must refuse rows of a table."""
    found = [
        Constraint(ObjectName("column", (*table.name, column.name)), "not null", NOT_NULL, column.name, (column.name,))
        for column in table.columns.values()
        if column.not_null
    ]
    for check in table.checks:
        if check.enforced and check.name.kind == "constraint":
            found.append(Constraint(check.name, "check", CHECK, check.name.parts[-1], check.columns))
        elif check.name.kind == "table":
            found.append(Constraint(check.name, "partition bound", CHECK, "", check.columns))
    for key in table.keys:
        state = EXCLUSION if key.kind == "exclusion" else UNIQUE
        found.append(Constraint(key.name, key.kind, state, key.name.parts[-1], key.columns))
    for foreign in table.foreign_keys:
        if foreign.enforced:
            found.append(Constraint(foreign.name, "foreign key", FOREIGN_KEY, foreign.name.parts[-1], foreign.columns))
    return found


def proposals(world: World, table: Table, constraint: Constraint) -> Iterator[Row]:
    """Yield changes of a valid row that break a constraint, the likeliest first."""
    return islice(_proposals(world, table, constraint), _MOST)


def _proposals(world: World, table: Table, constraint: Constraint) -> Iterator[Row]:
    if constraint.kind == "not null":
        column = table.columns[constraint.columns[0]]
        if column.generated:
            yield from _of_groups(world, table, constraint.name)
        else:
            yield {column.name: None}
    elif constraint.kind in ("check", "partition bound"):
        yield from _of_groups(world, table, constraint.name)
    elif constraint.kind == "foreign key":
        yield from _orphans(world, table, next(k for k in table.foreign_keys if k.name == constraint.name))
    else:
        yield from _repeated(world, table, next(k for k in table.keys if k.name == constraint.name))


def _of_groups(world: World, table: Table, name: ObjectName) -> Iterator[Row]:
    """Yield the changes that the search has found to break one condition alone."""
    for group in world.solved(table.name):
        columns = [column for slot in group.slots for column in slot.columns]
        for row in group.breaking.get(name) or _nearly(group, name):
            yield {column: row.get(column, DEFAULT) for column in columns}


def _nearly(group: Group, name: ObjectName) -> Iterator[Row]:
    """Yield what breaks a condition that cannot be broken alone, with the others that it breaks as few as may be."""
    numbers = [number for number, check in enumerate(group.checks) if check.name == name]
    for _, row, failing in sorted(group.near, key=lambda one: one[0])[:_MOST]:
        if numbers and numbers[0] in failing:
            yield row


def _repeated(world: World, table: Table, key: Key) -> Iterator[Row]:
    """Yield the key of a row that is there; of an exclusion constraint also all but one of its columns."""
    if not key.columns:
        return
    columns = tuple(dict.fromkeys((*key.columns, *key.predicate_columns)))
    rows = list(_with_key(world, table, key))
    for row in rows:
        yield {name: row[name] for name in columns if not table.columns[name].generated}
    if key.kind == "exclusion":
        for row in rows:
            for left_out in key.columns:
                yield {name: row[name] for name in columns if name != left_out and not table.columns[name].generated}


def _with_key(world: World, table: Table, key: Key) -> Iterator[Row]:
    """Yield rows whose key has no NULL and that the predicate covers; one more is made when there may be none."""
    stored = [row for row in world.stored[table.name] if all(row[name] is not None for name in key.columns)]
    if not stored or key.predicate:
        conditions = [f"{identifier(name)} is not null" for name in key.columns]
        conditions += [key.predicate] if key.predicate else []
        columns = tuple(dict.fromkeys((*key.columns, *key.predicate_columns)))
        made = world.make(table.name, condition=Check(key.name, " and ".join(conditions), columns))
        stored = [made, *stored] if made is not None else stored
    yield from stored


def _orphans(world: World, table: Table, key: ForeignKey) -> Iterator[Row]:
    """Yield keys that no row has: of two rows mixed, then of values that nobody chose."""
    known = parents(key, world.stored)
    for one in known:
        for other in known:
            for name in key.columns:
                mixed = {**one, name: other[name]}
                if mixed not in known:
                    yield mixed
    base: Row = known[0] if known else {}
    shared = {name for other in table.foreign_keys if other is not key for name in other.columns}
    own = [name for name in key.columns if name not in shared] or list(key.columns)
    for number in range(_MOST):
        changed: dict[str, str | None] = dict(base)
        for name in own[:1] if len(known) else key.columns:
            column = table.columns[name]
            fresh = world.values.fresh(column.type, f"nobody {table.name} {name} {number}") if number < 4 else ""
            options = world.options[table.name].get(name, [])
            changed[name] = fresh or (options[number % len(options)] if options else None)
        if None not in changed.values() and changed not in known and len(changed) == len(key.columns):
            yield changed


def domain_trials(world: World, domain: Object) -> Iterator[tuple[Constraint, list[str]]]:
    """Yield each check of a domain with casts that break it, and NOT NULL with the cast of NULL."""
    type_ = qualified(domain.name.parts)
    base = str(domain.attributes["base type"])
    if domain.attributes["not null"]:
        yield Constraint(domain.name, "domain not null", NOT_NULL, "", ()), [f"select null::{type_}"]
    candidates = world.domain_candidates(domain)
    refused = [one for one in candidates if one not in world.judge.canonical({type_: candidates})[type_]]
    for name in cast("dict[str, object]", domain.attributes["checks"] or {}):
        casts = [f"select {literal(one)}::{base}::{type_}" for one in refused[: 4 * _MOST]]
        yield Constraint(ObjectName("domain", (*domain.name.parts, name)), "domain check", CHECK, name, ()), casts
