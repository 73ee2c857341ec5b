"""What the columns of foreign keys may hold: the keys of rows that are there, and NULL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import ForeignKey, Table, TableName

Stored = Mapping[TableName, Sequence[Row]]
"""Rows that are there, by table."""


def overlapping(table: Table) -> list[tuple[tuple[str, ...], list[ForeignKey]]]:
    """Return the foreign keys in groups that share columns, each with the columns of the group."""
    groups: list[tuple[set[str], list[ForeignKey]]] = []
    for key in table.foreign_keys:
        if not key.enforced:
            continue
        columns, keys = set(key.columns), [key]
        rest = []
        for other_columns, other_keys in groups:
            if columns & other_columns:
                columns, keys = columns | other_columns, [*other_keys, *keys]
            else:
                rest.append((other_columns, other_keys))
        groups = [*rest, (columns, keys)]
    order = list(table.columns)
    return [(tuple(sorted(columns, key=order.index)), keys) for columns, keys in groups]


def parents(key: ForeignKey, stored: Stored) -> list[Row]:
    """Return what a foreign key may refer to, by the names of its own columns."""
    pairs = list(zip(key.columns, key.referenced, strict=True))
    rows = [row for row in stored.get(key.references, ()) if all(row.get(other) is not None for _, other in pairs)]
    found: list[Row] = [{own: row[other] for own, other in pairs} for row in rows]
    return [row for number, row in enumerate(found) if row not in found[:number]]


def references(table: Table, keys: Sequence[ForeignKey], stored: Stored) -> list[Row]:
    """Return what the columns of foreign keys that share columns may hold together."""
    found: list[Row] = [{}]
    for key in keys:
        choices = parents(key, stored)
        nullable = [name for name in key.columns if not table.columns[name].not_null]
        joined: list[Row] = [{**row, **choice} for row in found for choice in choices if agrees(choice, row)]
        if nullable:  # one NULL is enough, and the other columns may be another key's
            joined += [{**row, **dict.fromkeys(nullable)} for row in found]
        found = joined
    nothing: Row = dict.fromkeys(name for key in keys for name in key.columns)
    return [{**nothing, **row} for row in found]


def agrees(row: Row, other: Row) -> bool:
    """Whether two rows hold the same values in the columns that both have."""
    return all(other[name] == value for name, value in row.items() if name in other)


def lacking(table: Table, stored: Stored) -> Iterator[tuple[TableName, Row]]:
    """Yield the rows that are missing so that foreign keys which share a column can refer to the same value.

    What is made of one is seen before the next.
    """
    for _, keys in overlapping(table):
        if len(keys) < 2 or references(table, keys, stored):
            continue
        first, *others = keys
        for known in parents(first, stored)[:1]:
            for key in others:
                given = {r: known[o] for o, r in zip(key.columns, key.referenced, strict=True) if o in known}
                if given and not any(agrees(row, known) for row in parents(key, stored)):
                    yield key.references, given
