"""One SQL statement of a file, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pgproof.sql.parse import parse


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the real parser split it.

    `text` is the statement without the comments before it and without its semicolon (it may end in a `--` comment: put
    a newline before what follows); `start` the character offset of `text` in the source that was split; `line` and
    `column` its place from 1. `node` is the type of its parse tree's root, `CreateStmt` for example.
    """

    text: str
    start: int
    line: int
    column: int
    node: str

    @property
    def tree(self) -> dict[str, Any]:
        """The parse tree, `{"CreateStmt": {...}}`: parsed at each call, because a tree takes 100 times its text."""
        return parse(self.text)[0]
