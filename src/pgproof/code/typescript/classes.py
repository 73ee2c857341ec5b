"""The members of classes and of their instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript import follow, members
from pgproof.code.typescript.assigned import assignments, class_of, returned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import DEPTH, Known, Open, Ref
from pgproof.code.typescript.module import Module, nth
from pgproof.code.typescript.scopes import Binding, parameters

if TYPE_CHECKING:
    from tree_sitter import Node


def own_member(code: Codebase, ref: Ref, key: str, depth: int) -> Iterator[Known]:
    """Yield what `this.key` can be."""
    owner = class_of(ref.node)
    if owner is None:
        holder = _object_of(ref.node)
        if holder is None:
            yield Open("this is not known", ref)
        else:
            yield from members.member(code, ref.to(holder), key, depth + 1)
    else:
        start, given = ref.to(owner), ref.given
        while given is not None:
            if given.function == owner.id:  # the class of the object, which extends this one
                start = given.values[0]
            given = given.outer
        for known in class_member(code, start, key, depth):
            yield Open(known.reason, ref, known.binding, known.steps) if isinstance(known, Open) else known


def _object_of(node: Node) -> Node | None:
    """Return the object literal whose method a place is in."""
    above = node.parent
    while above is not None and above.type != "method_definition":
        if above.type in ("function_declaration", "function_expression") and (
            above.parent is None or above.parent.type != "pair"
        ):
            return None
        if above.type == "function_expression":
            break
        above = above.parent
    holder = above.parent if above is not None else None
    if holder is not None and holder.type == "pair":
        holder = holder.parent
    return holder if holder is not None and holder.type == "object" else None


def class_member(code: Codebase, ref: Ref, key: str, depth: int = 0) -> Iterator[Known]:
    """Yield what a member of a class, or of its instances, can be."""
    if depth > DEPTH:
        return
    module, body = ref.module, ref.node.child_by_field_name("body")
    declared: Open | None = None
    found = False
    for child in _fields(module, body, key) if body is not None else ():
        name = child.child_by_field_name("name")
        if name is not None and module.text(name) == key:
            if child.type == "method_definition":
                found = True
                getter = any(part.type == "get" for part in child.children)
                if not getter:
                    yield ref.to(child)
                for result in returned(module, child) if getter else ():
                    yield from follow.alternatives(code, ref.to(result), depth + 1)
            elif (value := child.child_by_field_name("value")) is not None:
                found = True
                yield from follow.alternatives(code, ref.to(value), depth + 1)
            else:
                declared = Open(f"{key} is a field", ref, Binding("field", child, name))
        elif name is not None and child.type == "method_definition" and module.text(name) == "constructor":
            for binding in parameter_properties(module, child):
                if module.text(binding.name) == key:
                    found = True
                    yield from follow.parameter(code, ref.to(binding.name), binding, depth)
    for assignment in assignments(module, "this") if body is not None else ():
        left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
        inside = body is not None and body.start_byte <= assignment.start_byte < body.end_byte
        if left is not None and right is not None and inside and module.text(left) == f"this.{key}":
            found = True
            yield from follow.alternatives(code, ref.to(right), depth + 1)
    if found:
        return
    if declared is not None:
        yield declared
        return
    for parent in _parents(code, ref, depth):
        yield from class_member(code, parent, key, depth + 1)
        return
    yield Open(f"the class has no {key}", ref)


def _fields(module: Module, body: Node, key: str) -> list[Node]:
    """Return the members of a class of this name, and its constructor, whose parameters may be fields."""
    known = module.fields.get(body.id)
    if known is None:
        known = module.fields[body.id] = {}
        for child in body.named_children:
            name = child.child_by_field_name("name")
            if name is not None:
                known.setdefault(module.text(name), []).append(child)
    constructor = known.get("constructor", []) if key != "constructor" else []
    return [*known.get(key, ()), *constructor]


def parameter_properties(module: Module, constructor: Node) -> Iterator[Binding]:
    """Yield the parameters of a constructor that are fields too: `constructor(private name: string)`."""
    for binding in parameters(module, constructor):
        if any(child.type in ("accessibility_modifier", "readonly") for child in binding.node.children):
            yield binding


def _parents(code: Codebase, ref: Ref, depth: int) -> Iterator[Ref]:
    heritage = next((child for child in ref.node.named_children if child.type == "class_heritage"), None)
    clause = nth(heritage, 0) if heritage is not None else None
    value = clause.child_by_field_name("value") if clause is not None else None
    for known in follow.alternatives(code, ref.to(value), depth + 1) if value is not None else ():
        if isinstance(known, Ref) and "class" in known.node.type:
            yield known
