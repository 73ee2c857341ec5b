"""Chains of calls, and where a query goes that is kept in a variable, extended later, returned or handed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import assignments
from pgproof.code.typescript.callers import callers
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.conditions import reached
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Given, Ref
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, called, callee, inside
from pgproof.code.typescript.scopes import Binding, lookup, parameters
from pgproof.code.typescript.text import texts

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 6
_BRANCHES = 60
_STEPS = 120
"""Methods in one chain: nobody writes more."""
_TRANSPARENT = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
    | {"ternary_expression"}
)
_CASTS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
_PROMISE = frozenset({"then", "catch", "finally"})


@dataclass(frozen=True, slots=True)
class Step:
    """A method that is called on the query; `call` is the call."""

    name: str
    call: Ref

    def argument(self, index: int) -> Ref | None:
        """Return an argument, `None` when it is not given."""
        given = arguments(self.call.node)
        return self.call.to(given[index]) if index < len(given) else None


@dataclass(frozen=True, slots=True)
class Branch:
    """One way that a query takes: the methods called on it in turn, and the expression that it ends as.

    It is not `sure` when it is another function that calls some of them, on conditions that are not known.
    """

    steps: tuple[Step, ...]
    end: Ref
    sure: bool = True


def climb(ref: Ref) -> tuple[list[Step], Node]:
    """Return the methods that are called on an expression in the same chain, and the whole chain."""
    known = ref.module.chains.get(ref.node.id)
    if known is None:
        known = ref.module.chains[ref.node.id] = _climb(ref.module, ref.node)
    return [Step(word, ref.to(call)) for word, call in known[0]], known[1]


def _climb(module: Module, node: Node) -> tuple[list[tuple[str, Node]], Node]:
    steps: list[tuple[str, Node]] = []
    top = node
    while len(steps) < _STEPS:
        above = first = top.parent
        while above is not None and above.type in _CASTS:
            above = above.parent
        if above is not None and above is not first and above.type == "member_expression":
            top = _below(top, above)
        if above is None or above.type != "member_expression":
            return steps, top
        inner, call = above.child_by_field_name("object"), called(above)
        name = above.child_by_field_name("property")
        if inner is None or inner.id != top.id or name is None or call is None:
            return steps, top
        word = module.text(name)
        if word in _PROMISE:
            return steps, top
        steps.append((word, call))
        top = call
    return steps, top


def _below(node: Node, above: Node) -> Node:
    """Return what stands directly below a node, around another one."""
    while node.parent is not None and node.parent.id != above.id:
        node = node.parent
    return node


def branches(code: Codebase, ref: Ref, depth: int = 0) -> list[Branch]:
    """Return the ways that a query goes on from an expression: at least one."""
    steps, top = climb(ref)
    taken = tuple(steps)
    if depth > _DEPTH:
        return [Branch(taken, ref.to(top))]
    found: list[Branch] = []
    for onward in _onward(code, ref.to(top), depth):
        found.append(Branch(taken + onward.steps, onward.end, onward.sure))
        if len(found) > _BRANCHES:
            break
    return found or [Branch(taken, ref.to(top))]


def _onward(code: Codebase, ref: Ref, depth: int) -> Iterator[Branch]:
    node = ref.node
    above = node.parent
    while above is not None and (above.type in _TRANSPARENT or _is_choice(above)):
        node, above = above, above.parent
    if above is None:
        return
    if above.type == "variable_declarator":
        name = above.child_by_field_name("name")
        if name is not None and name.type == "identifier":
            yield from _of_variable(code, ref, name, depth)
    elif above.type == "assignment_expression":
        left, right = above.child_by_field_name("left"), above.child_by_field_name("right")
        if left is not None and right is not None and right.id == node.id and left.type == "identifier":
            yield from _of_variable(code, ref, left, depth)
    elif above.type == "arrow_function" or above.type == "return_statement":
        yield from _of_result(code, ref, above if above.type == "arrow_function" else inside(ref.module, above), depth)
    elif above.type == "arguments":
        yield from _of_argument(code, ref, node, above, depth)


def _is_choice(node: Node) -> bool:
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    return operator is not None and operator.type in ("||", "??")


def _of_variable(code: Codebase, ref: Ref, name: Node, depth: int) -> Iterator[Branch]:
    binding = lookup(ref.module, name, ref.module.text(name))
    if binding is None:
        return
    key = (f"query {ref.module.path}", binding.name.id)
    if key in code.active:
        return
    code.active.add(key)
    try:
        replaced = list(_replaced(ref.module, binding, name))
        for use in uses(ref.module, binding):
            gone = any(
                start < use.start_byte and block_start <= use.start_byte < end for start, block_start, end in replaced
            )
            if use.start_byte > name.start_byte and not gone:
                yield from branches(code, ref.to(use), depth + 1)
    finally:
        code.active.discard(key)


def _replaced(module: Module, binding: Binding, name: Node) -> Iterator[tuple[int, int, int]]:
    """Yield where the variable gets another value, later and not made of this one, and the block that this is in."""
    word = module.text(binding.name)
    for assignment in assignments(module, word):
        left, right, statement = (
            assignment.child_by_field_name("left"),
            assignment.child_by_field_name("right"),
            assignment.parent,
        )
        block = statement.parent if statement is not None and statement.type == "expression_statement" else None
        if left is None or right is None or block is None or left.type != "identifier":
            continue
        if assignment.start_byte > name.end_byte and not any(module.words(word, right.start_byte, right.end_byte)):
            yield assignment.end_byte, block.start_byte, block.end_byte


def uses(module: Module, binding: Binding) -> Iterator[Node]:
    """Yield the places where the value of a variable or parameter is used."""
    scope: Node | None = binding.node
    while scope is not None and scope.parent is not None and scope.type not in ("statement_block", *FUNCTIONS):
        scope = scope.parent
    if scope is None:
        return
    for node in module.words(module.text(binding.name), scope.start_byte, scope.end_byte):
        if node.type not in ("identifier", "shorthand_property_identifier") or node.id == binding.name.id:
            continue
        above = node.parent
        left = (
            above.child_by_field_name("left") if above is not None and above.type == "assignment_expression" else None
        )
        if left is not None and left.id == node.id:
            continue
        target = lookup(module, node, module.text(node))
        if target is not None and target.name.id == binding.name.id:
            yield node


def _of_result(code: Codebase, ref: Ref, function: Node | None, depth: int) -> Iterator[Branch]:
    """Go on where a function is called that gives the query back; an async one has sent it by then."""
    if function is None or any(child.type == "async" for child in function.children):
        return
    given = ref.given
    while given is not None:
        if given.function == function.id and given.call is not None:  # the call that this is read for
            yield from branches(code, given.call, depth + 1)
            return
        given = given.outer
    for call in callers(code, ref.module, function, everywhere=False):
        yield from branches(code, call, depth + 1)


def _of_argument(code: Codebase, ref: Ref, node: Node, listed: Node, depth: int) -> Iterator[Branch]:
    """Go on in a function of the project that gets the query, and where it gives it back."""
    call = listed.parent
    function = callee(call) if call is not None and call.type == "call_expression" else None
    if call is None or function is None:
        return
    index = next((i for i, one in enumerate(arguments(call)) if one.id == node.id), -1)
    followed = follow(code, ref.to(function)) if function.type in ("identifier", "member_expression") else []
    for known in followed:
        if not isinstance(known, Ref) or known.node.type not in FUNCTIONS:
            continue
        given = Given(known.node.id, tuple(ref.to(one) for one in arguments(call)), known.given)
        told = any(texts(code, one) for one in given.values if one.node.id != node.id)
        for binding in parameters(known.module, known.node):
            key = (f"query {known.module.path}", binding.name.id)
            if binding.index != index or binding.steps or key in code.active:
                continue
            code.active.add(key)
            try:
                for use in uses(known.module, binding):
                    place = Ref(known.module, use, given)
                    sure = reached(code, place, known.node)
                    sure = True if sure is None and told else sure
                    if sure is not False:
                        yield from (
                            replace(one, sure=one.sure and sure is True) for one in branches(code, place, depth + 1)
                        )
            finally:
                code.active.discard(key)
        yield from branches(code, ref.to(call), depth + 1)
