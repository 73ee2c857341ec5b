"""Which keys the rows have that the code writes: object literals, lists, variables that grow, spreads, calls, types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import assigned, function_of, iterated, returned
from pgproof.code.typescript.callers import callers
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.conditions import allowed
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.growth import growth
from pgproof.code.typescript.known import Given, Open, Ref
from pgproof.code.typescript.literal import values_of
from pgproof.code.typescript.members import member
from pgproof.code.typescript.module import FUNCTIONS, arguments, bare, nth, unquoted
from pgproof.code.typescript.schema import schema_keys
from pgproof.code.typescript.scopes import Binding, Rest, Step, lookup
from pgproof.code.typescript.text import texts
from pgproof.code.typescript.typed import types_of
from pgproof.code.typescript.types import Keys, Type, element_types, keys_of, literal_texts, result_type, united
from pgproof.code.usage import Literal
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 24
_CALLERS = 30
_SAME_ROWS = frozenset({"filter", "slice", "sort", "toSorted", "reverse", "flat", "splice", "toReversed"})
_LISTED = frozenset({"map", "flatMap"})
_CLONES = frozenset(
    {"structuredClone", "cloneDeep", "_.cloneDeep", "JSON.parse", "JSON.stringify", "Promise.all", "clone"}
)


@dataclass(slots=True)
class Key:
    """A key of a row: where it is named, whether each row has it, whether only a type says so, what it may be."""

    name: str
    location: Location
    sure: bool = True
    typed: bool = False
    values: tuple[Literal, ...] = ()


@dataclass(slots=True)
class Shape:
    """The keys of a row; `open` is why there may be others, with the place. `rowless`: it is an empty list."""

    keys: dict[str, Key] = field(default_factory=dict)
    open: list[tuple[Location, str]] = field(default_factory=list)
    rowless: bool = False

    def follow_with(self, other: Shape, sure: bool = True) -> None:
        """Add what comes later in the same object."""
        for name, key in other.keys.items():
            known = self.keys.get(name)
            values = key.values if key.sure and sure else _both(known, key)
            certain = (key.sure and sure) or (known is not None and known.sure)
            self.keys[name] = Key(name, key.location, certain, key.typed, values)
        self.open += other.open


def _both(known: Key | None, key: Key) -> tuple[Literal, ...]:
    return tuple(dict.fromkeys((*known.values, *key.values))) if known is not None else key.values


def either(shapes: Iterable[Shape]) -> Shape:
    """Return what one of several objects has: what not all of them have may be missing."""
    all_shapes = list(shapes)
    alternatives = [shape for shape in all_shapes if not shape.rowless] or all_shapes[:1]
    result = Shape(rowless=all(shape.rowless for shape in alternatives) and bool(alternatives))
    for shape in alternatives:
        for name, key in shape.keys.items():
            known = result.keys.get(name)
            place = known.location if known is not None else key.location
            typed = key.typed and (known is None or known.typed)
            sure = all(name in one.keys and one.keys[name].sure for one in alternatives)
            result.keys[name] = Key(name, place, sure, typed, _both(known, key))
        result.open += (one for one in shape.open if one not in result.open)
    return result


def shape_of(code: Codebase, ref: Ref, depth: int = 0) -> Shape | None:
    """Return the keys of an object, or of each row of a list; `None` when the expression is no object (`undefined`)."""
    code.spent += 1
    node = ref.node
    if depth > _DEPTH:
        return _open(ref, "it leads through too many places")
    if node.type in ("parenthesized_expression", "non_null_expression", "await_expression"):
        inner = nth(node, 0)
        return shape_of(code, ref.to(inner), depth + 1) if inner is not None else None
    if node.type in ("as_expression", "satisfies_expression"):
        inner = nth(node, 0)
        shape = shape_of(code, ref.to(inner), depth + 1) if inner is not None else None
        return _or_typed(code, ref, shape)
    reader = _READERS.get(node.type)
    return reader(code, ref, depth) if reader is not None else _open(ref, "it is no object that could be read")


def _open(ref: Ref, reason: str) -> Shape:
    return Shape(open=[(ref.module.location(ref.node), reason)])


def _or_typed(code: Codebase, ref: Ref, shape: Shape | None) -> Shape | None:
    """Return what the type of an expression says when its value does not say anything."""
    if shape is None or not shape.open or shape.keys:
        return shape
    return of_types(code, ref, types_of(code, ref)) or shape


def of_types(code: Codebase, ref: Ref, types: list[Type]) -> Shape | None:
    """Return the keys that types say; `None` when one of them does not say any."""
    found: list[Keys] = []
    for given in types:
        for element in element_types(code, given):
            keys = schema_keys(code, element) or keys_of(code, element)
            if keys is None:
                return None
            found.append(keys)
    if not found:
        return None
    keys = united(found) if len(found) > 1 else found[0]
    place = ref.module.location(ref.node)
    shape = Shape()
    for name, prop in keys.properties.items():
        node = prop.type.node
        at = prop.type.module.location(node.parent if node.parent is not None else node)
        values = tuple(dict.fromkeys(Literal("string", text) for text, _ in literal_texts(code, prop.type)))
        shape.keys[name] = Key(name, at, not prop.optional, True, values)
    if not keys.whole:
        shape.open.append((place, "its type does not name all its keys"))
    return shape


def _object(code: Codebase, ref: Ref, depth: int) -> Shape:
    shape = Shape()
    for child in ref.node.named_children:
        if child.type == "pair":
            name, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if name is not None and value is not None:
                shape.follow_with(_pair(code, ref, name, value))
        elif child.type == "shorthand_property_identifier":
            shape.follow_with(_named(code, ref, ref.module.text(child), child, child))
        elif child.type == "spread_element" and (inner := nth(child, 0)) is not None:
            shape.follow_with(_spread(code, ref.to(inner), depth))
        elif child.type == "ERROR":
            shape.open.append((ref.module.location(child), "a syntax error"))
    return shape


def _pair(code: Codebase, ref: Ref, name: Node, value: Node) -> Shape:
    if name.type != "computed_property_name":
        return _named(code, ref, unquoted(ref.module, name), name, value)
    inner = nth(name, 0)
    found = [text.value for text in texts(code, ref.to(inner)) if not text.holes] if inner is not None else []
    if not found or len(found) < len(follow(code, ref.to(inner or name))):
        return _open(ref.to(name), "a key is computed at run time")
    return either(_named(code, ref, key, name, value) for key in found)


def _named(code: Codebase, ref: Ref, name: str, place: Node, value: Node) -> Shape:
    node = bare(value)
    if node.type in FUNCTIONS:
        return Shape()  # JSON has no functions
    values, undefined = values_of(code, ref.to(node))
    sure = not undefined
    return Shape({name: Key(name, ref.module.location(place), sure, False, values)})


def _spread(code: Codebase, ref: Ref, depth: int) -> Shape:
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
    return _alternatives(shapes)


def _alternatives(shapes: list[Shape | None]) -> Shape | None:
    """Return one of several; a branch without an object leaves all keys out."""
    found = [shape for shape in shapes if shape is not None]
    if not found:
        return None
    return either(found if len(found) == len(shapes) else [*found, Shape()])


def _binary(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    operator, left, right = (ref.node.child_by_field_name(name) for name in ("operator", "left", "right"))
    if operator is None or left is None or right is None:
        return None
    second = shape_of(code, ref.to(right), depth + 1)
    if operator.type == "&&":
        return _alternatives([second, None])
    if operator.type in ("||", "??"):
        first = shape_of(code, ref.to(left), depth + 1)
        return second if first is None else first if second is None else either([first, second])
    return None


def _nothing(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    return None


def _identifier(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    name = ref.module.text(ref.node)
    if name == "undefined":
        return None
    binding = lookup(ref.module, ref.node, name)
    if binding is None:
        return _open(ref, f"{name} is declared nowhere in the file")
    key = (f"shape {ref.module.path}", binding.name.id)
    if key in code.active:
        return Shape()  # `rows = rows.filter(…)`: nothing new
    code.active.add(key)
    try:
        return _of_binding(code, ref, binding, depth)
    finally:
        code.active.discard(key)


def _of_binding(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Shape | None:
    if binding.kind == "variable":
        shape = _variable(code, ref, binding, depth)
    elif binding.kind == "parameter":
        shape = _parameter(code, ref, binding, depth)
    elif binding.kind == "loop":
        right = binding.node.child_by_field_name("right")
        listed = shape_of(code, ref.to(right), depth + 1) if right is not None else None
        shape = _stepped(code, ref, right, binding.steps, depth) if binding.steps else listed
    else:
        shape = _followed(code, ref, depth)
    grown = growth(ref.module, binding) if binding.kind in ("variable", "parameter") else None
    if grown is None:
        return _or_typed(code, ref, shape)
    if binding.kind == "parameter" or (shape is not None and shape.open and not shape.keys):
        shape = _or_typed(code, ref, shape)
    result = Shape() if shape is None else Shape(dict(shape.keys), list(shape.open))
    for row in grown.rows:
        one = shape_of(code, ref.to(row), depth + 1)
        if one is not None:
            result = one if not result.keys and not result.open else either([result, one])
    for more, sure in grown.assigned:
        result.follow_with(shape_of(code, ref.to(more), depth + 1) or Shape(), sure)
    for place, value, sure in grown.keys:
        inner = nth(place, 0) if place.type == "computed_property_name" else place
        name_shape = _grown_key(code, ref, inner or place, value)
        result.follow_with(name_shape, sure)
    for name in grown.deleted:
        for key in [name] if name else list(result.keys):
            if key in result.keys:
                known = result.keys[key]
                result.keys[key] = Key(key, known.location, False, known.typed, known.values)
    return result


def _grown_key(code: Codebase, ref: Ref, place: Node, value: Node) -> Shape:
    if place.type == "property_identifier" or place.type == "string":
        return _named(code, ref, unquoted(ref.module, place), place, value)
    known = follow(code, ref.to(place))
    found = [text.value for text in texts(code, ref.to(place)) if not text.holes]
    if not found or len(found) < len(known):
        found = allowed(code, ref.to(place)) or []
    if not found:
        types = types_of(code, ref.to(place))
        named = [text for given in types for text, _ in literal_texts(code, given)]
        if not named:
            return _open(ref.to(place), "a key is computed at run time")
        found = named
    shape = either(_named(code, ref, key, place, value) for key in found)
    for key in shape.keys.values():
        key.sure = False
    return shape


def _variable(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Shape | None:
    values = list(assigned(ref.module, binding))
    if not values:
        return of_types(code, ref, types_of(code, ref)) or Shape()
    shapes: list[Shape | None] = []
    for value in values:
        direct = value.parent is not None and value.parent.id == binding.node.id
        start = Ref(ref.module, value, ref.given)
        if direct and binding.steps:
            shapes.append(_stepped(code, start, value, binding.steps, depth))
        else:
            shapes.append(shape_of(code, start, depth + 1))
    found = [shape for shape in shapes if shape is not None and (shape.keys or shape.open)]
    return either(found) if found else Shape() if any(shape is not None for shape in shapes) else None


def _stepped(code: Codebase, ref: Ref, value: Node | None, steps: tuple[Step, ...], depth: int) -> Shape | None:
    """Return what a pattern takes out of an object: one member of it, or the rest."""
    if value is None:
        return _open(ref, "it comes out of a pattern")
    last = steps[-1]
    if isinstance(last, Rest) and len(steps) == 1:
        whole = shape_of(code, ref.to(value), depth + 1)
        if whole is None:
            return None
        return Shape({name: key for name, key in whole.keys.items() if name not in last.without}, whole.open)
    reached: list[object] = list(follow(code, ref.to(value), depth + 1))
    for step in steps:
        if isinstance(step, Rest):
            return _open(ref, "it is the rest of an object")
        reached = [one for each in reached for one in member(code, each, step, depth + 1)]  # type: ignore[arg-type]
    shapes = [shape_of(code, one, depth + 1) for one in reached if isinstance(one, Ref)]
    if shapes and len(shapes) == len(reached):
        return _alternatives(shapes)
    return _open(ref, "it comes out of an object that is not known")


def _parameter(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Shape | None:
    function = function_of(binding)
    given = ref.given
    while given is not None and (function is None or given.function != function.id):
        given = given.outer
    if given is not None and binding.index < len(given.values):
        value = given.values[binding.index]
        if binding.steps:
            return _stepped(code, value, value.node, binding.steps, depth)
        return shape_of(code, value, depth + 1)
    listed = iterated(function) if function is not None and binding.index == 0 else None
    if listed is not None and not types_of(code, ref):
        if binding.steps:
            rest = binding.steps[0]
            whole = shape_of(code, ref.to(listed), depth + 1)
            if isinstance(rest, Rest) and whole is not None:
                return Shape({name: key for name, key in whole.keys.items() if name not in rest.without}, whole.open)
            return _open(ref, "it comes out of a list that is not known")
        return shape_of(code, ref.to(listed), depth + 1)
    if binding.steps and isinstance(binding.steps[-1], Rest):
        return _rest_of_type(code, ref, binding)
    typed = of_types(code, ref, types_of(code, ref))
    return typed or _from_callers(code, ref, binding, function, depth)


def _from_callers(code: Codebase, ref: Ref, binding: Binding, function: Node | None, depth: int) -> Shape:
    """Return what a parameter without a type is given where its function is called."""
    open_shape = _open(ref, f"{ref.module.text(binding.name)} is a parameter")
    key = (f"callers {ref.module.path}", function.id if function is not None else 0)
    if function is None or key in code.active:
        return open_shape
    code.active.add(key)
    try:
        shapes: list[Shape] = []
        for caller in callers(code, ref.module, function)[:_CALLERS]:
            given = arguments(caller.node)
            value = caller.to(given[binding.index]) if binding.index < len(given) else None
            if value is None:
                continue
            stepped = _stepped(code, value, value.node, binding.steps, depth) if binding.steps else None
            shape = stepped if binding.steps else shape_of(code, value, depth + 1)
            shapes += [shape] if shape is not None else []
    finally:
        code.active.discard(key)
    return either(shapes) if shapes else open_shape


def _rest_of_type(code: Codebase, ref: Ref, binding: Binding) -> Shape:
    from pgproof.code.typescript.typed import stepped
    from pgproof.code.typescript.types import annotation, reduce

    last = binding.steps[-1]
    written = annotation(ref.module, binding.node) if binding.node.type != "identifier" else None
    types = stepped(code, reduce(code, written), binding.steps[:-1]) if written is not None else []
    shape = of_types(code, ref, types)
    if shape is None or not isinstance(last, Rest):
        return _open(ref, "it is the rest of a parameter")
    return Shape({name: key for name, key in shape.keys.items() if name not in last.without}, shape.open)


def _followed(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    """Return the shape of what a name or a member leads to."""
    shapes: list[Shape | None] = []
    for known in follow(code, ref, depth + 1):
        if isinstance(known, Ref) and (known.module is not ref.module or known.node.id != ref.node.id):
            shapes.append(shape_of(code, known, depth + 1))
        else:
            reason = known.reason if isinstance(known, Open) else "it comes from outside the project"
            shapes.append(of_types(code, ref, types_of(code, ref)) or _open(ref, reason))
    return _alternatives(shapes)


def _call(code: Codebase, ref: Ref, depth: int) -> Shape | None:
    callee = ref.node.child_by_field_name("function")
    given = arguments(ref.node)
    if callee is None:
        return _open(ref, "it is the result of a call")
    name = ref.module.text(callee) if callee.end_byte - callee.start_byte < 60 else ""
    inner, method = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    word = ref.module.text(method) if method is not None else name
    if name == "Object.assign" and given:
        shape = Shape()
        for one in given:
            shape.follow_with(_spread(code, ref.to(one), depth))
        return shape
    if (name in _CLONES or (name == "Array.from" and len(given) == 1)) and given:
        return shape_of(code, ref.to(given[0]), depth + 1)
    if word in ("omit", "pick") and len(given) == 2 and (taken := _picked(code, ref, given, word == "pick", depth)):
        return taken
    mapping = given[0] if word in _LISTED and given else given[1] if name == "Array.from" and len(given) > 1 else None
    if mapping is not None:
        return _or_typed(code, ref, either(_results(code, ref.to(mapping), (), depth)))
    if inner is not None and word in _SAME_ROWS:
        return shape_of(code, ref.to(inner), depth + 1)
    if inner is not None and word == "concat":
        return _alternatives([shape_of(code, ref.to(one), depth + 1) for one in (inner, *given)])
    if inner is not None and word in ("parse", "parseAsync", "safeParse", "validateSync", "cast"):
        keys = schema_keys(code, Type(ref.module, inner))
        if keys is not None:
            return _of_keys(ref, keys)
    shapes = list(_results(code, ref.to(callee), tuple(ref.to(one) for one in given), depth))
    shape = either(shapes) if shapes else _open(ref, f"it is the result of {name or 'a call'}")
    return _or_typed(code, ref, shape)


def _of_keys(ref: Ref, keys: Keys) -> Shape:
    shape = Shape()
    for name, prop in keys.properties.items():
        shape.keys[name] = Key(name, prop.type.module.location(prop.type.node), not prop.optional, True)
    if not keys.whole:
        shape.open.append((ref.module.location(ref.node), "its schema does not name all its keys"))
    return shape


def _results(code: Codebase, callee: Ref, given: tuple[Ref, ...], depth: int) -> Iterator[Shape]:
    """Yield the shapes of what a function returns when it is called with these arguments."""
    for known in follow(code, callee, depth + 1):
        if not isinstance(known, Ref) or known.node.type not in FUNCTIONS:
            yield _open(callee, f"{callee.module.text(callee.node)[:40]} is not a function of the project")
            continue
        key = (f"shape {known.module.path}", known.node.id)
        if key in code.active:
            continue
        code.active.add(key)
        try:
            inner = Given(known.node.id, given, known.given) if given else known.given
            shapes = [
                shape_of(code, Ref(known.module, value, inner), depth + 1)
                for value in returned(known.module, known.node)
            ]
        finally:
            code.active.discard(key)
        shape = _alternatives([one for one in shapes if one is not None]) or Shape()
        written = result_type(known.module, known.node)
        if shape.open and not shape.keys and written is not None:
            shape = of_types(code, known, [written]) or shape
        yield shape


def _picked(code: Codebase, ref: Ref, given: list[Node], pick: bool, depth: int) -> Shape | None:
    whole = shape_of(code, ref.to(given[0]), depth + 1)
    listed = given[1]
    names = {unquoted(ref.module, child) for child in listed.named_children if child.type == "string"}
    if whole is None or listed.type != "array" or len(names) != listed.named_child_count:
        return None
    return Shape({name: key for name, key in whole.keys.items() if (name in names) == pick}, whole.open)


_READERS: dict[str, Callable[[Codebase, Ref, int], Shape | None]] = {
    "object": _object,
    "array": _array,
    "identifier": _identifier,
    "shorthand_property_identifier": _identifier,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "call_expression": _call,
    "member_expression": _followed,
    "subscript_expression": _followed,
    "null": _nothing,
    "undefined": _nothing,
    "false": _nothing,
    "string": _nothing,
}
