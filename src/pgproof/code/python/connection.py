"""Which database system runs a text: by the connection that it is given to, as far back as the code shows it."""

from __future__ import annotations

import ast
import re

from pgproof.code.python.bindings import Binding
from pgproof.code.python.module import Module
from pgproof.code.python.texts import texts
from pgproof.code.queries.dialect import foreign_words, names_postgresql

_DEPTH = 8
_SCHEME = re.compile(r"^([a-z][a-z0-9_]*)(?:\+[a-z0-9_]+)?://", re.IGNORECASE)
_RUNS_ANY = frozenset({"read_sql", "read_sql_query", "read_sql_table"})
"""Functions of pandas and polars: the connection is their second argument."""


def connection(call: ast.Call) -> ast.expr | None:
    """Return what a call runs its text on: the object whose method it is, or the connection given to a function."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _RUNS_ANY:
        named = next((word.value for word in call.keywords if word.arg in ("con", "connection")), None)
        return named or (call.args[1] if len(call.args) > 1 else None)
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def modules(module: Module, node: ast.expr, depth: int = 0) -> frozenset[str]:
    """Return the outside modules, or schemes of connection strings, that a connection comes from; else nothing."""
    if depth > _DEPTH:
        return frozenset()
    if isinstance(node, ast.Await | ast.NamedExpr | ast.Starred):
        return modules(module, node.value, depth + 1)
    if isinstance(node, ast.IfExp):
        return modules(module, node.body, depth + 1) | modules(module, node.orelse, depth + 1)
    if isinstance(node, ast.BoolOp):
        return frozenset().union(*(modules(module, one, depth + 1) for one in node.values))
    if isinstance(node, ast.Call):
        return _scheme(module, node) or modules(module, node.func, depth + 1)
    if isinstance(node, ast.Attribute):
        return _attribute(module, node, depth)
    if isinstance(node, ast.Name):
        return _name(module, node.id, node, depth)
    return frozenset()


def other_system(module: Module, node: ast.expr) -> str:
    """Return the other database system that a connection surely is to, or `""`."""
    found = modules(module, node)
    if found:
        systems = {foreign_words(one.partition(".")[0]) for one in found}
        return min(systems) if "" not in systems else ""
    words = module.text(node) if isinstance(node, ast.Name | ast.Attribute) else ""
    return "" if names_postgresql(words) else foreign_words(words)


def _scheme(module: Module, call: ast.Call) -> frozenset[str]:
    """Return the scheme of a connection string that a call is given, as `create_engine("mysql+pymysql://…")`."""
    for argument in call.args[:1]:
        schemes = [match[1] for one in texts(module, argument) if (match := _SCHEME.match(one.text))]
        if schemes:
            return frozenset(schemes)
    return frozenset()


def _attribute(module: Module, node: ast.Attribute, depth: int) -> frozenset[str]:
    if not isinstance(node.value, ast.Name):
        return modules(module, node.value, depth + 1)
    owner = node.value.id
    if owner in ("self", "cls"):
        found = [one.value for one in module.attribute(node.attr, node) if one.value is not None]
        found += module.assigned_to_self(node.attr, node)
        method = _method(module, node)
        return _all(module, [one for one in found if not _is_nothing(one)], depth) or _given(module, method, depth)
    target = module.imported(owner)
    if target is not None:
        other, inner = target
        return _all_bound(other, inner or node.attr, depth)
    return modules(module, node.value, depth + 1)


def _method(module: Module, node: ast.Attribute) -> ast.AST | None:
    """Return the method of the class around a node that `self.name` is."""
    return next((one.node for one in module.attribute(node.attr, node) if one.how == "definition"), None)


def _name(module: Module, name: str, at: ast.AST, depth: int) -> frozenset[str]:
    scope, bindings = module.bindings(name, at)
    if scope is None or all(one.how == "import" for one in bindings):
        target = module.imported(name)
        if target is not None:
            return _all_bound(target[0], target[1], depth) if target[1] else frozenset()
        outside = module.imports.get(name)
        return frozenset({outside[0]}) if outside and outside[0] and not outside[2] else frozenset()
    return _bound(module, bindings, depth)


def _all_bound(module: Module, name: str, depth: int) -> frozenset[str]:
    if depth > _DEPTH:
        return frozenset()
    bindings = module.top_level(name)
    if bindings and all(one.how == "import" for one in bindings):
        return _name(module, name, module.tree, depth + 1)
    return _bound(module, bindings, depth)


def _bound(module: Module, bindings: list[Binding], depth: int) -> frozenset[str]:
    """Return where all bindings of a name come from; nothing when one of them is not known."""
    found: frozenset[str] = frozenset()
    for one in bindings:
        if one.how == "definition":
            origin = _given(module, one.node, depth)
        elif isinstance(one.node, ast.withitem):
            origin = modules(module, one.node.context_expr, depth + 1)
        elif one.value is not None:
            if _is_nothing(one.value):
                continue
            origin = modules(module, one.value, depth + 1)
        elif isinstance(one.node, ast.Global | ast.Nonlocal):
            origin = _all_bound(module, one.node.names[0], depth + 1) if depth < _DEPTH else frozenset()
        else:
            origin = frozenset()
        if not origin:
            return frozenset()
        found |= origin
    return found


def _all(module: Module, values: list[ast.expr], depth: int) -> frozenset[str]:
    origins = [modules(module, one, depth + 1) for one in values]
    return frozenset().union(*origins) if origins and all(origins) else frozenset()


def _given(module: Module, function: ast.AST | None, depth: int) -> frozenset[str]:
    """Return where what a function returns, or yields, comes from."""
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset()
    values = [
        one.value
        for one in ast.walk(function)
        if isinstance(one, ast.Return | ast.Yield) and one.value is not None and not _is_nothing(one.value)
    ]
    return _all(module, values, depth)


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
