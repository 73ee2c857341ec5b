"""The keys of rows that a call makes: lists that are mapped, copies, parsed values, functions of the project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript import shape, state
from pgproof.code.typescript.assigned import returned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.keys import Shape, alternatives, either, of_keys, of_types, open_shape, or_typed
from pgproof.code.typescript.known import Given, Ref
from pgproof.code.typescript.module import FUNCTIONS, arguments, nth, unquoted
from pgproof.code.typescript.module import callee as called
from pgproof.code.typescript.schema import parsed
from pgproof.code.typescript.types import Type, reduce, result_type

if TYPE_CHECKING:
    from tree_sitter import Node

_SAME_ROWS = frozenset({"filter", "slice", "sort", "toSorted", "reverse", "flat", "splice", "toReversed"})
_LISTED = frozenset({"map", "flatMap"})
_READS = frozenset({"readBody", "json"})
_CLONES = frozenset(
    {"structuredClone", "cloneDeep", "_.cloneDeep", "JSON.parse", "JSON.stringify", "Promise.all", "clone"}
)


def call(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    """Return the keys of what a call gives."""
    callee = called(ref.node)
    given = arguments(ref.node)
    if callee is None:
        return open_shape(ref, "it is the result of a call")
    name = ref.module.text(callee) if callee.end_byte - callee.start_byte < 60 else ""
    inner, method = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    word = ref.module.text(method) if method is not None else name
    if name == "Object.assign" and given:
        row = Shape()
        for one in given:
            row.follow_with(shape.spread(code, ref.to(one), depth))
        return row
    if (name in _CLONES or (name == "Array.from" and len(given) == 1)) and given:
        return shape.shape_of(code, ref.to(given[0]), depth + 1)
    if word in ("omit", "pick") and len(given) == 2 and (taken := _picked(code, ref, given, word == "pick", depth)):
        return taken
    mapping = given[0] if word in _LISTED and given else given[1] if name == "Array.from" and len(given) > 1 else None
    if mapping is not None:
        return or_typed(code, ref, either(_results(code, ref.to(mapping), (), depth)))
    if inner is not None and word in _SAME_ROWS:
        return shape.shape_of(code, ref.to(inner), depth + 1)
    if inner is not None and word == "concat":
        return alternatives([shape.shape_of(code, ref.to(one), depth + 1) for one in (inner, *given)])
    if (keys := parsed(code, ref, word)) is not None:
        return of_keys(ref, keys)
    if (kept := state.of_call(code, ref, depth)) is not None:
        return kept
    shapes = list(_results(code, ref.to(callee), tuple(ref.to(one) for one in given), depth))
    row = either(shapes) if shapes else open_shape(ref, f"it is the result of {name or 'a call'}")
    written = ref.node.child_by_field_name("type_arguments") if word in _READS else None
    if written is not None and (first := nth(written, 0)) is not None:  # readBody<Row>(event)
        return of_types(code, ref, reduce(code, Type(ref.module, first))) or row
    return or_typed(code, ref, row)


def _results(code: Codebase, callee: Ref, given: tuple[Ref, ...], depth: int) -> Iterator[Shape]:
    """Yield the shapes of what a function returns when it is called with these arguments."""
    for known in follow(code, callee, depth + 1):
        if not isinstance(known, Ref) or known.node.type not in FUNCTIONS:
            yield open_shape(callee, f"{callee.module.text(callee.node)[:40]} is not a function of the project")
            continue
        key = (f"row {known.module.path}", known.node.id)
        if key in code.active:
            continue
        code.active.add(key)
        try:
            inner = Given(known.node.id, given, known.given) if given else known.given
            shapes = [
                shape.shape_of(code, Ref(known.module, value, inner), depth + 1)
                for value in returned(known.module, known.node)
            ]
        finally:
            code.active.discard(key)
        row = alternatives([one for one in shapes if one is not None]) or Shape()
        written = result_type(known.module, known.node)
        if row.open and not row.keys and written is not None:
            row = of_types(code, known, [written]) or row
        yield row


def _picked(code: Codebase, ref: Ref, given: list[Node], pick: bool, depth: int) -> Shape | None:
    whole = shape.shape_of(code, ref.to(given[0]), depth + 1)
    listed = given[1]
    names = {unquoted(ref.module, child) for child in listed.named_children if child.type == "string"}
    if whole is None or listed.type != "array" or len(names) != listed.named_child_count:
        return None
    return Shape({name: key for name, key in whole.keys.items() if (name in names) == pick}, whole.open)
