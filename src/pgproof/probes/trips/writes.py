"""Every table: a row written, read, changed and deleted; defaults and generated columns give what they say."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.names import qualified
from pgproof.model import ObjectName
from pgproof.probes.observed import OWN_CONDITION, Step
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.breaking import CHECK
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Column, Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import delete, insert, the_row, update
from pgproof.sql.quote import identifier

_ALTERNATIVES = 4


def write(world: World, table: Table) -> Iterator[Step]:
    """Yield what came of writing to a table, and of its defaults and generated columns."""
    name = table.object_name
    stored = world.stored[table.name]
    if not stored:
        why = world.unfilled.get(table.name)
        yield Step(name, "insert", False, why.reason if why else "", why.refusal if why else None)
        return
    fresh = world.fresh(table.name)
    refusal = world.refused.get(table.name)
    if fresh is None and table.name not in world.made and refusal is not None:
        yield Step(name, "insert", False, "rows are there, and no other was taken", refusal)
    else:
        yield Step(name, "insert", True)
    answer = world.session.ask(f"select * from {qualified(table.name)} where {the_row(table, stored[0])}")
    yield Step(name, "read", bool(answer.rows), refusal=answer.refusal)
    yield _update(world, table, stored[0])
    if fresh is not None:
        yield _delete(world, table, fresh)
        yield from _defaults(world, table, fresh)
    yield from _generated(world, table)


def _update(world: World, table: Table, row: Row) -> Step:
    """Change a column to another value that it may have; when none is taken, to the one that it has."""
    refusal: Refusal | None = None
    for changes in (*alternatives(world, table, row), {name: row[name] for name in _plain(table)[:1]}):
        if not changes:
            continue
        answer = world.session.ask(update(table, row, changes))
        if answer.rows:
            return Step(table.object_name, "update", True)
        refusal = answer.refusal or refusal
    if refusal is None:
        return Step(table.object_name, "update", False, "it has no column that could be changed, or a trigger keeps it")
    return Step(table.object_name, "update", False, refusal=refusal)


def alternatives(world: World, table: Table, row: Row, columns: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield changes of one column of a stored row to another value, of these columns or of plain ones."""
    for name in (columns or _plain(table))[:_ALTERNATIVES]:
        others = [one for one in world.options[table.name].get(name, []) if one != row.get(name)]
        for one in others[:_ALTERNATIVES]:
            yield {name: one}


def _plain(table: Table) -> tuple[str, ...]:
    """Return the columns, those that are in no key first."""
    keys = {name for key in table.keys for name in key.columns} | {n for k in table.foreign_keys for n in k.columns}
    others = [column.name for column in table.filled if column.identity != "always"]
    return tuple(sorted(others, key=lambda name: name in keys))


def _delete(world: World, table: Table, fresh: Row) -> Step:
    with world.session.undone():
        answer = world.session.ask(insert(table, fresh), keep=True)
        if not answer.rows:
            return Step(table.object_name, "delete", False, "no row of its own", answer.refusal)
        there = dict(zip(table.columns, answer.rows[0], strict=False))
        answer = world.session.ask(delete(table, there))
    return Step(table.object_name, "delete", bool(answer.rows), refusal=answer.refusal)


def _defaults(world: World, table: Table, fresh: Row) -> Iterator[Step]:
    for column in table.filled:
        if column.default is None or column.draws:
            continue
        name = ObjectName("column", (*table.name, column.name))
        if column.name not in fresh:
            yield Step(name, "default", True)
            continue
        row = {one: value for one, value in fresh.items() if one != column.name}
        refusal = world.session.ask(insert(table, row)).refusal
        yield Step(name, "default", refusal is None, _why(table, column, refusal), refusal)


def _why(table: Table, column: Column, refusal: Refusal | None) -> str:
    """Say that the column's own conditions refuse the default, when it is these."""
    if refusal is None or refusal.sqlstate != CHECK:
        return ""
    own = [check.name.parts[-1] for check in table.checks if check.columns == (column.name,)]
    return OWN_CONDITION if refusal.constraint in own else ""


def _generated(world: World, table: Table) -> Iterator[Step]:
    for column in table.columns.values():
        if not column.generated:
            continue
        differs = f"{identifier(column.name)} is distinct from ({column.default})::{column.type}"
        answer = world.session.ask(f"select 1 from {qualified(table.name)} where {differs} limit 1")
        name = ObjectName("column", (*table.name, column.name))
        yield Step(name, "generated", not answer.rows and answer.refusal is None, refusal=answer.refusal)
