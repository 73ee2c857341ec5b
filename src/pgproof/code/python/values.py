"""Which values an expression of Python code may have, when all of them stand in the code."""

from __future__ import annotations

import ast

from pgproof.code.python.module import Module
from pgproof.code.python.texts import texts
from pgproof.code.usage import Literal


def known(module: Module, node: ast.expr) -> tuple[Literal, ...]:
    """Return the values that an expression may have, when all of them stand in the code; else nothing."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes) and node.value is not Ellipsis:
        return (_scalar(node.value),)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return (Literal("number", f"-{node.operand.value!r}"),)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        elements = [known(module, one) for one in node.elts]
        if all(len(one) == 1 for one in elements):
            return (Literal("list", "", tuple(one[0] for one in elements)),)
        return ()
    if isinstance(node, ast.IfExp):
        both = known(module, node.body), known(module, node.orelse)
        return (*both[0], *both[1]) if all(both) else ()
    if isinstance(node, ast.Name | ast.Attribute) and (value := _constant(module, node)) is not None:
        return known(module, value)
    found = texts(module, node)
    return tuple(Literal("string", one.text) for one in found) if found and not any(one.holes for one in found) else ()


def _scalar(value: object) -> Literal:
    if value is None:
        return Literal("null")
    if isinstance(value, bool):
        return Literal("boolean", str(value).lower())
    return Literal("number", repr(value))


def _constant(module: Module, node: ast.Name | ast.Attribute) -> ast.expr | None:
    """Return the number or list that a name is bound to once, as nothing else."""
    bindings = module.bindings(node.id, node)[1] if isinstance(node, ast.Name) else []
    if len(bindings) == 1 and bindings[0].how == "=" and isinstance(bindings[0].value, ast.Constant | ast.UnaryOp):
        return bindings[0].value
    return None
