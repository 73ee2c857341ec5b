"""Conditions in which code asks the database what is there before it names it: `if column_exists(…)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pgproof.code.python.module import Module

_THING = r"(?:columns?|tables?|fields?|schemas?|relations?|views?)"
_GUARD = re.compile(
    rf"{_THING}_?\w*(?:exist|present|available)|(?:exist|has|have|check|support|detect)\w*_?{_THING}\b"
    rf"|(?<![\w'])['\"]\w+['\"] (?:not )?in \w*{_THING}\w*\b|\bto_regclass\b|\binformation_schema\b"
    r"|\bpg_(?:class|attribute|tables)\b|\bget_(?:table_names|columns)\b",
    re.IGNORECASE,
)
_DEPTH = 3
_ASKS = (ast.Call, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Name, ast.Attribute, ast.Subscript, ast.Await, ast.IfExp)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def is_guard(module: Module, test: ast.expr) -> bool:
    """Whether a condition asks whether a table or a column is there; names are followed to what they stand for."""
    return any(_GUARD.search(text) for text in _texts(module, test, 0))


def guarded(module: Module, node: ast.AST) -> bool:
    """Whether what is around a place, or leaves its function before, asks whether something is there."""
    current: ast.AST = node
    while (parent := module.parents.get(current)) is not None:
        if isinstance(parent, ast.If | ast.IfExp) and current is not parent.test and is_guard(module, parent.test):
            return True
        if any(is_guard(module, one.test) for one in _left_before(parent, current)):
            return True
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        current = parent
    return False


def _left_before(parent: ast.AST, current: ast.AST) -> Iterator[ast.If]:
    """Yield the conditions before a statement in its block that leave the block."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and current in block:
            for one in block[: block.index(current)]:
                if isinstance(one, ast.If) and isinstance(one.body[-1], _LEAVES):
                    yield one


def _texts(module: Module, node: ast.expr, depth: int) -> Iterator[str]:
    yield ast.unparse(node)
    if depth >= _DEPTH:
        return
    for name in ast.walk(node):
        if isinstance(name, ast.Name):
            for binding in module.bindings(name.id, name)[1]:
                if binding.how == "=" and isinstance(binding.value, _ASKS):
                    yield from _texts(module, binding.value, depth + 1)
