"""What the text of a module says of its variables and functions, before anything is followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, inside, nth
from pgproof.code.typescript.scopes import Binding, lookup

if TYPE_CHECKING:
    from tree_sitter import Node

_RETURN = re.compile(rb"(?<![\w$.])return(?![\w$])")
_APPENDED = "augmented_assignment_expression"
_ITERATIONS = frozenset({"forEach", "map", "flatMap", "filter", "some", "every", "find"})


def assigned(module: Module, binding: Binding) -> Iterator[Node]:
    """Yield the values that a variable gets: where it is declared, and, if it may change, where it is assigned."""
    value = binding.node.child_by_field_name("value")
    if value is not None:
        yield value
    declaration = binding.node.parent
    if declaration is None or module.data.startswith(b"const", declaration.start_byte):
        return
    for assignment in assignments(module, module.text(binding.name)):
        left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
        if left is not None and right is not None and left.type == "identifier" and assignment.type != _APPENDED:
            target = lookup(module, left, module.text(left))
            if target is not None and target.name.id == binding.name.id:
                yield right


def appended(module: Module, binding: Binding) -> list[Node]:
    """Return what is added to a variable with `+=`, in the order of the code."""
    found: list[Node] = []
    for assignment in assignments(module, module.text(binding.name)):
        left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
        if assignment.type != _APPENDED or left is None or right is None or left.type != "identifier":
            continue
        target = lookup(module, left, module.text(left))
        if operator(assignment) == "+=" and target is not None and target.name.id == binding.name.id:
            found.append(right)
    return found


def assignments(module: Module, name: str) -> list[Node]:
    """Return the assignments whose left side begins with a name, `x = …`, `x.y = …`, in the order of the code."""
    if module.written is None:
        module.written = {}
    if name not in module.written:
        found: list[Node] = []
        for node in module.words(name):
            top = node
            above = top.parent
            while above is not None and above.type in ("member_expression", "subscript_expression"):
                first = above.child_by_field_name("object")
                if first is None or first.id != top.id:
                    break
                top, above = above, above.parent
            if above is not None and above.type in ("assignment_expression", "augmented_assignment_expression"):
                left = above.child_by_field_name("left")
                if left is not None and left.id == top.id:
                    found.append(above)
        module.written[name] = found
    return module.written[name]


def function_of(binding: Binding) -> Node | None:
    """Return the function that a parameter belongs to."""
    above: Node | None = binding.node
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above


def iterated(function: Node) -> Node | None:
    """Return the list whose elements a function gets: `list.map(function)`."""
    listed = function.parent
    call = listed.parent if listed is not None and listed.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    if callee is None or listed is None:
        return None
    if callee.type == "call_expression":  # it.each(list)("…", function)
        each, given = callee.child_by_field_name("function"), arguments(callee)
        named = each.child_by_field_name("property") if each is not None and each.type == "member_expression" else None
        return given[0] if named is not None and named.text == b"each" and given else None
    if callee.type != "member_expression":
        return None
    method = callee.child_by_field_name("property")
    first = nth(listed, 0)
    if method is None or first is None or first.id != function.id or (method.text or b"").decode() not in _ITERATIONS:
        return None
    return callee.child_by_field_name("object")


def class_of(node: Node) -> Node | None:
    """Return the class that `this` means at a place."""
    above = node.parent
    while above is not None:
        if above.type in ("class_declaration", "class", "abstract_class_declaration"):
            return above
        if above.type in ("function_declaration", "function_expression", "generator_function_declaration"):
            return None
        above = above.parent
    return None


def returned(module: Module, function: Node) -> list[Node]:
    """Return the expressions that a function returns."""
    known = module.returned.get(function.id)
    if known is None:
        known = module.returned[function.id] = _returned(module, function)
    return known


def _returned(module: Module, function: Node) -> list[Node]:
    body = function.child_by_field_name("body")
    if body is None:
        return []
    if body.type != "statement_block":
        return [body]
    found: list[Node] = []
    for match in _RETURN.finditer(module.data, body.start_byte, body.end_byte):
        statement = module.at(match.start(), match.end())
        if statement is None or statement.type != "return_statement" or statement.start_byte != match.start():
            continue
        owner = inside(module, statement)
        value = next((child for child in statement.named_children if child.type != "comment"), None)
        if value is not None and owner is not None and owner.id == function.id:
            found.append(value)
    return found


def operator(node: Node) -> str:
    """Return the sign of an expression with two sides."""
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""
