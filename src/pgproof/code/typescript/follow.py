"""What an expression can be: names, members, calls and conditions are followed to what they stand for, across files.

`exports.py`, `lists.py`, `members.py` and `classes.py` do this for what their names say; they and this module use each
other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.code.typescript import exports, lists, members, provided
from pgproof.code.typescript.assigned import assigned, function_of, iterated, operator, returned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import DEPTH, STEPS, External, Given, Known, Open, Ref, Whole
from pgproof.code.typescript.module import FUNCTIONS, arguments, bare, unquoted
from pgproof.code.typescript.once import once
from pgproof.code.typescript.scopes import Binding, Rest, Step, lookup

if TYPE_CHECKING:
    pass

BREADTH = 120
_HANDED_ON = frozenset(
    {"freeze", "seal", "useCallback", "cache", "memoize", "once", "readonly", "shallowRef", "ref", "memo", "forwardRef"}
)
"""Functions that give back what they get, or something that acts like it."""


def follow(code: Codebase, ref: Ref, depth: int = 0) -> list[Known]:
    """Return what an expression can be, in the order of the code; a `Ref` is an expression that stands for itself."""
    found: list[Known] = []
    for known in alternatives(code, ref, depth):
        if known not in found:
            found.append(known)
        if len(found) > BREADTH:
            found.append(Open("it has too many possible values", ref))
            break
    return found


def alternatives(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    """Yield what an expression can be, one after the other, the same perhaps more than once."""
    code.spent += 1
    if depth > DEPTH or code.spent > STEPS:
        code.cut += 1
        yield Open("it leads through too many places", ref)
        return
    node = bare(ref.node)
    if node is not ref.node:
        ref = ref.to(node)
    kind = node.type
    if kind in ("identifier", "shorthand_property_identifier"):
        yield from _identifier(code, ref, depth)
    elif kind == "member_expression":
        yield from once(code, "", ref, node.id, depth, lambda: members.member_expression(code, ref, depth))
    elif kind == "subscript_expression":
        yield from once(code, "", ref, node.id, depth, lambda: members.subscript(code, ref, depth))
    elif kind == "ternary_expression":
        for name in ("consequence", "alternative"):
            if (branch := node.child_by_field_name(name)) is not None:
                yield from alternatives(code, ref.to(branch), depth + 1)
    elif kind == "binary_expression" and operator(node) in ("||", "??"):
        for name in ("left", "right"):
            if (branch := node.child_by_field_name(name)) is not None:
                yield from alternatives(code, ref.to(branch), depth + 1)
    elif kind == "call_expression":
        yield from once(code, "", ref, node.id, depth, lambda: _call(code, ref, depth))
    elif kind == "assignment_expression" and (right := node.child_by_field_name("right")) is not None:
        yield from alternatives(code, ref.to(right), depth + 1)
    elif kind == "sequence_expression" and node.named_children:
        yield from alternatives(code, ref.to(node.named_children[-1]), depth + 1)
    else:
        yield ref


def _identifier(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    name = ref.module.text(ref.node)
    if name == "undefined":
        yield ref
        return
    binding = lookup(ref.module, ref.node, name)
    if binding is None:
        yield from provided.provided(code, ref.module, name, depth) or [External("", name)]
    else:
        yield from bound(code, ref, binding, depth)


def bound(code: Codebase, ref: Ref, binding: Binding, depth: int = 0) -> Iterator[Known]:
    """Yield what a declared name can be; `ref` is the expression that names it."""
    module, node = ref.module, binding.node
    if binding.kind == "import":
        yield from exports.imported(code, module, binding.source, binding.imported, depth + 1)
    elif binding.kind in ("function", "class", "enum", "namespace"):
        yield Ref(module, node, ref.given)
    elif binding.kind == "variable":
        yield from _variable(code, ref, binding, depth)
    elif binding.kind == "parameter":
        yield from parameter(code, ref, binding, depth)
    elif binding.kind == "loop":
        yield from _loop(code, ref, binding, depth)
    else:
        yield Open(f"{module.text(binding.name)} is an error that was caught", ref, binding)


def _variable(code: Codebase, ref: Ref, binding: Binding, depth: int) -> list[Known]:
    module, key = ref.module, (ref.module.path, binding.name.id)
    if ref.given is None and (known := code.kept("variable", module, binding.name.id)) is not None:
        return list(known[0])
    if key in code.active:
        code.cut += 1
        return [Open(f"{module.text(binding.name)} is made of itself", ref, binding, binding.steps)]
    before, since, saved = code.cut, code.asked(), code.saved - code.spent
    code.active.add(key)
    try:
        found: list[Known] = []
        for value in assigned(module, binding):
            direct = value.parent is not None and value.parent.id == binding.node.id
            found += _stepped(code, Ref(module, value, ref.given), binding.steps if direct else (), ref, binding, depth)
    finally:
        code.active.discard(key)
    if not found:
        found = [Open(f"{module.text(binding.name)} has no value where it is declared", ref, binding, binding.steps)]
    if ref.given is None and code.cut == before:
        code.keep("variable", module, binding.name.id, tuple(found), since)
        code.saved = saved + code.spent
    return found


def _stepped(
    code: Codebase, start: Ref, steps: tuple[Step, ...], ref: Ref, binding: Binding, depth: int
) -> Iterator[Known]:
    """Follow a value through the pattern that takes it apart, and its default."""
    if not steps:
        for known in alternatives(code, start, depth + 1):
            yield _with_binding(known, ref, binding)
        return
    values: list[Known] = list(alternatives(code, start, depth + 1))
    for step in steps:
        if isinstance(step, Rest):
            values = [Open("it is the rest of an object", ref, binding, binding.steps)]
            break
        values = [one for value in values for one in members.member(code, value, step, depth + 1)]
    for known in values:
        if not isinstance(known, Open):
            yield known
        elif not known.missing or binding.default is None:
            yield replace(known, ref=ref, binding=binding, steps=binding.steps)
    if binding.default is not None and any(isinstance(known, Open) for known in values):
        yield from alternatives(code, Ref(ref.module, binding.default, ref.given), depth + 1)


def _with_binding(known: Known, ref: Ref, binding: Binding) -> Known:
    if isinstance(known, Open) and known.binding is None:
        return Open(known.reason, known.ref or ref, binding, binding.steps)
    return known


def parameter(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Iterator[Known]:
    """Yield what a parameter can be: an argument where the call is known, an element of a list that is gone through."""
    function = function_of(binding)
    name = ref.module.text(binding.name)
    given = ref.given
    while given is not None and (function is None or given.function != function.id):
        given = given.outer
    if given is not None and binding.index < len(given.values):
        yield from _stepped(code, given.values[binding.index], binding.steps, ref, binding, depth)
        return
    if given is not None and binding.default is not None and not binding.steps:
        yield from alternatives(code, Ref(ref.module, binding.default, ref.given), depth + 1)
        return
    if function is not None and binding.index == 0 and (element := iterated(function)) is not None:
        values = list(lists.elements(code, ref.to(element), depth + 1))
        if values and not any(isinstance(value, Open) for value in values):
            for value in values:
                yield from _after(code, value, binding.steps, depth)
            return
    yield Open(f"{name} is a parameter", ref, binding, binding.steps)
    if binding.default is not None:
        yield from alternatives(code, Ref(ref.module, binding.default, ref.given), depth + 1)


def _after(code: Codebase, value: Known, steps: tuple[Step, ...], depth: int) -> Iterator[Known]:
    values = [value]
    for step in steps:
        if isinstance(step, Rest):
            yield Open("it is the rest of an object")
            return
        values = [one for each in values for one in members.member(code, each, step, depth + 1)]
    yield from values


def _loop(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Iterator[Known]:
    right = binding.node.child_by_field_name("right")
    operator = binding.node.child_by_field_name("operator")
    if right is None or operator is None or operator.type != "of":
        yield Open(f"{ref.module.text(binding.name)} changes in a loop", ref, binding, binding.steps)
        return
    steps = binding.steps
    values = lists.elements(code, ref.to(right), depth + 1)
    if right.type == "call_expression" and ref.module.data.startswith(b"Object.entries", right.start_byte):
        given, first = arguments(right), steps[0] if steps else None
        if given and first in (0, 1) and isinstance(first, int):
            values, steps = lists.entries(code, ref.to(given[0]), first, depth + 1), steps[1:]
    for value in values:
        for known in _after(code, value, steps, depth):
            yield Open(known.reason, ref, binding, binding.steps) if isinstance(known, Open) else known


def _call(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    node, module = ref.node, ref.module
    callee = node.child_by_field_name("function")
    given = arguments(node)
    if callee is None:
        yield ref
        return
    name = module.text(callee)
    if (callee.type == "import" or name == "require") and given and given[0].type == "string":
        source = unquoted(module, given[0])
        target = code.find(module.path, source)
        if target is None:
            yield External(source, "*")
        else:
            values = (
                list(exports.exported(code, target, "default", depth + 1)) if b"module.exports" in target.data else []
            )
            whole = not values or any(isinstance(one, Ref) and one.node.type == "object" for one in values)
            yield from [Whole(target)] if whole else values
        return
    last = name.rpartition(".")[2]
    if last in _HANDED_ON and given:
        yield from alternatives(code, ref.to(given[0]), depth + 1)
        return
    if last == "useMemo" and given and given[0].type in FUNCTIONS:
        for value in returned(module, given[0]):
            yield from alternatives(code, ref.to(value), depth + 1)
        return
    found: list[Known] = []
    for known in list(alternatives(code, ref.to(callee), depth + 1)):
        if isinstance(known, Ref) and known.node.type in FUNCTIONS:
            found += _results(code, known, tuple(ref.to(one) for one in given), depth)
    yield from found or [ref]


def _results(code: Codebase, function: Ref, given: tuple[Ref, ...], depth: int) -> list[Known]:
    key = (function.module.path, function.node.id)
    if key in code.active:
        code.cut += 1
        return [Open("the function calls itself", function)]
    code.active.add(key)
    try:
        inner = Given(function.node.id, given, function.given)
        found: list[Known] = []
        for value in returned(function.module, function.node):
            found += alternatives(code, Ref(function.module, value, inner), depth + 1)
    finally:
        code.active.discard(key)
    return found
