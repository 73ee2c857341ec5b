"""The calls that run a text of SQL: which they are, and what they bind to its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.literal import literals
from pgproof.code.typescript.module import Module, arguments, callee
from pgproof.code.typescript.scopes import lookup
from pgproof.code.usage import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

_SINKS = re.compile(
    r"^(?:query\w*|execute\w*|unsafe|raw|exec|any|one|many|none|oneOrNone|manyOrNone|oneFirst|maybeOne\w*|anyFirst|manyFirst"
    r"|result|multi|task|stream|\$(?:query|execute)Raw(?:Unsafe)?|sql|sqlQuery|runQuery|rawQuery|prepare|fetch\w*|simple|run)$"
)
_EXPO_SQLITE = frozenset({"runAsync", "getAllAsync", "getFirstAsync", "getEachAsync", "execAsync", "prepareAsync"})
_KEYS = frozenset({"text", "sql", "query"})
"""Properties of what is given to such a call in place of a text."""


def is_sqlite(module: Module, whole: Node) -> bool:
    """Whether a text is given to a method of expo-sqlite's, which no driver of PostgreSQL has."""
    call = whole.parent.parent if whole.parent is not None and whole.parent.type == "arguments" else None
    return call is not None and name_of_call(module, call) in _EXPO_SQLITE


def call_of(module: Module, whole: Node) -> Node | None:
    """Return the call that runs a text: it is an argument, its `text` property, or the value of a name that is one."""
    parent = whole.parent
    if parent is not None and parent.type == "arguments" and parent.parent is not None:
        return parent.parent if runs(module, parent.parent) else None
    if parent is not None and parent.type == "pair":
        key = parent.child_by_field_name("key")
        above = parent.parent.parent if parent.parent is not None else None
        if key is None or module.text(key) not in _KEYS or above is None or above.type != "arguments":
            return None
        return above.parent if above.parent is not None and runs(module, above.parent) else None
    if parent is None or parent.type not in ("variable_declarator", "assignment_expression"):
        return None
    name = parent.child_by_field_name("name") or parent.child_by_field_name("left")
    if name is None or name.type != "identifier":
        return None
    for use in uses_of(module, name):
        above = use.parent
        if above is not None and above.type == "arguments" and above.parent is not None and runs(module, above.parent):
            return above.parent
    return None


def uses_of(module: Module, name: Node) -> Iterator[Node]:
    """Yield where else a variable is named, and not some other of the same name."""
    word = module.text(name)
    declared = lookup(module, name, word)
    for node in module.words(word):
        if node.id == name.id or node.type not in ("identifier", "shorthand_property_identifier"):
            continue
        meant = lookup(module, node, word)
        if declared is None or (meant is not None and meant.name.id == declared.name.id):
            yield node


def runs(module: Module, call: Node) -> bool:
    """Whether a call runs the text that it is given, by its name."""
    return _SINKS.match(name_of_call(module, call)) is not None


def name_of_call(module: Module, call: Node) -> str:
    """Return the name of the function or method that is called."""
    function = callee(call)
    name = (
        function.child_by_field_name("property")
        if function is not None and function.type == "member_expression"
        else function
    )
    return module.text(name) if name is not None else ""


def parameters(code: Codebase, module: Module, call: Node | None) -> dict[str, Literal]:
    """Return the values of `query(text, [a, b])` that stand in the code."""
    given = arguments(call) if call is not None else []
    if len(given) < 2 or given[1].type != "array":
        return {}
    found: dict[str, Literal] = {}
    for number, child in enumerate((one for one in given[1].named_children if one.type != "comment"), 1):
        if child.type == "spread_element":
            return {}
        if values := single(code, Ref(module, child)):
            found[str(number)] = values[0]
    return found


def single(code: Codebase, ref: Ref) -> tuple[Literal, ...]:
    """Return the value of an expression that can be one thing only."""
    found = literals(code, ref)
    return found if len(found) == 1 and len(follow(code, ref)) == 1 else ()
