"""What a catalog cannot tell: statements that failed in the replay might have made it, and so might extensions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"\w+")
_LEAVES_SHAPE = frozenset(
    {"AlterDefaultPrivilegesStmt", "AlterPolicyStmt", "CommentStmt", "CopyStmt", "CreatePolicyStmt", "DeleteStmt"}
    | {"GrantStmt", "InsertStmt", "UpdateStmt"}
)
"""Statements that change nothing of what a table is, even if they had worked."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A statement that failed or was refused: what it mentions as (schema or `""`, name), its node and its text."""

    mentions: frozenset[tuple[str, str]]
    node: str
    text: str


def _nothing(kind: str, schema: str, name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Doubts:
    """What may be there although the catalog does not have it.

    `failed` are the statements that did not run. `foreign` are schemas whose content the replay only imitates.
    `elsewhere` says whether something else makes a `relation` or `function` of this name: an extension, another tool.
    """

    failed: Sequence[Failed] = ()
    foreign: frozenset[str] = frozenset()
    elsewhere: Callable[[str, str, str], bool] = _nothing
    _mentioned: frozenset[tuple[str, str]] = field(init=False)
    _named: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Join all that is mentioned."""
        mentioned: frozenset[tuple[str, str]] = frozenset().union(*(one.mentions for one in self.failed))
        object.__setattr__(self, "_mentioned", mentioned)
        object.__setattr__(self, "_named", frozenset(name for _, name in mentioned))

    def whether_exists(self, kind: str, schema: str, name: str) -> bool:
        """Say whether a relation or function that the catalog lacks may exist nonetheless."""
        return schema in self.foreign or self._mentions(schema, name) or self.elsewhere(kind, schema, name)

    def whether_has(self, schema: str, relation: str, column: str) -> bool:
        """Say whether a relation may have a column that the catalog lacks: a statement that failed names both."""
        return schema in self.foreign or any(column in _WORD.findall(one.text) for one in self._about(schema, relation))

    def about_shape(self, schema: str, name: str) -> bool:
        """Say whether constraints, defaults, triggers or labels may be others than the catalog has."""
        return schema in self.foreign or any(True for _ in self._about(schema, name))

    def _about(self, schema: str, name: str) -> list[Failed]:
        if not self._mentions(schema, name):
            return []
        spelled = {(schema, name), ("", name)}
        return [
            one
            for one in self.failed
            if one.node not in _LEAVES_SHAPE and (one.mentions & spelled or (one.node == "" and name in one.text))
        ]

    def _mentions(self, schema: str, name: str) -> bool:
        """A name without a schema is found wherever the search path of the one who asks leads."""
        if not schema:
            return name in self._named
        return (schema, name) in self._mentioned or ("", name) in self._mentioned
