"""Where a text of SQL goes that code gives a name: to a driver, or into another text, of which it is a piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import operator
from pgproof.code.typescript.module import FUNCTIONS, WRAPPERS, Module, inside, name_of, nth
from pgproof.code.typescript.running import uses_of
from pgproof.code.typescript.strings import adds

if TYPE_CHECKING:
    from tree_sitter import Node

_CHOICES = frozenset({*WRAPPERS, "ternary_expression", "binary_expression"})
_MESSAGES = re.compile(
    r"(?:^|\.)(?:log|info|warn|error|debug|trace|verbose|notice|write|print|fatal|\w*Error|\w*Exception|reject|fail)$"
)
"""Calls that show a text to a person."""
_DEPTH = 4


def statements_of(module: Module, whole: Node, depth: int = 0) -> list[Node]:
    """Return the texts that begin with a text: itself, those in which its name comes first, none for a mere piece.

    `const base = "select a from b"; query(`${base} where c = $1`)` is one statement, and `base` alone is none.
    """
    used = list(_uses(module, whole)) if depth < _DEPTH else []
    used = [one for one in used if not _is_shown(module, one)]
    inner = [one for one in used if _text_around(one) is not None]
    if not inner:
        return [whole]
    found = [whole] if len(inner) < len(used) else []
    for one in inner:
        around = _text_around(one)
        if around is not None and _begins(around, one):
            found += statements_of(module, around, depth + 1)
    return list({one.id: one for one in found}.values())


def _uses(module: Module, whole: Node) -> Iterator[Node]:
    """Yield the expressions in this file that stand for a text: its name, a call of the function that returns it."""
    current, parent = whole, whole.parent
    while parent is not None and parent.type in _CHOICES and parent.type != "await_expression":
        if parent.type == "binary_expression" and operator(parent) not in ("||", "??"):
            return
        current, parent = parent, parent.parent
    if parent is None:
        return
    if parent.type in ("variable_declarator", "assignment_expression"):
        name = parent.child_by_field_name("name") or parent.child_by_field_name("left")
        if name is not None and name.type == "identifier":
            yield from _named(module, name)
    elif parent.type == "return_statement" or (parent.type == "arrow_function" and _is_body(parent, current)):
        function = parent if parent.type == "arrow_function" else inside(module, parent)
        if function is not None and (called := name_of(module, function)):
            yield from _calls(module, called)
    elif parent.type == "pair" and (key := parent.child_by_field_name("key")) is not None:
        yield from _members(module, module.text(key))


def _is_body(function: Node, node: Node) -> bool:
    body = function.child_by_field_name("body")
    return body is not None and body.id == node.id


def _named(module: Module, name: Node) -> Iterator[Node]:
    for node in uses_of(module, name):
        above = node.parent
        if above is not None and above.type in ("assignment_expression", "augmented_assignment_expression"):
            left = above.child_by_field_name("left")
            if left is not None and left.id == node.id:
                continue
        yield node


def _calls(module: Module, name: str) -> Iterator[Node]:
    for node in module.words(name):
        callee = node
        above = node.parent
        if above is not None and above.type == "member_expression":
            callee, above = above, above.parent
        function = above.child_by_field_name("function") if above is not None else None
        if above is not None and above.type == "call_expression" and function is not None and function.id == callee.id:
            yield above


def _members(module: Module, name: str) -> Iterator[Node]:
    for node in module.words(name):
        above = node.parent
        named = above.child_by_field_name("property") if above is not None else None
        if above is not None and named is not None and named.id == node.id:
            yield above


def _text_around(use: Node) -> Node | None:
    """Return the template, with its tag, or the sum that an expression is put into, `None` when it is in none."""
    current, parent = use, use.parent
    while parent is not None and parent.type not in FUNCTIONS and parent.type not in ("arguments", "statement_block"):
        if parent.type == "template_substitution":
            return _tagged(parent.parent)
        if parent.type == "binary_expression" and adds(parent):
            return _sum(parent)
        current, parent = parent, parent.parent
    if parent is not None and parent.type == "arguments" and current.id == use.id:
        return _argument(parent)
    return None


def _is_shown(module: Module, use: Node) -> bool:
    """Whether a text is only put into a message."""
    current = use
    while (parent := current.parent) is not None and parent.type not in FUNCTIONS:
        if parent.type == "arguments" and (call := parent.parent) is not None:
            called = call.child_by_field_name("function") or call.child_by_field_name("constructor")
            return called is not None and _MESSAGES.search(module.text(called)) is not None
        current = parent
    return False


def _argument(given: Node) -> Node | None:
    """Return the text around a call in it that hands its argument on: `${sql.raw(piece)}`, `${bracketed(piece)}`."""
    call = given.parent
    above = call.parent if call is not None else None
    if above is not None and above.type == "template_substitution":
        return _tagged(above.parent)
    return None


def _tagged(template: Node | None) -> Node | None:
    above = template.parent if template is not None else None
    given = above.child_by_field_name("arguments") if above is not None and above.type == "call_expression" else None
    return above if given is not None and template is not None and given.id == template.id else template


def _sum(node: Node) -> Node:
    while (above := node.parent) is not None and above.type in ("binary_expression", "parenthesized_expression"):
        node = above
    return node


def _begins(text: Node, use: Node) -> bool:
    """Whether a template or sum begins with an expression, before any word of its own."""
    template = text.child_by_field_name("arguments") if text.type == "call_expression" else text
    if template is None:
        return False
    if template.type != "template_string":
        return template.start_byte == use.start_byte
    first = nth(template, 0)
    while first is not None and first.type == "string_fragment" and not (first.text or b"").strip():
        first = first.next_named_sibling
    return (
        first is not None
        and first.type == "template_substitution"
        and nth(first, 0) is not None
        and (first.start_byte < use.start_byte < first.end_byte)
    )
