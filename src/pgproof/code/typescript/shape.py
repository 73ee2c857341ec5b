"""Which keys the rows have that the code writes: object literals, lists, variables that grow, spreads, calls, types."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from pgproof.code.typescript import made_rows, named_rows, state
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.keys import Key, Shape, alternatives, either, of_types, open_shape, or_typed
from pgproof.code.typescript.known import Open, Ref
from pgproof.code.typescript.literal import values_of
from pgproof.code.typescript.module import FUNCTIONS, bare, nth, unquoted
from pgproof.code.typescript.text import texts
from pgproof.code.typescript.typed import may_be_left_out, types_of

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 24


def shape_of(code: Codebase, ref: Ref, depth: int = 0) -> Shape | None:
    """Return the keys of an object, or of each row of a list; `None` when the expression is no object (`undefined`)."""
    code.spent += 1
    node = ref.node
    if depth > _DEPTH:
        return open_shape(ref, "it leads through too many places")
    if node.type in ("parenthesized_expression", "non_null_expression", "await_expression"):
        inner = nth(node, 0)
        return shape_of(code, ref.to(inner), depth + 1) if inner is not None else None
    if node.type in ("as_expression", "satisfies_expression"):
        inner = nth(node, 0)
        shape = shape_of(code, ref.to(inner), depth + 1) if inner is not None else None
        return or_typed(code, ref, shape)
    reader = _readers().get(node.type)
    return reader(code, ref, depth) if reader is not None else open_shape(ref, "it is no object that could be read")


def _object(code: Codebase, ref: Ref, depth: int) -> Shape:
    shape = Shape()
    for child in ref.node.named_children:
        if child.type == "pair":
            name, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if name is not None and value is not None:
                shape.follow_with(_pair(code, ref, name, value))
        elif child.type == "shorthand_property_identifier":
            shape.follow_with(named_key(code, ref, ref.module.text(child), child, child))
        elif child.type == "spread_element" and (inner := nth(child, 0)) is not None:
            shape.follow_with(spread(code, ref.to(inner), depth))
        elif child.type == "ERROR":
            shape.open.append((ref.module.location(child), "a syntax error"))
    return shape


def _pair(code: Codebase, ref: Ref, name: Node, value: Node) -> Shape:
    if name.type != "computed_property_name":
        return named_key(code, ref, unquoted(ref.module, name), name, value)
    inner = nth(name, 0)
    found = [text.value for text in texts(code, ref.to(inner)) if not text.holes] if inner is not None else []
    if not found or len(found) < len(follow(code, ref.to(inner or name))):
        return open_shape(ref.to(name), "a key is computed at run time")
    return either(named_key(code, ref, key, name, value) for key in found)


def named_key(code: Codebase, ref: Ref, name: str, place: Node, value: Node) -> Shape:
    """Return one key with its value."""
    node = bare(value)
    if node.type in FUNCTIONS:
        return Shape()  # JSON has no functions
    values, undefined = values_of(code, ref.to(node))
    optional = not values and may_be_left_out(code, ref.to(node))
    return Shape({name: Key(name, ref.module.location(place), not undefined, False, values, optional)})


def spread(code: Codebase, ref: Ref, depth: int) -> Shape:
    """Return what `...expression` adds; what depends on a condition may be missing."""
    shape = shape_of(code, ref, depth + 1)
    return shape if shape is not None else Shape()


def _array(code: Codebase, ref: Ref, depth: int) -> Shape:
    rows: list[Shape] = []
    for child in ref.node.named_children:
        inner = nth(child, 0) if child.type == "spread_element" else child
        if child.type == "comment" or inner is None:
            continue
        row = shape_of(code, ref.to(inner), depth + 1)
        if row is not None:
            rows.append(row)
    return either(rows) if rows else Shape(rowless=True)


def _ternary(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    branches = [ref.node.child_by_field_name(name) for name in ("consequence", "alternative")]
    shapes = [shape_of(code, ref.to(branch), depth + 1) for branch in branches if branch is not None]
    return alternatives(shapes)


def _binary(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    operator, left, right = (ref.node.child_by_field_name(name) for name in ("operator", "left", "right"))
    if operator is None or left is None or right is None:
        return None
    second = shape_of(code, ref.to(right), depth + 1)
    if operator.type == "&&":
        return alternatives([second, None])
    if operator.type in ("||", "??"):
        first = shape_of(code, ref.to(left), depth + 1)
        return second if first is None else first if second is None else either([first, second])
    return None


def _nothing(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    return None


def followed(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    """Return the shape of what a name or a member leads to."""
    if ref.node.type == "member_expression" and (row := state.of_value(code, ref, depth)) is not None:
        return row
    shapes: list[Shape | None] = []
    for known in follow(code, ref, depth + 1):
        if isinstance(known, Ref) and (known.module is not ref.module or known.node.id != ref.node.id):
            shapes.append(shape_of(code, known, depth + 1))
        else:
            reason = known.reason if isinstance(known, Open) else "it comes from outside the project"
            shapes.append(of_types(code, ref, types_of(code, ref)) or open_shape(ref, reason))
    return alternatives(shapes)


@cache
def _readers() -> dict[str, Callable[[Codebase, Ref, int], Shape | None]]:
    """Return what reads each kind of expression."""
    return {
        "object": _object,
        "array": _array,
        "identifier": named_rows.identifier,
        "shorthand_property_identifier": named_rows.identifier,
        "ternary_expression": _ternary,
        "binary_expression": _binary,
        "call_expression": made_rows.call,
        "member_expression": followed,
        "subscript_expression": followed,
        "null": _nothing,
        "undefined": _nothing,
        "false": _nothing,
        "string": _nothing,
    }
