"""Calls that are chained: `client.table("a").select("b").eq("c", 1).execute()`, also through a name in between."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pgproof.code.python.module import Module


@dataclass(frozen=True, slots=True)
class Step:
    """One method that is called in the chain; `negated` when `.not_` stands before it."""

    name: str
    call: ast.Call
    negated: bool = False

    def argument(self, index: int, *names: str) -> ast.expr | None:
        """Return an argument by its place or one of its names."""
        if len(self.call.args) > index and not isinstance(self.call.args[index], ast.Starred):
            return self.call.args[index]
        return next((one.value for one in self.call.keywords if one.arg in names), None)


def chain(module: Module, call: ast.Call) -> list[Step]:
    """Return the steps after a call, in the order of the code, also those on the names that the query is kept in."""
    seen: set[ast.AST] = set()
    return list(_steps(module, call, seen, 0))


def _steps(module: Module, node: ast.expr, seen: set[ast.AST], depth: int) -> Iterator[Step]:
    if node in seen or depth > 40:
        return
    seen.add(node)
    current: ast.expr = node
    negated = False
    while isinstance(above := module.parents.get(current), ast.Attribute):
        call = module.parents.get(above)
        if isinstance(call, ast.Call) and call.func is above:
            if call in seen:
                return
            seen.add(call)
            yield Step(above.attr, call, negated)
            if above.attr == "execute":  # what comes then is done with the answer
                return
            negated = False
            current = call
        elif above.attr == "not_":
            negated = True
            current = above
        else:
            return
    target = _name(module, current)
    if target is not None:
        for use in _uses(module, target):
            yield from _steps(module, use, seen, depth + 1)


def _name(module: Module, node: ast.expr) -> ast.Name | None:
    """Return the name that an expression is bound to."""
    above: ast.AST | None = module.parents.get(node)
    while isinstance(above, ast.Await | ast.IfExp | ast.NamedExpr):
        if isinstance(above, ast.NamedExpr):
            return above.target
        above = module.parents.get(above)
    if isinstance(above, ast.Assign) and len(above.targets) == 1 and isinstance(above.targets[0], ast.Name):
        return above.targets[0]
    if isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name):
        return above.target
    return None


def _uses(module: Module, target: ast.Name) -> Iterator[ast.Name]:
    """Yield the later uses of a name in its scope, up to where it is bound to something else."""
    scope = next(module.scopes(target), module.tree)
    names = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Name)
        and node.id == target.id
        and isinstance(node.ctx, ast.Load)
        and node.lineno >= target.lineno
        and next(module.scopes(node), module.tree) is scope
    ]
    end = _rebound(module, target, scope)
    yield from sorted((one for one in names if one.lineno <= end), key=lambda one: (one.lineno, one.col_offset))


def _rebound(module: Module, target: ast.Name, scope: ast.AST) -> float:
    """Return the line where the name is bound to what is not made of itself."""
    for binding in module.bindings(target.id, target)[1]:
        line = getattr(binding.node, "lineno", 0)
        if line <= target.lineno or binding.value is None:
            continue
        names = {node.id for node in ast.walk(binding.value) if isinstance(node, ast.Name)}
        if target.id not in names and not _in_another_arm(module, binding.node, target):
            return line - 1
    return float("inf")


def _in_another_arm(module: Module, node: ast.AST, target: ast.Name) -> bool:
    """Whether two bindings are alternatives: both arms of one `if`."""
    around = set()
    current: ast.AST | None = node
    while current is not None:
        around.add(current)
        current = module.parents.get(current)
    current = target
    while current is not None and current not in around:
        current = module.parents.get(current)
    return isinstance(current, ast.If | ast.Try)
