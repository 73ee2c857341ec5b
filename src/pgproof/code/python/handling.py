"""What Python code does with the error of a call: clients raise it, so it is thrown unless a `try` catches it."""

from __future__ import annotations

import ast
import re

from pgproof.code.python.guards import guarded
from pgproof.code.python.module import Module
from pgproof.code.usage import Handling

_CATCHES = re.compile(
    r"^(?:Base)?Exception$|error|sql|database|postg|psycopg|api|http|undefined|operational|programming", re.IGNORECASE
)
_OTHERS = re.compile(
    r"^(?:Key|Value|Type|Index|Attribute|Import|ModuleNotFound|OS|IO|FileNotFound|Unicode\w*|JSONDecode|Assertion|Lookup"
    r"|ZeroDivision|Name|Overflow|Recursion|NotImplemented|Validation)Error$"
)
"""Exceptions that no database client raises."""
_EXPECTED = re.compile(
    r"undefined|42P01|42703|42883|PGRST20|does not exist|InvalidColumn|ProgrammingError"
    r"|(?:missing|unknown|no_?such)[_ ]?(?:column|table|relation|function)"
    r"|(?:column|table|relation|function)[_ ]?(?:is[_ ])?(?:missing|not[_ ]?found)",
    re.IGNORECASE,
)
_LOGS = re.compile(r"log|print|warn|capture|report|echo|error|exception|debug|info", re.IGNORECASE)
_SUPPRESSES = "suppress"
_RAISES = "raises"


def handling(module: Module, node: ast.AST) -> Handling:
    """Return what becomes of an error that the call at `node` raises."""
    if guarded(module, node):
        return Handling.EXPECTED
    current: ast.AST = node
    while (parent := module.parents.get(current)) is not None:
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return Handling.THROWN
        if isinstance(parent, ast.Try) and current in parent.body:
            found = _of_handlers(parent)
            if found is not None:
                return found
        if isinstance(parent, ast.ExceptHandler) and _EXPECTED.search(_told_apart(parent)):
            return Handling.EXPECTED  # the other way, when the error is this very one
        if isinstance(parent, ast.With | ast.AsyncWith) and current in parent.body:
            called = {_name(item.context_expr) for item in parent.items}
            if _SUPPRESSES in called:
                return Handling.IGNORED
            if called & {_RAISES, "assertRaises", "assertRaisesRegex"}:
                return Handling.EXPECTED
        current = parent
    return Handling.THROWN


def _of_handlers(tried: ast.Try) -> Handling | None:
    """Return what the first handler that catches it does; `None` when none does."""
    for handler in tried.handlers:
        caught = ast.unparse(handler.type) if handler.type else "Exception"
        named = [name.rpartition(".")[2] for name in re.findall(r"[\w.]+", caught)]
        if any(_CATCHES.search(name) and not _OTHERS.match(name) for name in named):
            return _of_body(handler, caught)
    return None


def _of_body(handler: ast.ExceptHandler, caught: str) -> Handling:
    body = "\n".join(ast.unparse(statement) for statement in handler.body)
    if _EXPECTED.search(caught) or _EXPECTED.search(body):
        return Handling.EXPECTED
    nodes = [node for statement in handler.body for node in ast.walk(statement)]
    if any(isinstance(node, ast.Raise) for node in nodes):
        return Handling.THROWN
    names = {_name(node) for node in nodes if isinstance(node, ast.Call)}
    if handler.name and any(isinstance(node, ast.Return) and _mentions(node, handler.name) for node in nodes):
        return Handling.THROWN
    return Handling.LOGGED if any(_LOGS.search(name) for name in names) else Handling.IGNORED


def _told_apart(handler: ast.ExceptHandler) -> str:
    """Return how a handler tells the errors apart that it is for: what it catches, and the conditions in it."""
    tests = [one.test for one in ast.walk(handler) if isinstance(one, ast.If | ast.IfExp)]
    return " ".join(ast.unparse(one) for one in (handler.type, *tests) if one is not None)


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))


def _name(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return f"{_name(function.value)}.{function.attr}" if function.attr in ("error", "info") else function.attr
    return function.id if isinstance(function, ast.Name) else ""
