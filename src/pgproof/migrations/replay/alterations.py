"""What an ALTER TABLE changes inside the table: its event names the table only."""

from __future__ import annotations

import re
from typing import NamedTuple

from pgproof.sql.parse import SyntaxProblem, parse

_WORTH_A_LOOK = re.compile(r"\balter\b.*\balter\b|\bvalidate\b|\btrigger\b", re.IGNORECASE | re.DOTALL)
_STATEMENT = re.compile(r'^SQL statement "(.*?)"$(?=\nPL/pgSQL|\nSQL function|\Z)', re.MULTILINE | re.DOTALL)

_COLUMN = "column"
_KINDS = {
    "AT_ColumnDefault": _COLUMN,
    "AT_DropNotNull": _COLUMN,
    "AT_SetNotNull": _COLUMN,
    "AT_SetExpression": _COLUMN,
    "AT_DropExpression": _COLUMN,
    "AT_SetStatistics": _COLUMN,
    "AT_SetOptions": _COLUMN,
    "AT_ResetOptions": _COLUMN,
    "AT_SetStorage": _COLUMN,
    "AT_SetCompression": _COLUMN,
    "AT_AlterColumnType": _COLUMN,
    "AT_AddIdentity": _COLUMN,
    "AT_SetIdentity": _COLUMN,
    "AT_DropIdentity": _COLUMN,
    "AT_AlterConstraint": "constraint",
    "AT_ValidateConstraint": "constraint",
    "AT_EnableTrig": "trigger",
    "AT_EnableAlwaysTrig": "trigger",
    "AT_EnableReplicaTrig": "trigger",
    "AT_DisableTrig": "trigger",
}


class Alteration(NamedTuple):
    """A part of the table with this OID that was changed: its kind and its name in the table."""

    table: int
    kind: str
    name: str


def altered(table: int, text: str) -> list[Alteration]:
    """Return which columns, constraints and triggers of a table an ALTER TABLE changes."""
    if not _WORTH_A_LOOK.search(text):
        return []
    try:
        trees = parse(text)
    except SyntaxProblem:
        return []
    commands = [c["AlterTableCmd"] for tree in trees for c in tree.get("AlterTableStmt", {}).get("cmds", [])]
    return [
        Alteration(table, _KINDS[c["subtype"]], c["name"] if "name" in c else c["def"]["ATAlterConstraint"]["conname"])
        for c in commands
        if c["subtype"] in _KINDS
    ]


def inner_statement(stack: str) -> str:
    """Return the SQL that a function or DO block was running, by PL/pgSQL's call stack; `""` when none was."""
    found = _STATEMENT.search(stack)
    return found[1] if found else ""
