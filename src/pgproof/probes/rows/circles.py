"""Tables that need each other's rows: which they are, and one statement that fills them all.

A foreign key is checked at the end of the statement (manual, CREATE TABLE, DEFERRABLE), so rows that a WITH inserts
into several tables may refer to each other, and a row may refer to itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pgproof.catalog.names import qualified
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Table, TableName
from pgproof.probes.rows.writing import insert

if TYPE_CHECKING:
    from pgproof.probes.rows.world import World


def needs(table: Table) -> Iterator[TableName]:
    """Yield the tables that must hold a row before this one can."""
    for key in table.foreign_keys:
        if key.enforced and table.required(key.columns):
            yield key.references


def closures(tables: Mapping[TableName, Table]) -> dict[TableName, frozenset[TableName]]:
    """Return, for each table, all tables that must hold a row for it to hold one; itself among them if it must."""
    direct = {name: tuple(dict.fromkeys(needs(table))) for name, table in tables.items()}
    found: dict[TableName, frozenset[TableName]] = {}
    for name in tables:
        reached: set[TableName] = set()
        waiting = list(direct[name])
        while waiting:
            other = waiting.pop()
            if other not in reached and other in direct:
                reached.add(other)
                waiting.extend(direct[other])
        found[name] = frozenset(reached)
    return found


def circle(name: TableName, reach: Mapping[TableName, frozenset[TableName]]) -> tuple[TableName, ...]:
    """Return the tables that need each other's rows, this one among them; nothing when it is in no such circle."""
    if name not in reach[name]:
        return ()
    return tuple(sorted(other for other in reach[name] if name in reach[other]))


def fill_together(world: World, members: tuple[TableName, ...]) -> Refusal | None:
    """Put rows into all tables of a circle, and return why they were refused if they were."""
    refusal: Refusal | None = None
    for copies in (1, 2):
        together = _statement(world, members, copies)
        answer = world.session.ask(together, keep=True) if together else None
        if answer and answer.refusal is None:
            break
        refusal = answer.refusal if answer else refusal
    return refusal


def _statement(world: World, members: tuple[TableName, ...], copies: int) -> str:
    """Return one statement that inserts `copies` rows into each table, each referring to the next copy's.

    It is empty when no row can be composed.
    """
    planned = [{member: _planned_key(world, member, members, n) for member in members} for n in range(copies)]
    inserts: list[str] = []
    for number in range(copies):
        for member in members:
            table = world.tables[member]
            given = dict(planned[number][member])
            for key in table.foreign_keys:
                if key.references in members and table.required(key.columns):
                    target = planned[(number + 1) % copies][key.references]
                    given |= {own: target.get(other) for own, other in zip(key.columns, key.referenced, strict=True)}
            row = world.compose(member, given)
            if row is None:
                return ""
            inserts.append(f"row_{len(inserts)} as ({insert(table, row, returning=False)})")
    return f"with {', '.join(inserts)} select 1"


def _planned_key(world: World, member: TableName, members: tuple[TableName, ...], number: int) -> Row:
    """Choose the values by which the other members will refer to a row."""
    referring = [key for other in members for key in world.tables[other].foreign_keys if key.references == member]
    columns = dict.fromkeys(column for key in referring for column in key.referenced)
    options = {column: world.options[member].get(column, []) for column in columns}
    return {column: values[number] if len(values) > number else None for column, values in options.items()}


def impossible(members: tuple[TableName, ...]) -> str:
    """Say that tables of a circle cannot get a first row."""
    if len(members) == 1:
        return "each of its rows must refer to another one of it, and no first row can be made"
    return f"{' and '.join(map(qualified, members))} need each other's rows, and no first rows can be made"
