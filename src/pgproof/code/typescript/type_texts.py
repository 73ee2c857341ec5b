"""Which texts a value of a type can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript import type_keys, types
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Open, Ref
from pgproof.code.typescript.lists import elements, entries
from pgproof.code.typescript.module import nth, unquoted

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 24


def literal_texts(code: Codebase, given: types.Type, depth: int = 0) -> list[tuple[str, Node]]:
    """Return the texts that a value of a type can be; nothing when they cannot all be told."""
    found: list[tuple[str, Node]] = []
    for one in types.reduce(code, given, depth + 1):
        node = one.node
        inner = nth(node, 0)
        if node.type == "literal_type" and inner is not None and inner.type == "string":
            found.append((unquoted(one.module, inner), inner))
        elif node.type == "enum_declaration":
            found += _enum_values(one)
        elif node.type == "index_type_query" and inner is not None:
            keys = type_keys.keys_of(code, one.to(inner), depth + 1) if inner.type != "type_query" else None
            if keys is not None and keys.whole:
                found += ((name, inner) for name in keys.properties)
            elif inner.type == "type_query":
                found += _of_value(code, one.to(inner), depth, keys_only=True)
            else:
                return []
        elif node.type == "lookup_type" and inner is not None:
            values = _of_value(code, one.to(_query_of(inner) or inner), depth, keys_only=False)
            if not values:
                return []
            found += values
        else:
            return []
    return found


def _query_of(node: Node) -> Node | None:
    while node.type == "parenthesized_type" and (inner := nth(node, 0)) is not None:
        node = inner
    return node if node.type == "type_query" else None


def _of_value(code: Codebase, given: types.Type, depth: int, keys_only: bool) -> list[tuple[str, Node]]:
    """Return the texts of `(typeof LIST)[number]`, `(typeof MAP)[keyof typeof MAP]`, or the keys of `typeof MAP`."""
    from pgproof.code.typescript.text import text_of

    value = nth(given.node, 0)
    if given.node.type != "type_query" or value is None or depth > _DEPTH:
        return []
    found: list[tuple[str, Node]] = []
    start = Ref(given.module, value)
    for known in follow(code, start, depth + 1):
        if not isinstance(known, Ref):
            return []
        if keys_only:
            values = entries(code, known, 0, depth + 1)
        elif known.node.type == "array":
            values = elements(code, known, depth + 1)
        else:
            values = entries(code, known, 1, depth + 1)
        for one in values:
            texts = text_of(code, one, depth + 1)
            if isinstance(one, Open) or not texts or not isinstance(one, Ref):
                return []
            found += ((text.value, one.node) for text in texts)
    return found


def _enum_values(given: types.Type) -> Iterator[tuple[str, Node]]:
    body = given.node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
        if value is not None and value.type == "string":
            yield unquoted(given.module, value), value
