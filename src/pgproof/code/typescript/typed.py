"""The types of expressions, where the code declares them: parameters, variables, fields, results, casts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import class_of, function_of, iterated
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import FUNCTIONS, Module, nth
from pgproof.code.typescript.once import once
from pgproof.code.typescript.scopes import Binding, Step, lookup
from pgproof.code.typescript.type_keys import keys_of
from pgproof.code.typescript.types import Type, annotation, element_types, member_types, reduce, result_type

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 12


def types_of(code: Codebase, ref: Ref, depth: int = 0) -> list[Type]:
    """Return the types that an expression is declared to have; nothing when the code does not say."""
    if depth > _DEPTH:
        code.cut += 1
        return []
    node = ref.node
    if node.type in ("parenthesized_expression", "non_null_expression", "await_expression"):
        inner = nth(node, 0)
        return types_of(code, ref.to(inner), depth + 1) if inner is not None else []
    if node.type in ("as_expression", "satisfies_expression"):
        cast = nth(node, 1)
        found = reduce(code, Type(ref.module, cast)) if cast is not None else []
        inner = nth(node, 0)
        said = [one for one in found if one.node.type != "predefined_type"]
        return said or (types_of(code, ref.to(inner), depth + 1) if inner is not None else [])
    if node.type in ("identifier", "shorthand_property_identifier"):
        binding = lookup(ref.module, node, ref.module.text(node))
        return _of_binding(code, ref, binding, depth) if binding is not None else []
    if node.type == "member_expression":
        return _of_member(code, ref, depth)
    if node.type == "call_expression":
        return _of_call(code, ref, depth)
    if node.type == "binary_expression":
        right, left = node.child_by_field_name("right"), node.child_by_field_name("left")
        found = types_of(code, ref.to(left), depth + 1) if left is not None else []
        return found or (types_of(code, ref.to(right), depth + 1) if right is not None else [])
    return []


def may_be_left_out(code: Codebase, ref: Ref) -> bool:
    """Say whether a parameter or a member is declared as optional: JSON leaves out what is `undefined`."""
    node = ref.node
    if node.type == "member_expression":
        inner, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        owners = types_of(code, ref.to(inner)) if inner is not None else []
        return name is not None and _is_optional(code, owners, ref.module.text(name))
    if node.type not in ("identifier", "shorthand_property_identifier"):
        return False
    binding = lookup(ref.module, node, ref.module.text(node))
    if binding is None or binding.kind not in ("parameter", "variable") or binding.default is not None:
        return False
    if not binding.steps:
        return binding.node.type == "optional_parameter"
    last = binding.steps[-1]
    owners = _of_binding(code, ref, replace(binding, steps=binding.steps[:-1]), 0)
    return isinstance(last, str) and _is_optional(code, owners, last)


def _is_optional(code: Codebase, owners: list[Type], key: str) -> bool:
    known = [keys.properties.get(key) for owner in owners if (keys := keys_of(code, owner)) is not None]
    return any(one is not None and one.optional for one in known)


def _of_binding(code: Codebase, ref: Ref, binding: Binding, depth: int) -> list[Type]:
    name = binding.name.id
    return list(once(code, binding.steps, ref, name, depth, lambda: _of_declaration(code, ref, binding, depth)))


def _of_declaration(code: Codebase, ref: Ref, binding: Binding, depth: int) -> list[Type]:
    written = annotation(ref.module, binding.node) if binding.kind in ("parameter", "variable") else None
    if binding.node.type == "identifier":  # a parameter without parentheses
        written = None
    if written is not None:
        return stepped(code, reduce(code, written), binding.steps)
    if binding.kind == "variable" and (value := binding.node.child_by_field_name("value")) is not None:
        return stepped(code, types_of(code, ref.to(value), depth + 1), binding.steps)
    if binding.kind == "loop" and (right := binding.node.child_by_field_name("right")) is not None:
        return _elements(code, types_of(code, ref.to(right), depth + 1), binding.steps)
    if binding.kind == "parameter" and binding.index == 0:
        function = function_of(binding)
        listed = iterated(function) if function is not None else None
        if listed is not None:
            return _elements(code, types_of(code, ref.to(listed), depth + 1), binding.steps)
    return []


def _elements(code: Codebase, lists: list[Type], steps: tuple[Step, ...]) -> list[Type]:
    return stepped(code, [one for each in lists for one in element_types(code, each)], steps)


def stepped(code: Codebase, types: list[Type], steps: tuple[Step, ...]) -> list[Type]:
    """Return the types of what a pattern takes out of a value of one of these types."""
    for step in steps:
        if not isinstance(step, str):
            return []
        types = [one for each in types for one in member_types(code, each, step)]
    return types


def _of_member(code: Codebase, ref: Ref, depth: int) -> list[Type]:
    inner, name = ref.node.child_by_field_name("object"), ref.node.child_by_field_name("property")
    if inner is None or name is None:
        return []
    key = ref.module.text(name)
    if inner.type == "this":
        owner = class_of(inner)
        written = _field(ref.module, owner, key) if owner is not None else None
        return reduce(code, written) if written is not None else []
    return [one for each in types_of(code, ref.to(inner), depth + 1) for one in member_types(code, each, key)]


def _field(module: Module, owner: Node, key: str) -> Type | None:
    body = owner.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name")
        if child.type == "public_field_definition" and name is not None and module.text(name) == key:
            return annotation(module, child)
        if child.type == "method_definition" and name is not None and module.text(name) == "constructor":
            listed = child.child_by_field_name("parameters")
            for parameter in listed.named_children if listed is not None else ():
                pattern = parameter.child_by_field_name("pattern")
                if pattern is not None and module.text(pattern) == key:
                    return annotation(module, parameter)
    return None


def _of_call(code: Codebase, ref: Ref, depth: int) -> list[Type]:
    callee = ref.node.child_by_field_name("function")
    if callee is None:
        return []
    for known in follow(code, ref.to(callee)):
        if isinstance(known, Ref) and known.node.type in FUNCTIONS:
            written = result_type(known.module, known.node)
            if written is not None:
                return reduce(code, written)
    for one in types_of(code, ref.to(callee), depth + 1):
        given = one.node.child_by_field_name("return_type") if one.node.type == "function_type" else None
        if given is not None:
            return reduce(code, one.to(given))
    inner, method = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    if (
        inner is not None
        and method is not None
        and ref.module.text(method) in ("filter", "slice", "sort", "reverse", "concat")
    ):
        return types_of(code, ref.to(inner), depth + 1)
    return []
