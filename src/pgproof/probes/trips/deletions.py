"""Every foreign key's delete rule: a row that is referred to is deleted, and the row that refers to it is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.names import qualified
from pgproof.probes.observed import DELETE_PARENT, Step
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.breaking import FOREIGN_KEY
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import ForeignKey, Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import delete, insert, texts, the_row

_RESTRICT = "23001"
"""What RESTRICT raises from PostgreSQL 18 on."""


def delete_parents(world: World, table: Table) -> Iterator[Step]:
    """Yield, for each foreign key of a table, whether its delete rule does what it says."""
    for key in table.foreign_keys:
        if key.enforced:
            yield _delete(world, table, key)


def _delete(world: World, table: Table, key: ForeignKey) -> Step:
    with world.session.undone():
        pair = _fresh_pair(world, table, key) or _stored_pair(world, table, key)
        if pair is None:
            return Step(key.name, DELETE_PARENT, False, "no row that refers to another was found")
        child, parent = pair
        parents = world.tables[key.references]
        answer = world.session.ask(delete(parents, parent), keep=True)
        if answer.refusal is not None:
            return _refused(key, answer.refusal)
        if not answer.rows:
            return Step(key.name, DELETE_PARENT, False, "a trigger keeps the row")
        left = world.session.ask(f"select {texts(table)} from {qualified(table.name)} where {the_row(table, child)}")
        return _seen(table, key, left.rows)


def _fresh_pair(world: World, table: Table, key: ForeignKey) -> tuple[Row, Row] | None:
    """Insert a row and one that refers to it, and return both: nothing else refers to the first."""
    parents = world.tables[key.references]
    if key.references == table.name:
        return None
    new = world.fresh(key.references)
    answer = world.session.ask(insert(parents, new), keep=True) if new is not None else None
    if answer is None or not answer.rows:
        return None
    parent = dict(zip(parents.columns, answer.rows[0], strict=False))
    given = {own: parent[other] for own, other in zip(key.columns, key.referenced, strict=True)}
    for row in _referring(world, table, given):
        answer = world.session.ask(insert(table, row), keep=True)
        if answer.rows:
            return dict(zip(table.columns, answer.rows[0], strict=False)), parent
    return None


def _referring(world: World, table: Table, given: Row) -> Iterator[Row]:
    """Yield rows that hold the given reference: a valid one with this change, then one that is composed anew."""
    fresh = world.fresh(table.name)
    if fresh is not None:
        yield {**fresh, **given}
    composed = world.compose(table.name, given)
    if composed is not None:
        yield composed


def _stored_pair(world: World, table: Table, key: ForeignKey) -> tuple[Row, Row] | None:
    for child in world.stored[table.name]:
        for parent in world.stored[key.references]:
            pairs = zip(key.columns, key.referenced, strict=True)
            if all(child[own] is not None and child[own] == parent[other] for own, other in pairs) and child != parent:
                return child, parent
    return None


def _refused(key: ForeignKey, refusal: Refusal) -> Step:
    by_this = refusal.constraint == key.name.parts[-1] and refusal.sqlstate in (FOREIGN_KEY, _RESTRICT)
    if by_this and key.on_delete in ("no action", "restrict"):
        return Step(key.name, DELETE_PARENT, True, "refused")
    return Step(key.name, DELETE_PARENT, False, f"on delete {key.on_delete}", refusal)


def _seen(table: Table, key: ForeignKey, rows: tuple[tuple[str | None, ...], ...]) -> Step:
    if not rows:
        return Step(key.name, DELETE_PARENT, key.on_delete == "cascade", "the row is gone")
    now = dict(zip(table.columns, rows[0], strict=False))
    nulls = all(now[name] is None for name in key.sets)
    seen = "the row keeps its reference" if not nulls else f"{', '.join(key.sets)} is NULL"
    as_said = key.on_delete == "set default" or (key.on_delete == "set null" and nulls)
    return Step(key.name, DELETE_PARENT, as_said, "" if as_said else seen)
