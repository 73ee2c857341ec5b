"""Rows as SQL statements."""

from __future__ import annotations

from collections.abc import Iterable

from pgproof.catalog.names import qualified
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Table
from pgproof.sql.quote import identifier, literal


class _Default(str):
    """A text that stands for no text: SQL's DEFAULT."""


DEFAULT = _Default("default")
"""A value of a row that is to be the column's default, told from others by identity."""


def insert(table: Table, row: Row, *, returning: bool = True) -> str:
    """Return the INSERT of a row, whose values are texts for the columns' types; it returns the row as it is stored."""
    into = f"insert into {qualified(table.name)}"
    back = f" returning {texts(table)}" if returning else ""
    if not row:
        return f"{into} default values{back}"
    columns = ", ".join(map(identifier, row))
    values = ", ".join(map(value, row.values()))
    return f"{into} ({columns}) overriding system value values ({values}){back}"


def texts(table: Table) -> str:
    """Return a select list of all columns as text, in the table's order; `1` for a table without columns."""
    return ", ".join(f"{identifier(name)}::text" for name in table.columns) or "1"


def where(row: Row, columns: Iterable[str], alias: str = "") -> str:
    """Return the condition that finds a row by some of its columns."""
    prefix = f"{alias}." if alias else ""
    return " and ".join(
        f"{prefix}{identifier(name)} is null"
        if row[name] is None
        else f"{prefix}{identifier(name)} = {value(row[name])}"
        for name in columns
    )


def value(text: str | None) -> str:
    """Return a value as a literal without a type."""
    if text is DEFAULT:
        return "default"
    return "null" if text is None else literal(text)


def update(table: Table, row: Row, changes: Row) -> str:
    """Return the UPDATE of a stored row; it returns the row as it is then."""
    sets = ", ".join(f"{identifier(name)} = {value(text)}" for name, text in changes.items())
    return f"update {qualified(table.name)} set {sets} where {the_row(table, row)} returning {texts(table)}"


def delete(table: Table, row: Row) -> str:
    """Return the DELETE of a stored row."""
    return f"delete from {qualified(table.name)} where {the_row(table, row)} returning 1"


def the_row(table: Table, row: Row) -> str:
    """Return the condition that finds a stored row: by its key or, without one, the first of the same values."""
    for key in table.keys:
        if key.kind in ("primary key", "unique") and all(row.get(name) is not None for name in key.columns):
            return where(row, key.columns)
    same = " and ".join(f"{identifier(name)}::text is not distinct from {value(row[name])}" for name in row) or "true"
    return f"(tableoid, ctid) = (select tableoid, ctid from {qualified(table.name)} where {same} limit 1)"


def drawn(table: Table, refusal: Refusal, row: Row) -> str:
    """Return the column whose sequence gave a key that another row has; `""` when it is not that."""
    if refusal.sqlstate != "23505" or refusal.context:
        return ""
    for key in table.keys:
        if key.name.parts[-1] == refusal.constraint and len(key.columns) == 1:
            column = table.columns[key.columns[0]]
            return column.name if column.draws and column.name not in row else ""
    return ""
