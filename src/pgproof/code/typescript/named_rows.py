"""The keys of rows that have a name: variables with what is done to them, parameters with what callers give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgproof.code.typescript import shape, state
from pgproof.code.typescript.assigned import assigned, function_of, iterated
from pgproof.code.typescript.callers import callers
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.conditions import allowed
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.growth import growth
from pgproof.code.typescript.keys import Key, Shape, alternatives, either, of_keys, of_types, open_shape, or_typed
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.members import member
from pgproof.code.typescript.module import arguments, bare, nth, unquoted
from pgproof.code.typescript.schema import checked_before, validated
from pgproof.code.typescript.scopes import Binding, Rest, Step, lookup
from pgproof.code.typescript.text import texts
from pgproof.code.typescript.type_texts import literal_texts
from pgproof.code.typescript.typed import stepped, types_of
from pgproof.code.typescript.types import annotation, reduce

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLERS = 30
_INPUTS = frozenset({"data", "input", "parsedInput"})
"""What the functions of tRPC, of TanStack Start and of next-safe-action call what they are given."""
_LITERALS = frozenset({"string", "number", "true", "false", "null"})


def identifier(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    """Return the keys of what a name means."""
    name = ref.module.text(ref.node)
    if name == "undefined":
        return None
    binding = lookup(ref.module, ref.node, name)
    if binding is None:
        return open_shape(ref, f"{name} is declared nowhere in the file")
    key = (f"row {ref.module.path}", binding.name.id)
    if key in code.active:
        return Shape()  # `rows = rows.filter(…)`: nothing new
    code.active.add(key)
    try:
        return _of_binding(code, ref, binding, depth)
    finally:
        code.active.discard(key)


def _of_binding(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Shape | None:
    if binding.kind == "variable":
        row = _variable(code, ref, binding, depth)
    elif binding.kind == "parameter":
        row = _parameter(code, ref, binding, depth)
    elif binding.kind == "loop":
        right = binding.node.child_by_field_name("right")
        listed = shape.shape_of(code, ref.to(right), depth + 1) if right is not None else None
        row = _stepped(code, ref, right, binding.steps, depth) if binding.steps else listed
    else:
        row = shape.followed(code, ref, depth)
    grown = growth(ref.module, binding) if binding.kind in ("variable", "parameter") else None
    if grown is None:
        return or_typed(code, ref, row)
    if binding.kind == "parameter" or (row is not None and row.open and not row.keys):
        row = or_typed(code, ref, row)
    result = Shape() if row is None else Shape(dict(row.keys), list(row.open))
    for pushed in grown.rows:
        one = shape.shape_of(code, ref.to(pushed), depth + 1)
        if one is not None:
            result = one if not result.keys and not result.open else either([result, one])
    for more, sure in grown.assigned:
        result.follow_with(shape.shape_of(code, ref.to(more), depth + 1) or Shape(), sure)
    for place, value, sure in grown.keys:
        inner = nth(place, 0) if place.type == "computed_property_name" else place
        name_shape = _grown_key(code, ref, inner or place, value)
        result.follow_with(name_shape, sure)
    for name in grown.deleted:
        for key in [name] if name else list(result.keys):
            if key in result.keys:
                known = result.keys[key]
                result.keys[key] = Key(key, known.location, False, True, known.values)  # it may never be written
    return result


def _grown_key(code: Codebase, ref: Ref, place: Node, value: Node) -> Shape:
    if place.type == "property_identifier" or place.type == "string":
        return shape.named_key(code, ref, unquoted(ref.module, place), place, value)
    known = follow(code, ref.to(place))
    found = [text.value for text in texts(code, ref.to(place)) if not text.holes]
    if not found or len(found) < len(known):
        found = allowed(code, ref.to(place)) or []
    if not found:
        types = types_of(code, ref.to(place))
        named = [text for given in types for text, _ in literal_texts(code, given)]
        if not named:
            return open_shape(ref.to(place), "a key is computed at run time")
        found = named
    row = either(shape.named_key(code, ref, key, place, value) for key in found)
    for key in row.keys.values():
        key.sure = False
        if len(found) > 1 and bare(value).type not in _LITERALS:
            key.values = ()  # which value goes with which key is not known
    return row


def _variable(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Shape | None:
    values = list(assigned(ref.module, binding))
    if not values:
        return of_types(code, ref, types_of(code, ref)) or Shape()
    shapes: list[Shape | None] = []
    for value in values:
        direct = value.parent is not None and value.parent.id == binding.node.id
        start = Ref(ref.module, value, ref.given)
        if direct and binding.steps == (0,) and (row := state.of_pair(code, ref, value, depth)) is not None:
            shapes.append(row)
        elif direct and binding.steps:
            shapes.append(_stepped(code, start, value, binding.steps, depth))
        else:
            shapes.append(shape.shape_of(code, start, depth + 1))
    found = [row for row in shapes if row is not None and (row.keys or row.open)]
    return either(found) if found else Shape() if any(row is not None for row in shapes) else None


def _stepped(code: Codebase, ref: Ref, value: Node | None, steps: tuple[Step, ...], depth: int) -> Shape | None:
    """Return what a pattern takes out of an object: one member of it, or the rest."""
    if value is None:
        return open_shape(ref, "it comes out of a pattern")
    last = steps[-1]
    if isinstance(last, Rest) and len(steps) == 1:
        whole = shape.shape_of(code, ref.to(value), depth + 1)
        if whole is None:
            return None
        return Shape({name: key for name, key in whole.keys.items() if name not in last.without}, whole.open)
    reached: list[object] = list(follow(code, ref.to(value), depth + 1))
    for step in steps:
        if isinstance(step, Rest):
            return open_shape(ref, "it is the rest of an object")
        reached = [one for each in reached for one in member(code, each, step, depth + 1)]  # type: ignore[arg-type]
    shapes = [shape.shape_of(code, one, depth + 1) for one in reached if isinstance(one, Ref)]
    if shapes and len(shapes) == len(reached):
        return alternatives(shapes)
    return open_shape(ref, "it comes out of an object that is not known")


def _parameter(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Shape | None:
    function = function_of(binding)
    given = ref.given
    while given is not None and (function is None or given.function != function.id):
        given = given.outer
    if given is not None and binding.index < len(given.values):
        value = given.values[binding.index]
        if binding.steps:
            return _stepped(code, value, value.node, binding.steps, depth)
        return shape.shape_of(code, value, depth + 1)
    if given is not None and not binding.steps and not any(one.node.type == "spread_element" for one in given.values):
        # left out in this call: what the others give says nothing of it
        return shape.shape_of(code, ref.to(binding.default), depth + 1) if binding.default is not None else None
    listed = iterated(function) if function is not None and binding.index == 0 else None
    if listed is not None and not types_of(code, ref):
        if binding.steps:
            rest = binding.steps[0]
            whole = shape.shape_of(code, ref.to(listed), depth + 1)
            if isinstance(rest, Rest) and whole is not None:
                return Shape({name: key for name, key in whole.keys.items() if name not in rest.without}, whole.open)
            return open_shape(ref, "it comes out of a list that is not known")
        return shape.shape_of(code, ref.to(listed), depth + 1)
    if function is not None and binding.index == 0 and (row := _checked(code, ref, binding, function)) is not None:
        return row
    if function is not None and binding.steps and binding.steps[0] in _INPUTS:
        keys = validated(code, Ref(ref.module, function))
        if keys is not None and len(binding.steps) == 1:
            return of_keys(ref, keys)
    if binding.steps and isinstance(binding.steps[-1], Rest):
        return _rest_of_type(code, ref, binding)
    typed = of_types(code, ref, types_of(code, ref))
    return typed or _from_callers(code, ref, binding, function, depth)


def _checked(code: Codebase, ref: Ref, binding: Binding, function: Node) -> Shape | None:
    """Return what `form(schema, (row) => …)` is given, or the rest that a pattern leaves of it."""
    last = binding.steps[-1] if binding.steps else None
    if len(binding.steps) > 1 or not (last is None or isinstance(last, Rest)):
        return None
    keys = checked_before(code, Ref(ref.module, function))
    row = of_keys(ref, keys) if keys is not None else None
    if row is None or not isinstance(last, Rest):
        return row
    return Shape({name: key for name, key in row.keys.items() if name not in last.without}, row.open)


def _from_callers(code: Codebase, ref: Ref, binding: Binding, function: Node | None, depth: int) -> Shape:
    """Return what a parameter without a type is given where its function is called."""
    unknown = open_shape(ref, f"{ref.module.text(binding.name)} is a parameter")
    key = (f"callers {ref.module.path}", function.id if function is not None else 0)
    if function is None or key in code.active:
        return unknown
    code.active.add(key)
    try:
        shapes: list[Shape] = []
        for caller in callers(code, ref.module, function)[:_CALLERS]:
            given = arguments(caller.node)
            value = caller.to(given[binding.index]) if binding.index < len(given) else None
            if value is None:
                continue
            stepped = _stepped(code, value, value.node, binding.steps, depth) if binding.steps else None
            row = stepped if binding.steps else shape.shape_of(code, value, depth + 1)
            shapes += [row] if row is not None else []
    finally:
        code.active.discard(key)
    return either(shapes) if shapes else unknown


def _rest_of_type(code: Codebase, ref: Ref, binding: Binding) -> Shape:

    last = binding.steps[-1]
    written = annotation(ref.module, binding.node) if binding.node.type != "identifier" else None
    types = stepped(code, reduce(code, written), binding.steps[:-1]) if written is not None else []
    row = of_types(code, ref, types)
    if row is None or not isinstance(last, Rest):
        return open_shape(ref, "it is the rest of a parameter")
    return Shape({name: key for name, key in row.keys.items() if name not in last.without}, row.open)
