"""Why a table holds no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgproof.catalog.names import qualified
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.referring import Stored
from pgproof.probes.rows.solving import Group, Slot
from pgproof.probes.rows.table import Check, Table

PARTITIONLESS = "it is partitioned and has no partition"


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Why a table holds no row: the last refusal, or conditions that no candidate met."""

    reason: str
    refusal: Refusal | None = None
    unmet: tuple[Check, ...] = ()


def why(table: Table, groups: Sequence[Group], stored: Stored) -> Unfilled:
    """Say why no row could be composed."""
    unmet = tuple(check for group in groups for check in group.unmet)
    if unmet:
        return Unfilled("no candidate met all of its conditions", unmet=unmet)
    for group in groups:
        for slot in group.slots:
            if not slot.options:
                return Unfilled(_no_options(table, slot, stored))
    return Unfilled("no row was found that repeats no key")


def _no_options(table: Table, slot: Slot, stored: Stored) -> str:
    columns = ", ".join(slot.columns)
    for key in table.foreign_keys:
        if set(key.columns) & set(slot.columns) and not stored[key.references]:
            return f"{columns} must refer to {qualified(key.references)}, which holds no row"
    types = ", ".join(table.columns[name].type for name in slot.columns)
    return f"no value is known for {columns} ({types})"
