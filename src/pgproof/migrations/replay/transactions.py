"""Which statements of a file run in one transaction, when its own tool runs it.

Three ways of tools (`migrations.layout.Transaction`), and what a file does itself: BEGIN and COMMIT, and commands that
refuse a transaction block (manual: "cannot be executed inside a transaction block" of each command's page).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pgproof.migrations.layout import Transaction
from pgproof.sql.step import Broken, Copy, Sql

Runnable: TypeAlias = Sql | Copy | Broken
Numbered: TypeAlias = tuple[int, Runnable]
"""A step and its number in the file."""

_BEGINS = {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}
_ENDS = {"TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK", "TRANS_STMT_PREPARE"}
_ALWAYS_ALONE = {
    "AlterSystemStmt",
    "CreateTableSpaceStmt",
    "DropTableSpaceStmt",
    "CreatedbStmt",
    "DropdbStmt",
    "DiscardStmt",
}
_BLOCK_ONLY = {"LockStmt", "DeclareCursorStmt", "ConstraintsSetStmt"}
"""Statements that PostgreSQL refuses, or that do nothing, outside a transaction block."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Steps that run in one transaction.

    `opens` and `closes` say that pgproof sends BEGIN and COMMIT, as the tool would; otherwise the steps hold the
    file's own. `bare`: a single step outside of a transaction block. `abandoned`: the file's transaction never ends.
    `apart`: the tool commits each step on its own, and they are one transaction only because that is faster.
    """

    steps: tuple[Numbered, ...]
    opens: bool = True
    closes: bool = True
    bare: bool = False
    abandoned: bool = False
    apart: bool = False


def plan(steps: Sequence[Numbered], transaction: Transaction) -> list[Segment]:
    """Return the transactions of a file, in their order."""
    if transaction is Transaction.QUERY and len(steps) == 1:
        transaction = Transaction.STATEMENT
    return _Plan(transaction).segments(steps)


def control(step: Runnable) -> dict[str, Any]:
    """Return the body of a transaction statement (BEGIN, COMMIT, SAVEPOINT…), `{}` for every other step."""
    if isinstance(step, Sql) and step.statement.node == "TransactionStmt":
        body: dict[str, Any] = step.statement.tree["TransactionStmt"]
        return body
    return {}


class _Plan:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._commits = transaction is Transaction.FILE
        self._segments: list[Segment] = []
        self._steps: list[Numbered] = []
        self._opens = True
        self._theirs = False

    def segments(self, steps: Sequence[Numbered]) -> list[Segment]:
        for number, step in steps:
            body = control(step)
            kind = body.get("kind", "")
            if kind in _BEGINS:
                self._begin((number, step))
            elif kind in _ENDS:
                self._end((number, step), chained=bool(body.get("chain")))
            elif (
                self._transaction is Transaction.STATEMENT
                and not self._theirs
                and (bare := _stands_alone(step)) is not None
            ):
                self._flush()
                self._segments.append(Segment(((number, step),), opens=not bare, closes=not bare, bare=bare))
            else:
                self._steps.append((number, step))
        # A transaction that the tool has begun is committed by the tool, whatever the file did inside.
        ours = self._opens or self._commits
        self._flush(closes=not self._theirs or ours, abandoned=self._theirs and not ours)
        return self._segments

    def _begin(self, step: Numbered) -> None:
        inside = self._theirs or (self._transaction is Transaction.FILE and bool(self._steps))
        if not inside:
            self._flush()
            self._opens = False
        self._steps.append(step)
        self._theirs = True

    def _end(self, step: Numbered, *, chained: bool) -> None:
        if self._theirs or self._transaction is Transaction.FILE:
            self._steps.append(step)
            self._flush(closes=False)
            self._transaction = Transaction.STATEMENT if self._transaction is Transaction.FILE else self._transaction
            self._opens, self._theirs = not chained, chained
        else:
            self._flush()
            self._segments.append(Segment((step,), opens=False, closes=False, bare=True))

    def _flush(self, *, closes: bool = True, abandoned: bool = False) -> None:
        if self._steps:
            apart = self._transaction is Transaction.STATEMENT and self._opens and closes and not self._theirs
            steps = tuple(self._steps)
            self._segments.append(Segment(steps, self._opens, closes, abandoned=abandoned, apart=apart))
        self._steps, self._opens, self._theirs = [], True, False


def _stands_alone(step: Runnable) -> bool | None:
    """Say whether several statements in one transaction would behave otherwise than psql's one by one.

    True: it runs outside of a block; False: in a block of its own; None: it makes no difference.
    """
    if not isinstance(step, Sql):
        return None
    node = step.statement.node
    if node in _ALWAYS_ALONE or node in _BLOCK_ONLY or node == "TransactionStmt":
        return True
    if node == "AlterEnumStmt":
        return False  # a new value may be used only after its transaction
    return True if node in _SOMETIMES_ALONE and _SOMETIMES_ALONE[node].search(step.statement.text) else None


_CONCURRENTLY = re.compile(r"\bconcurrently\b", re.IGNORECASE)
_ENDS_TRANSACTIONS = re.compile(r"\b(commit|rollback)\b", re.IGNORECASE)
_LOCAL = re.compile(r"\A\s*set\s+(local|transaction)\b", re.IGNORECASE)

_SOMETIMES_ALONE = {
    "IndexStmt": _CONCURRENTLY,
    "DropStmt": _CONCURRENTLY,
    "AlterTableStmt": _CONCURRENTLY,  # DETACH PARTITION
    "ReindexStmt": re.compile(r"\b(concurrently|database|system|schema|table|index)\b", re.IGNORECASE),
    "VacuumStmt": re.compile(r"\A\s*vacuum\b", re.IGNORECASE),
    "ClusterStmt": re.compile(""),
    "CallStmt": re.compile(""),  # the procedure may commit
    "DoStmt": _ENDS_TRANSACTIONS,
    "VariableSetStmt": _LOCAL,
    "SelectStmt": re.compile(r"\bset_config\b", re.IGNORECASE),
    "CreateStmt": re.compile(r"\bon\s+commit\b", re.IGNORECASE),
}
