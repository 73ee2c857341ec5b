"""How the checks of the history name objects, and the SQL that shows a record."""

from __future__ import annotations

from collections.abc import Collection

from pgproof.evidence.history import History
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import State
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


def marked(history: History, file: MigrationFile) -> tuple[str, ...]:
    """Say that somebody marked a migration as applied, or that a baseline covers it: the tool never ran it."""
    if file.standing:
        return ("it is the schema that the migrations build on, and no migration",)
    if file.path in history.covered:
        return (f"{history.table} has a baseline in place of it: the tool never ran it",)
    row = history.rows.get(file.path)
    return ("it was marked as applied: the tool never ran it",) if row and row.state == State.MARKED else ()


def show_record(history: History, version: str) -> str:
    """Return SQL that shows the row of the history table."""
    return " ".join(("select * from", history.table, "where", history.column, "=", literal(version))) + ";"
