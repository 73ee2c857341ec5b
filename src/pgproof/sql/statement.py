"""One SQL statement of a file, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the real parser split it.

    `text` is the statement without the comments before it and without its semicolon; `start` the character offset of
    `text` in the source that was split; `line` and `column` its place from 1. `tree` is libpg_query's parse tree of the
    statement (`{"CreateStmt": {...}}`), `node` its single key.
    """

    text: str
    start: int
    line: int
    column: int
    tree: dict[str, Any]

    @property
    def node(self) -> str:
        """The statement's node type, `CreateStmt` for example."""
        return next(iter(self.tree))
