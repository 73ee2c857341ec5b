"""Values that stand in the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import operator
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.conditions import reached
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Known, Open, Ref
from pgproof.code.typescript.module import arguments, bare
from pgproof.code.typescript.text import text_of
from pgproof.code.typescript.type_texts import literal_texts
from pgproof.code.typescript.typed import types_of
from pgproof.code.usage import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

_DATES = frozenset({"toISOString", "toJSON"})
_SETTING = re.compile(r"\b(?:process|import\.meta|Deno)\.env\b")
_DEPTH = 6
_WEIGHED = 30
"""So many texts are held against the conditions, not more."""
_NAMES = ("identifier", "shorthand_property_identifier", "member_expression")
_NOTHING = (Literal("string", ""), Literal("number", "0"))
"""`x || ""`, `useState(0)`: what code says that then looks whether there is anything; only alone is it a value."""


def literals(code: Codebase, ref: Ref, depth: int = 0) -> tuple[Literal, ...]:
    """Return the values that an expression can be, as far as they stand in the code; there may be others."""
    return values_of(code, ref, depth)[0]


def values_of(code: Codebase, ref: Ref, depth: int = 0) -> tuple[tuple[Literal, ...], bool]:
    """Return the values of `literals`, and whether the code names `undefined` as one: JSON leaves such a key out."""
    found: list[Literal] = []
    undefined = False
    alternatives = follow(code, ref)
    for known in alternatives:
        undefined = undefined or (isinstance(known, Ref) and _is_undefined(known))
        nothing = () if len(alternatives) == 1 or _is_chosen(known) else _NOTHING
        found += (one for one in _of(code, known, depth) if one not in found and one not in nothing)
    return _left(code, ref, found), undefined


def _left(code: Codebase, ref: Ref, found: list[Literal]) -> tuple[Literal, ...]:
    """Return those of several texts and numbers that the conditions around an expression leave it."""
    if len(found) > _WEIGHED or [one.kind for one in found] in ([], ["string"]) or bare(ref.node).type not in _NAMES:
        return tuple(found)
    name = ref.module.text(bare(ref.node))
    return tuple(
        one
        for one in found
        if one.kind not in ("string", "number") or reached(code, ref, assumed={name: one.text}) is not False
    )


def _is_chosen(known: Known) -> bool:
    """Whether a number is what a condition decides for, `isNew ? 0 : 1`."""
    above = known.node.parent if isinstance(known, Ref) and known.node.type == "number" else None
    return above is not None and above.type == "ternary_expression"


def _is_undefined(known: Ref) -> bool:
    return known.node.type in ("identifier", "undefined") and known.module.text(known.node) == "undefined"


def _is_default_of_setting(code: Codebase, known: Ref) -> bool:
    """Whether it only stands for a setting that is not made: `process.env.USER_ID || "dev-user"`."""
    above = known.node.parent
    if above is None or above.type != "binary_expression" or operator(above) not in ("||", "??"):
        return False
    left = above.child_by_field_name("left")
    if left is None or left.id == known.node.id:
        return False
    meant = [one for one in follow(code, known.to(left)) if isinstance(one, Ref)]
    return any(_SETTING.search(one.module.text(one.node)) for one in (known.to(left), *meant))


def _of(code: Codebase, known: Known, depth: int) -> list[Literal]:
    if isinstance(known, Open):
        types = types_of(code, known.ref) if known.ref is not None else []
        return [Literal("string", text) for given in types for text, _ in literal_texts(code, given)]
    if not isinstance(known, Ref):
        return []
    node, module = known.node, known.module
    if _is_default_of_setting(code, known):
        return []
    if node.type in ("string", "template_string", "binary_expression", "call_expression") and (
        texts := text_of(code, known, 0)
    ):
        return [Literal("string", text.value) for text in texts if not text.holes]
    if node.type in ("number", "unary_expression"):
        text = module.text(node)
        number = text.replace("_", "").lstrip("-+")
        return [Literal("number", text.replace("_", "").replace(" ", ""))] if number[:1].isdigit() else []
    if node.type in ("true", "false"):
        return [Literal("boolean", node.type)]
    if node.type == "null":
        return [Literal("null")]
    if node.type == "object":
        return [Literal("object")]
    if node.type == "array":
        return _array(code, known, depth)
    if _is_date(known):
        return [Literal("date")]
    return []


def _array(code: Codebase, known: Ref, depth: int) -> list[Literal]:
    """Return a list with the elements that are known; `[]` too."""
    if depth > _DEPTH:
        return []
    children = [child for child in known.node.named_children if child.type != "comment"]
    elements = [one for child in children for one in literals(code, known.to(child), depth + 1)]
    return [Literal("list", "", tuple(elements))]


def _is_date(known: Ref) -> bool:
    """Say whether this is `new Date(…)`, or such a date as a text in ISO format."""
    node: Node | None = known.node
    if node is not None and node.type == "call_expression":
        callee = node.child_by_field_name("function")
        method = callee.child_by_field_name("property") if callee is not None else None
        if callee is None or method is None or known.module.text(method) not in _DATES or arguments(node):
            return False
        inner = callee.child_by_field_name("object")
        node = bare(inner) if inner is not None else None
    constructor = (
        node.child_by_field_name("constructor") if node is not None and node.type == "new_expression" else None
    )
    return constructor is not None and known.module.text(constructor) == "Date"
