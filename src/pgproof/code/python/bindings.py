"""What a statement of Python binds: a name, how, and to what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that gives a name a value.

    `how` is `=` (`value` is the expression), `+=`, `import` (`value` is `None`), or `other`: a parameter, a loop.
    `branch` is the statement in whose branch it stands, directly below the scope; `None` when it always happens.
    """

    how: str
    node: ast.AST
    value: ast.expr | None = None
    branch: ast.AST | None = None

    @property
    def line(self) -> int:
        """Return the line that it stands in."""
        return getattr(self.node, "lineno", 0)


def bound(node: ast.AST) -> Iterator[tuple[str, str, ast.expr | None]]:
    """Yield the names that a node binds, how, and to what."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target, node.value)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from _targets(node.target, node.value)
    elif isinstance(node, ast.NamedExpr):
        yield from _targets(node.target, node.value)
    elif isinstance(node, ast.AugAssign):
        if isinstance(node.target, ast.Name):
            yield node.target.id, "+=" if isinstance(node.op, ast.Add) else "other", node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from _opaque(node.target)
    elif isinstance(node, ast.withitem):
        if node.optional_vars is not None:
            yield from _opaque(node.optional_vars)
    elif isinstance(node, ast.arg):
        yield node.arg, "parameter", None
    elif isinstance(node, ast.ExceptHandler):
        if node.name:
            yield node.name, "other", None
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], "import", None
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, "definition", None
    elif isinstance(node, ast.Global | ast.Nonlocal | ast.Delete):
        targets = node.targets if isinstance(node, ast.Delete) else []
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        for name in [*names, *([] if isinstance(node, ast.Delete) else node.names)]:
            yield name, "other", None


def _targets(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, "=", value
    elif isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for one, item in zip(target.elts, value.elts, strict=True):
                yield from _targets(one, item)
        else:
            yield from _opaque(target)


def _opaque(target: ast.expr) -> Iterator[tuple[str, str, ast.expr | None]]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, "other", None
