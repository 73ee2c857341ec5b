"""What the bindings of a name tell: whether they are in a branch, only for some databases, or a tuple for good."""

from __future__ import annotations

import ast
from collections.abc import Sequence

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


def constant_tuple(module: Module, node: ast.expr) -> ast.expr:
    """Return the tuple that a name, or an attribute of the class, is bound to once."""
    bindings: Sequence[Binding] = ()
    if isinstance(node, ast.Name):
        bindings = module.bindings(node.id, node)[1]
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
        bindings = module.attribute(node.attr, node)
    value = bindings[0].value if len(bindings) == 1 and bindings[0].how == "=" else None
    return value if isinstance(value, ast.Tuple) else node
