"""Conditions in which code asks the database what is there before it names it: `if (await hasColumn(…))`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import assigned
from pgproof.code.typescript.module import FUNCTIONS, Module
from pgproof.code.typescript.scopes import lookup

if TYPE_CHECKING:
    from tree_sitter import Node

_THING = r"(?:columns?|tables?|schemas?|relations?|views?)"
_GUARD = re.compile(
    rf"{_THING}_?exists?|(?:exists?|ha(?:s|ve))_?{_THING}\b|\bto_regclass\b|\binformation_schema\b"
    r"|\bpg_(?:class|attribute|tables)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")


def guarded(module: Module, node: Node) -> bool:
    """Whether a condition around a place asks whether something is there; names are followed to their values."""
    current = node
    while (parent := current.parent) is not None and current.type not in FUNCTIONS:
        if parent.type in ("if_statement", "ternary_expression"):
            condition = parent.child_by_field_name("condition")
            if condition is not None and condition.id != current.id and _asks(module, condition):
                return True
        current = parent
    return False


def _asks(module: Module, condition: Node) -> bool:
    return any(_GUARD.search(text) for text in (module.text(condition), *_values(module, condition)))


def _values(module: Module, condition: Node) -> Iterator[str]:
    for word in dict.fromkeys(_WORD.findall(module.text(condition))):
        binding = lookup(module, condition, word)
        if binding is not None and binding.kind == "variable":
            yield from (module.text(value) for value in assigned(module, binding))
