"""What lies in each schema, in one line: how an inventory of thousands of tables begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgproof.judge.inventory import Inventory, TableEntry


@dataclass(frozen=True, slots=True)
class SchemaEntry:
    """One schema: its relations by kind, and the rows and bytes of those that these are known of.

    `rows_are` is "exact" when each table was counted, else "estimated".
    """

    name: str
    relations: tuple[tuple[str, int], ...]
    rows: int | None
    rows_are: str
    size_bytes: int | None


def schemas(inventory: Inventory) -> Iterator[SchemaEntry]:
    """Yield the schemas of the tables that are left, sorted by name."""
    for name in sorted({table.schema for table in inventory.tables}):
        tables = [table for table in inventory.tables if table.schema == name]
        counted = [table for table in tables if table.rows is not None]
        sizes = [table.size_bytes for table in tables if table.size_bytes is not None]
        yield SchemaEntry(
            name,
            tuple(sorted(Counter(table.kind for table in tables).items())),
            sum(table.rows or 0 for table in counted) if counted else None,
            "exact" if all(table.rows_are == "exact" for table in counted) else "estimated",
            sum(sizes) if sizes else None,
        )


def largest(tables: Sequence[TableEntry]) -> list[TableEntry]:
    """Return the tables with the most bytes first; where nobody knows them, by name."""
    return sorted(tables, key=lambda one: (-(one.size_bytes or 0), one.schema, one.name))
