"""How the checks of the history name objects, and the SQL that shows a record."""

from __future__ import annotations

from collections.abc import Collection

from pgproof.evidence.history import History
from pgproof.model import ObjectName
from pgproof.sql.quote import literal

_PROMINENT = (
    "schema",
    "table",
    "view",
    "materialized view",
    "function",
    "procedure",
    "enum",
    "index",
    "trigger",
    "policy",
)


def sample(names: Collection[ObjectName], most: int = 3) -> str:
    """Name the most prominent of some objects, and count the rest."""
    rank = {kind: number for number, kind in enumerate(_PROMINENT)}
    ordered = sorted(names, key=lambda name: (rank.get(name.kind, len(rank)), name))
    shown = ", ".join(f"{name.kind} {name}" for name in ordered[:most])
    return shown if len(ordered) <= most else f"{shown} and {len(ordered) - most} more"


def show_record(history: History, version: str) -> str:
    """Return SQL that shows the row of the history table."""
    return " ".join(("select * from", history.table, "where", history.column, "=", literal(version))) + ";"
