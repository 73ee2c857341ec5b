"""The elements of lists, and the keys and values of objects that are gone through like lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript import follow
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.growth import growth
from pgproof.code.typescript.known import Known, Open, Ref
from pgproof.code.typescript.module import arguments, bare, nth
from pgproof.code.typescript.scopes import lookup

if TYPE_CHECKING:
    pass

KEPT = frozenset({"filter", "slice", "sort", "toSorted", "reverse", "toReversed"})
"""Methods that give back some elements, or all of them."""


def elements(code: Codebase, ref: Ref, depth: int = 0) -> Iterator[Known]:
    """Yield what the elements of a list can be: those that it is made with, and those that are pushed."""
    node = bare(ref.node)
    binding = lookup(ref.module, node, ref.module.text(node)) if node.type == "identifier" else None
    if binding is not None and binding.kind == "variable" and (grown := growth(ref.module, binding)) is not None:
        for row in grown.rows:
            yield from follow.alternatives(code, ref.to(row), depth + 1)
    for known in follow.follow(code, ref, depth + 1):
        if not isinstance(known, Ref):
            yield Open("its elements are not known", known.ref if isinstance(known, Open) else ref)
        elif known.node.type == "array":
            for child in known.node.named_children:
                if child.type == "spread_element" and (inner := nth(child, 0)) is not None:
                    yield from elements(code, known.to(inner), depth + 1)
                elif child.type != "comment":
                    yield from follow.alternatives(code, known.to(child), depth + 1)
        elif known.node.type in ("call_expression", "new_expression"):
            yield from _elements_of_call(code, known, depth)
        elif known.node.type not in ("null", "undefined"):
            yield Open("its elements are not known", known)


def _elements_of_call(code: Codebase, known: Ref, depth: int) -> Iterator[Known]:
    callee = known.node.child_by_field_name("function") or known.node.child_by_field_name("constructor")
    given = arguments(known.node)
    name = known.module.text(callee) if callee is not None else ""
    inner = callee.child_by_field_name("object") if callee is not None else None
    if name in ("Set", "Array.from") and len(given) == 1:
        yield from elements(code, known.to(given[0]), depth + 1)
    elif name in ("Object.values", "Object.keys") and given:
        yield from entries(code, known.to(given[0]), 0 if name == "Object.keys" else 1, depth)
    elif inner is not None and name.rpartition(".")[2] in KEPT:
        yield from elements(code, known.to(inner), depth + 1)
    else:
        yield Open("its elements are not known", known)


def entries(code: Codebase, ref: Ref, part: int, depth: int = 0) -> Iterator[Known]:
    """Yield what the keys (`part` 0) or values (1) of an object can be; a key is the `Ref` of its name."""
    for known in follow.follow(code, ref, depth + 1):
        if not isinstance(known, Ref) or known.node.type != "object":
            yield Open("its keys are not known", known.ref if isinstance(known, Open) else ref)
            continue
        for child in known.node.named_children:
            name = child.child_by_field_name("key") if child.type == "pair" else None
            value = child.child_by_field_name("value") if child.type == "pair" else None
            if name is not None and value is not None and name.type != "computed_property_name":
                yield from [known.to(name)] if part == 0 else follow.alternatives(code, known.to(value), depth + 1)
            elif child.type == "shorthand_property_identifier":
                yield from [known.to(child)] if part == 0 else follow.alternatives(code, known.to(child), depth + 1)
            elif child.type != "comment":
                yield Open("its keys are not known", known)
