"""Members of objects, modules, enums, classes and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript import classes, exports, follow
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import DEPTH, External, Known, Open, Ref, Whole
from pgproof.code.typescript.module import ELEMENTS, nth, unquoted
from pgproof.code.typescript.scopes import Step

if TYPE_CHECKING:
    pass

_PARSES = re.compile(r"^(?:[\w.$]+\.safeParse(?:Async)?|superValidate)\s*\(")
"""What gives an object whose `data` is what a schema took."""


def member_expression(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    """Yield what `a.b` can be."""
    inner, name = ref.node.child_by_field_name("object"), ref.node.child_by_field_name("property")
    if inner is None or name is None:
        yield ref
        return
    key = ref.module.text(name)
    if inner.type == "this":
        yield from classes.own_member(code, ref, key, depth)
        return
    for known in follow.alternatives(code, ref.to(inner), depth + 1):
        for one in member(code, known, key, depth + 1):
            yield Open(one.reason, ref, missing=one.missing) if isinstance(one, Open) else one


def subscript(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    """Yield what `a["b"]` can be: each member of an object whose key is not known."""
    from pgproof.code.typescript.text import texts  # which follows what it is made of

    inner, index = ref.node.child_by_field_name("object"), ref.node.child_by_field_name("index")
    if inner is None or index is None:
        yield ref
        return
    keys: list[str | int] = []
    if index.type == "number":
        keys = [int(ref.module.text(index))] if ref.module.text(index).isdigit() else []
    else:
        keys = [text.value for text in texts(code, ref.to(index), depth + 1) if not text.holes]
    for known in follow.alternatives(code, ref.to(inner), depth + 1):
        if keys:
            for key in keys:
                yield from member(code, known, key, depth + 1)
        elif isinstance(known, Ref) and known.node.type == "object":
            yield from _all_members(code, known, depth)
        else:
            yield Open("the key is not known", ref)


def _all_members(code: Codebase, known: Ref, depth: int) -> Iterator[Known]:
    """Yield all values of an object whose key is not known, when each is an expression that stands in it."""
    for child in known.node.named_children:
        value = child.child_by_field_name("value") if child.type == "pair" else None
        if value is not None:
            yield from follow.alternatives(code, known.to(value), depth + 1)
        elif child.type != "comment":
            yield Open("the key is not known", known)


def member(code: Codebase, known: Known, key: Step, depth: int = 0) -> Iterator[Known]:
    """Yield what a member of something can be."""
    if isinstance(known, Whole):
        if isinstance(key, str):
            found = list(exports.exported(code, known.module, key, depth + 1))
            if not found and key == "default":
                found = [known]
            yield from found or [Open(f"{known.module.path} exports no {key}")]
    elif isinstance(known, External):
        yield External(known.source, f"{known.name}.{key}")
    elif isinstance(known, Open):
        yield known
    else:
        yield from _member_of(code, known, key, depth)


def _member_of(code: Codebase, ref: Ref, key: Step, depth: int) -> Iterator[Known]:
    node, module = ref.node, ref.module
    if depth > DEPTH:
        yield Open("it leads through too many places", ref)
    elif node.type == "object" and isinstance(key, str):
        yield from _property(code, ref, key, depth)
    elif node.type == "array" and isinstance(key, int):
        children = [child for child in node.named_children if child.type != "comment"]
        spread = any(child.type == "spread_element" for child in children[: key + 1])
        if key < len(children) and not spread:
            yield from follow.alternatives(code, ref.to(children[key]), depth + 1)
        else:
            yield Open("the element is not known", ref)
    elif node.type in ELEMENTS and isinstance(key, str):
        yield from _attribute(code, ref, key, depth)
    elif node.type == "enum_declaration" and isinstance(key, str):
        yield from _enum_member(ref, key)
    elif node.type in ("class_declaration", "abstract_class_declaration", "class") and isinstance(key, str):
        yield from classes.class_member(code, ref, key, depth)
    elif node.type == "new_expression" and isinstance(key, str):
        constructor = node.child_by_field_name("constructor")
        for known in follow.alternatives(code, ref.to(constructor), depth + 1) if constructor is not None else ():
            if isinstance(known, Ref) and "class" in known.node.type:
                yield from classes.class_member(code, known, key, depth)
            else:
                yield Open(f"{module.text(constructor or node)} is not a class of the project", ref)
    elif node.type == "call_expression" and key == "data" and _PARSES.search(module.text(node)):
        yield ref  # whose shape is what was parsed
    elif node.type == "call_expression" and key == "current":  # useRef
        yield Open("it is kept in a reference", ref)
    else:
        yield Open(f"the member {key} is not known", ref)


def _property(code: Codebase, ref: Ref, key: str, depth: int) -> Iterator[Known]:
    for child in reversed(ref.node.named_children):
        if child.type == "pair":
            name, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if name is not None and value is not None and name.type != "computed_property_name":
                if unquoted(ref.module, name) == key:
                    yield from _left(code, ref.to(value), depth)
                    return
            elif name is not None:
                yield Open(f"{key} may be set by a computed key", ref)
        elif child.type == "shorthand_property_identifier" and ref.module.text(child) == key:
            yield from _left(code, ref.to(child), depth)
            return
        elif child.type == "method_definition":
            name = child.child_by_field_name("name")
            if name is not None and ref.module.text(name) == key:
                yield ref.to(child)
                return
        elif child.type == "spread_element" and (inner := nth(child, 0)) is not None:
            found = [
                one
                for known in follow.alternatives(code, ref.to(inner), depth + 1)
                for one in member(code, known, key, depth + 1)
            ]
            if any(not isinstance(one, Open) for one in found):
                yield from found
                return
    computed = any(child.type == "spread_element" for child in ref.node.named_children)
    held = key in ("value", "current")  # what it holds, if it is a reference
    yield Open(f"the object has no {key}", ref, missing=not computed and not held)


def _left(code: Codebase, ref: Ref, depth: int) -> list[Known]:
    """Return what the value of a property can be, without the texts that the conditions around the object exclude."""
    from pgproof.code.typescript.conditions import reached  # which follows what it compares

    found = list(follow.alternatives(code, ref, depth + 1))
    if len(found) < 2 or ref.node.type not in ("identifier", "shorthand_property_identifier"):
        return found
    name = ref.module.text(ref.node)
    return [
        one
        for one in found
        if not (isinstance(one, Ref) and one.node.type == "string")
        or reached(code, ref, assumed={name: unquoted(one.module, one.node)}) is not False
    ]


def _attribute(code: Codebase, ref: Ref, key: str, depth: int) -> Iterator[Known]:
    """Yield what an attribute of an element of JSX can be."""
    spread = False
    for child in ref.node.children_by_field_name("attribute"):
        name, value = nth(child, 0), nth(child, 1)
        if child.type != "jsx_attribute":
            spread = True
        elif name is not None and value is not None and ref.module.text(name) == key:
            inner = nth(value, 0) if value.type == "jsx_expression" else value
            yield from follow.alternatives(code, ref.to(inner or value), depth + 1)
            return
    yield Open(f"the element has no {key}", ref, missing=not spread)


def _enum_member(ref: Ref, key: str) -> Iterator[Known]:
    body = ref.node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name") if child.type == "enum_assignment" else child
        if name is not None and unquoted(ref.module, name) == key:
            value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
            yield Ref(ref.module, value) if value is not None else Open(f"{key} is a number", ref)
            return
    yield Open(f"the enum has no {key}", ref)
