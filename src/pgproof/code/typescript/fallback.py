"""Calls that are another way for the case that something is not there: what they name may well be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript.known import Given, Ref
from pgproof.code.typescript.module import FUNCTIONS, Module
from pgproof.code.typescript.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

_MISSING = rb"""42P01|42703|42883|42704|3F000|PGRST20[0-5]"""
TOLD_APART = re.compile(rb"""["'](?:%b)["']|does not exist|could not find|schema cache""" % _MISSING, re.I)
"""Codes and words of errors that say that a table, column or function is not there."""


def is_fallback(call: Ref, name: Ref) -> bool:
    """Say whether a call is only made after another one was told that something is not there.

    `if (error.code === "42P01") …`, also around the call of the function that it is in; or in the `catch` of a `try`
    that asks the same table, which `name` is.
    """
    asked = name.module.text(name.node)
    return any(
        _is_told(one.module, around, before) or (one is call and _is_second(one.module, around, before, asked))
        for one in _calls(call)
        for around, before in _around(one.node)
    )


def is_probed(named: list[Text], text: Text) -> bool:
    """Say whether a table is one of several, and the file that names it looks which of them are there."""
    return len({one.value for one in named}) > 1 and text.pieces[0].module.holds(TOLD_APART)


def _calls(call: Ref) -> Iterator[Ref]:
    """Yield the call, and the calls of the functions that it is in as far as they are known."""
    yield call
    given: Given | None = call.given
    while given is not None:
        if given.call is not None:
            yield given.call
        given = given.outer


def _around(node: Node) -> Iterator[tuple[Node, Node]]:
    """Yield the statements around an expression in its function, each with the part of it that it is in."""
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        yield above, node
        node, above = above, above.parent


def _is_told(module: Module, statement: Node, part: Node) -> bool:
    if statement.type != "if_statement":
        return False
    body, condition = statement.child_by_field_name("consequence"), statement.child_by_field_name("condition")
    if body is None or body.id != part.id or condition is None:
        return False
    return TOLD_APART.search(module.data, condition.start_byte, condition.end_byte) is not None


def _is_second(module: Module, statement: Node, part: Node, asked: str) -> bool:
    if statement.type != "try_statement" or part.type != "catch_clause":
        return False
    body = statement.child_by_field_name("body")
    if body is None:
        return False
    again = rb"\.(?:from|rpc)\(\s*" + re.escape(asked.encode()) + rb"\s*[,)]"
    return re.search(again, module.data[body.start_byte : body.end_byte]) is not None
