"""Which tables an entity diagram shows: nobody can look at thousands, and no viewer draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pgproof.judge.inventory import Inventory, TableEntry
from pgproof.reports.view import View

MOST = 100
"""Tables of a diagram, unless all are asked for: those with the most foreign keys, to them and from them."""


def drawn(inventory: Inventory, view: View) -> Sequence[TableEntry]:
    """Return the tables that are shown, in their order."""
    if view.limit is None or len(inventory.tables) <= MOST:
        return inventory.tables
    ties = Counter(
        name for table in inventory.tables for one in table.references for name in (table.full_name, one.table)
    )
    first = sorted(inventory.tables, key=lambda table: (-ties[table.full_name], table.full_name))[:MOST]
    chosen = {table.full_name for table in first}
    return [table for table in inventory.tables if table.full_name in chosen]


def left_out(inventory: Inventory, tables: Sequence[TableEntry]) -> str:
    """Return what a diagram says of the tables that it does not show, `""` when it shows all."""
    if len(tables) == len(inventory.tables):
        return ""
    return (
        f"{len(tables)} of {len(inventory.tables):,} tables, those with the most foreign keys: "
        "name others (pgproof inventory PATTERN), or ask for --all"
    )
