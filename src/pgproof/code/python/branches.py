"""Whether a name is bound in a branch that the place of use is not in, or only for some databases."""

from __future__ import annotations

import ast

from pgproof.code.python.bindings import Binding
from pgproof.code.python.guards import is_guard
from pgproof.code.python.module import Module

_ARMS = ("body", "orelse", "handlers", "finalbody")


def depends_on_the_database(module: Module, binding: Binding) -> bool:
    """Whether a name is bound so only when the database has, or lacks, what the condition asks for."""
    return isinstance(binding.branch, ast.If) and is_guard(module, binding.branch.test)


def is_optional(module: Module, binding: Binding, at: ast.AST) -> bool:
    """Whether a binding stands in a branch that the place of use is not in itself."""
    if binding.branch is None:
        return False
    inside = binding.branch
    current: ast.AST | None = at
    while current is not None:
        if current is inside:
            return _other_arm(module, binding, at)
        current = module.parents.get(current)
    return True


def _other_arm(module: Module, binding: Binding, at: ast.AST) -> bool:
    """Whether two places in one `if` are in different arms of it."""
    branch = binding.branch
    if not isinstance(branch, ast.If | ast.Try):
        return False

    def arm(node: ast.AST) -> str:
        current = node
        while module.parents.get(current) not in (branch, None):
            current = module.parents[current]
        return next((name for name in _ARMS if current in getattr(branch, name, [])), "")

    return arm(binding.node) != arm(at)
