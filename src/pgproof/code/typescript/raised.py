"""What TypeScript code does with an error that a driver raises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgproof.code.typescript.guards import guarded
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments
from pgproof.code.usage import Handling

if TYPE_CHECKING:
    from tree_sitter import Node

_CATCH_LOGS = re.compile(r"\b(?:console|log(?:ger)?|Sentry|captureException)\b")
_CATCH_TELLS = re.compile(
    r"\bthrow\b|\breject\(|\bnext\(|status\(\s*[45]|status:\s*[45]|return\b[^;\n]*err|exit\(", re.IGNORECASE
)
_CATCH_EXPECTS = re.compile(
    r"42P01|42703|42883|does(?: not|n't) exist|undefined_(?:table|column)"
    r"|\b(?:table|column|relation)s?\b[^.;\n]{0,40}\b(?:not found|not exist|missing|isn't there)",
    re.IGNORECASE,
)


def when_raised(module: Module, node: Node) -> Handling:
    """Return what becomes of an error: drivers reject, so it is thrown unless a `try` or `.catch()` takes it.

    Where the code asks first whether something is there, it expects that it is not.
    """
    if guarded(module, node):
        return Handling.EXPECTED
    current = node
    while (parent := current.parent) is not None and parent.type not in FUNCTIONS:
        if parent.type == "try_statement" and (clause := parent.child_by_field_name("handler")) is not None:
            body = parent.child_by_field_name("body")
            if body is not None and body.start_byte <= node.start_byte < body.end_byte:
                return _of_catch(module.text(clause))
        if parent.type == "call_expression":
            function = parent.child_by_field_name("function")
            if function is not None and module.text(function).endswith(".catch"):
                return _of_catch(" ".join(module.text(one) for one in arguments(parent)))
        current = parent
    return Handling.THROWN


def _of_catch(text: str) -> Handling:
    if _CATCH_EXPECTS.search(text):
        return Handling.EXPECTED
    if _CATCH_TELLS.search(text):
        return Handling.THROWN
    return Handling.LOGGED if _CATCH_LOGS.search(text) else Handling.IGNORED
