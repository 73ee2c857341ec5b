"""What an expression can be: names, members, calls and conditions are followed to what they stand for, across files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.growth import growth
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, bare, inside, nth, unquoted
from pgproof.code.typescript.scopes import Binding, Rest, Step, lookup, top_level, top_types

if TYPE_CHECKING:
    from tree_sitter import Node

_RETURN = re.compile(rb"(?<![\w$.])return(?![\w$])")
_APPENDED = "augmented_assignment_expression"
_DEPTH = 30
_BREADTH = 120
STEPS = 4000
"""Expressions that are looked at for one usage."""
_ITERATIONS = frozenset({"forEach", "map", "flatMap", "filter", "some", "every", "find"})
_KEPT = frozenset({"filter", "slice", "sort", "toSorted", "reverse", "toReversed"})
_HANDED_ON = frozenset({"freeze", "seal", "useCallback", "cache", "memoize", "once", "readonly", "shallowRef", "ref"})
"""Functions that give back what they get, or something that acts like it."""


@dataclass(frozen=True)
class Given:
    """The arguments that the parameters of a function stand for in one of its calls."""

    function: int
    values: tuple[Ref, ...]
    outer: Given | None = None


@dataclass(frozen=True)
class Ref:
    """An expression in a module, with what the parameters around it stand for."""

    module: Module
    node: Node
    given: Given | None = None

    def __hash__(self) -> int:
        """Hash by place."""
        return hash((self.module.path, self.node.id))

    def to(self, node: Node) -> Ref:
        """Return another expression of the same place."""
        return Ref(self.module, node, self.given)


def given_to(given: Given | None, more: Given) -> Given:
    """Return the arguments of a call, those of the calls around it as the outermost."""
    if given is None:
        return more
    values = tuple(Ref(one.module, one.node, given_to(one.given, more)) for one in given.values)
    return Given(given.function, values, given_to(given.outer, more) if given.outer is not None else None)


@dataclass(frozen=True)
class Whole:
    """A module as a value: `import * as x`, `require("x")`."""

    module: Module


@dataclass(frozen=True)
class External:
    """Something of a package outside the project, or a global (`source` is empty); `name` may have members."""

    source: str
    name: str


@dataclass(frozen=True)
class Open:
    """Not known: why, the expression, and the declaration that it comes from, whose type may say more.

    `missing`: it is a member that the object literal does not have.
    """

    reason: str
    ref: Ref | None = None
    binding: Binding | None = None
    steps: tuple[Step, ...] = field(default=())
    missing: bool = False


Known = Ref | Whole | External | Open


def follow(code: Codebase, ref: Ref, depth: int = 0) -> list[Known]:
    """Return what an expression can be, in the order of the code; a `Ref` is an expression that stands for itself."""
    found: list[Known] = []
    for known in _follow(code, ref, depth):
        if known not in found:
            found.append(known)
        if len(found) > _BREADTH:
            found.append(Open("it has too many possible values", ref))
            break
    return found


def _follow(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    code.spent += 1
    if depth > _DEPTH or code.spent > STEPS:
        yield Open("it leads through too many places", ref)
        return
    node = bare(ref.node)
    if node is not ref.node:
        ref = ref.to(node)
    kind = node.type
    if kind in ("identifier", "shorthand_property_identifier"):
        yield from _identifier(code, ref, depth)
    elif kind == "member_expression":
        yield from _member_expression(code, ref, depth)
    elif kind == "subscript_expression":
        yield from _subscript(code, ref, depth)
    elif kind == "ternary_expression":
        for name in ("consequence", "alternative"):
            if (branch := node.child_by_field_name(name)) is not None:
                yield from _follow(code, ref.to(branch), depth + 1)
    elif kind == "binary_expression" and _operator(node) in ("||", "??"):
        for name in ("left", "right"):
            if (branch := node.child_by_field_name(name)) is not None:
                yield from _follow(code, ref.to(branch), depth + 1)
    elif kind == "call_expression":
        yield from _call(code, ref, depth)
    elif kind == "assignment_expression" and (right := node.child_by_field_name("right")) is not None:
        yield from _follow(code, ref.to(right), depth + 1)
    elif kind == "sequence_expression" and node.named_children:
        yield from _follow(code, ref.to(node.named_children[-1]), depth + 1)
    else:
        yield ref


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _identifier(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    name = ref.module.text(ref.node)
    if name == "undefined":
        yield ref
        return
    binding = lookup(ref.module, ref.node, name)
    if binding is None:
        yield External("", name)
    else:
        yield from bound(code, ref, binding, depth)


def bound(code: Codebase, ref: Ref, binding: Binding, depth: int = 0) -> Iterator[Known]:
    """Yield what a declared name can be; `ref` is the expression that names it."""
    module, node = ref.module, binding.node
    if binding.kind == "import":
        yield from imported(code, module, binding.source, binding.imported, depth + 1)
    elif binding.kind in ("function", "class", "enum", "namespace"):
        yield Ref(module, node, ref.given)
    elif binding.kind == "variable":
        yield from _variable(code, ref, binding, depth)
    elif binding.kind == "parameter":
        yield from _parameter(code, ref, binding, depth)
    elif binding.kind == "loop":
        yield from _loop(code, ref, binding, depth)
    else:
        yield Open(f"{module.text(binding.name)} is an error that was caught", ref, binding)


def _variable(code: Codebase, ref: Ref, binding: Binding, depth: int) -> list[Known]:
    module, key = ref.module, (ref.module.path, binding.name.id)
    kept = ref.given is None and not code.active
    if kept and key in code.variables:
        return code.variables[key]
    if key in code.active:
        return [Open(f"{module.text(binding.name)} is made of itself", ref, binding, binding.steps)]
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
    if kept:
        code.variables[key] = found
    return found


def _stepped(
    code: Codebase, start: Ref, steps: tuple[Step, ...], ref: Ref, binding: Binding, depth: int
) -> Iterator[Known]:
    """Follow a value through the pattern that takes it apart, and its default."""
    if not steps:
        for known in _follow(code, start, depth + 1):
            yield _with_binding(known, ref, binding)
        return
    values: list[Known] = list(_follow(code, start, depth + 1))
    for step in steps:
        if isinstance(step, Rest):
            values = [Open("it is the rest of an object", ref, binding, binding.steps)]
            break
        values = [one for value in values for one in member(code, value, step, depth + 1)]
    for known in values:
        yield replace(known, ref=ref, binding=binding, steps=binding.steps) if isinstance(known, Open) else known
    if binding.default is not None:
        yield from _follow(code, Ref(ref.module, binding.default, ref.given), depth + 1)


def _with_binding(known: Known, ref: Ref, binding: Binding) -> Known:
    if isinstance(known, Open) and known.binding is None:
        return Open(known.reason, known.ref or ref, binding, binding.steps)
    return known


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
        if _operator(assignment) == "+=" and target is not None and target.name.id == binding.name.id:
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


def _parameter(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Iterator[Known]:
    function = function_of(binding)
    name = ref.module.text(binding.name)
    given = ref.given
    while given is not None and (function is None or given.function != function.id):
        given = given.outer
    if given is not None and binding.index < len(given.values):
        yield from _stepped(code, given.values[binding.index], binding.steps, ref, binding, depth)
        return
    if given is not None and binding.default is not None and not binding.steps:
        yield from _follow(code, Ref(ref.module, binding.default, ref.given), depth + 1)
        return
    if function is not None and binding.index == 0 and (element := iterated(function)) is not None:
        values = list(elements(code, ref.to(element), depth + 1))
        if values and not any(isinstance(value, Open) for value in values):
            for value in values:
                yield from _after(code, value, binding.steps, depth)
            return
    yield Open(f"{name} is a parameter", ref, binding, binding.steps)
    if binding.default is not None:
        yield from _follow(code, Ref(ref.module, binding.default, ref.given), depth + 1)


def _after(code: Codebase, value: Known, steps: tuple[Step, ...], depth: int) -> Iterator[Known]:
    values = [value]
    for step in steps:
        if isinstance(step, Rest):
            yield Open("it is the rest of an object")
            return
        values = [one for each in values for one in member(code, each, step, depth + 1)]
    yield from values


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
    if callee is None or callee.type != "member_expression" or listed is None:
        return None
    method = callee.child_by_field_name("property")
    first = nth(listed, 0)
    if method is None or first is None or first.id != function.id or (method.text or b"").decode() not in _ITERATIONS:
        return None
    return callee.child_by_field_name("object")


def elements(code: Codebase, ref: Ref, depth: int = 0) -> Iterator[Known]:
    """Yield what the elements of a list can be: those that it is made with, and those that are pushed."""
    node = bare(ref.node)
    binding = lookup(ref.module, node, ref.module.text(node)) if node.type == "identifier" else None
    if binding is not None and binding.kind == "variable" and (grown := growth(ref.module, binding)) is not None:
        for row in grown.rows:
            yield from _follow(code, ref.to(row), depth + 1)
    for known in follow(code, ref, depth + 1):
        if not isinstance(known, Ref):
            yield Open("its elements are not known", known.ref if isinstance(known, Open) else ref)
        elif known.node.type == "array":
            for child in known.node.named_children:
                if child.type == "spread_element" and (inner := nth(child, 0)) is not None:
                    yield from elements(code, known.to(inner), depth + 1)
                elif child.type != "comment":
                    yield from _follow(code, known.to(child), depth + 1)
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
    elif inner is not None and name.rpartition(".")[2] in _KEPT:
        yield from elements(code, known.to(inner), depth + 1)
    else:
        yield Open("its elements are not known", known)


def entries(code: Codebase, ref: Ref, part: int, depth: int = 0) -> Iterator[Known]:
    """Yield what the keys (`part` 0) or values (1) of an object can be; a key is the `Ref` of its name."""
    for known in follow(code, ref, depth + 1):
        if not isinstance(known, Ref) or known.node.type != "object":
            yield Open("its keys are not known", known.ref if isinstance(known, Open) else ref)
            continue
        for child in known.node.named_children:
            name = child.child_by_field_name("key") if child.type == "pair" else None
            value = child.child_by_field_name("value") if child.type == "pair" else None
            if name is not None and value is not None and name.type != "computed_property_name":
                yield from [known.to(name)] if part == 0 else _follow(code, known.to(value), depth + 1)
            elif child.type == "shorthand_property_identifier":
                yield from [known.to(child)] if part == 0 else _follow(code, known.to(child), depth + 1)
            elif child.type != "comment":
                yield Open("its keys are not known", known)


def _loop(code: Codebase, ref: Ref, binding: Binding, depth: int) -> Iterator[Known]:
    right = binding.node.child_by_field_name("right")
    operator = binding.node.child_by_field_name("operator")
    if right is None or operator is None or operator.type != "of":
        yield Open(f"{ref.module.text(binding.name)} changes in a loop", ref, binding, binding.steps)
        return
    steps = binding.steps
    values = elements(code, ref.to(right), depth + 1)
    if right.type == "call_expression" and ref.module.data.startswith(b"Object.entries", right.start_byte):
        given, first = arguments(right), steps[0] if steps else None
        if given and first in (0, 1) and isinstance(first, int):
            values, steps = entries(code, ref.to(given[0]), first, depth + 1), steps[1:]
    for value in values:
        for known in _after(code, value, steps, depth):
            yield Open(known.reason, ref, binding, binding.steps) if isinstance(known, Open) else known


def imported(code: Codebase, module: Module, source: str, name: str, depth: int = 0) -> Iterator[Known]:
    """Yield what a name that a module imports is."""
    target = code.find(module.path, source)
    if target is None:
        yield External(source, name)
    elif name == "*":
        yield Whole(target)
    else:
        found = list(exported(code, target, name, depth + 1))
        yield from found or [Open(f"{target.path} exports no {name}")]


def exported(code: Codebase, module: Module, name: str, depth: int = 0) -> Iterator[Known]:
    """Yield what a module exports under a name; nothing when it does not."""
    if depth > _DEPTH:
        return
    statements = _exports(module)
    for statement in (*statements.get(name, ()), *statements.get("*", ())):
        if statement.type == "export_statement":
            yield from _of_export(code, module, statement, name, depth)
        else:
            yield from _of_commonjs(code, module, statement, name, depth)


def _exports(module: Module) -> dict[str, list[Node]]:
    """Return the statements that export something, by its name; under `*` those that may export anything."""
    if module.exported is None:
        module.exported = {}
        for statement in module.root.named_children:
            if statement.type == "export_statement":
                names = _exported_names(module, statement)
            elif statement.type == "expression_statement" and b"exports" in module.data[statement.start_byte :][:40]:
                names = ["*"]
            else:
                continue
            for name in names:
                module.exported.setdefault(name, []).append(statement)
    return module.exported


def _exported_names(module: Module, statement: Node) -> list[str]:
    declaration = statement.child_by_field_name("declaration")
    clause = next((child for child in statement.named_children if child.type == "export_clause"), None)
    if any(child.type == "default" for child in statement.children):
        return ["default"]
    if clause is not None:
        return [_exported_as(module, one) for one in clause.named_children]
    if declaration is not None and (name := declaration.child_by_field_name("name")) is not None:
        return [module.text(name)]
    return ["*"]


def _of_export(code: Codebase, module: Module, statement: Node, name: str, depth: int) -> Iterator[Known]:
    source = statement.child_by_field_name("source")
    declaration = statement.child_by_field_name("declaration")
    if declaration is not None:
        default = any(child.type == "default" for child in statement.children)
        binding = top_level(module).get(name)
        if default and name == "default":
            yield Ref(module, declaration)
        elif binding is not None and statement.start_byte <= binding.name.start_byte < statement.end_byte:
            yield from bound(code, Ref(module, binding.name), binding, depth + 1)
        return
    value = statement.child_by_field_name("value")
    if value is not None:
        if name == "default":
            yield from _follow(code, Ref(module, value), depth + 1)
        return
    clause = next((child for child in statement.named_children if child.type == "export_clause"), None)
    if clause is not None:
        for one in clause.named_children:
            own, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
            if own is None or unquoted(module, alias or own) != name:
                continue
            if source is not None:
                yield from imported(code, module, unquoted(module, source), unquoted(module, own), depth + 1)
            elif (binding := top_level(module).get(module.text(own))) is not None:
                yield from bound(code, Ref(module, own), binding, depth + 1)
    elif source is not None:
        space = next((child for child in statement.named_children if child.type == "namespace_export"), None)
        target = code.find(module.path, unquoted(module, source))
        if space is not None:
            if target is not None and module.text(space).split()[-1] == name:
                yield Whole(target)
        elif target is not None and name != "default" and target is not module:
            yield from exported(code, target, name, depth + 1)


def _of_commonjs(code: Codebase, module: Module, statement: Node, name: str, depth: int) -> Iterator[Known]:
    assignment = nth(statement, 0)
    if assignment is None or assignment.type != "assignment_expression":
        return
    left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
    if left is None or right is None:
        return
    target = module.text(left)
    if target in (f"exports.{name}", f"module.exports.{name}"):
        yield from _follow(code, Ref(module, right), depth + 1)
    elif target == "module.exports":
        if name == "default":
            yield from _follow(code, Ref(module, right), depth + 1)
        else:
            for known in _follow(code, Ref(module, right), depth + 1):
                yield from (one for one in member(code, known, name, depth + 1) if not isinstance(one, Open))


def exported_type(code: Codebase, module: Module, name: str, depth: int = 0) -> tuple[Module, Node] | None:
    """Return the declaration of the type, or class, or enum, that a module exports under a name."""
    if depth > _DEPTH:
        return None
    if (own := top_types(module).get(name)) is not None:
        return module, own
    binding = top_level(module).get(name)
    if binding is not None and binding.kind in ("class", "enum"):
        return module, binding.node
    if binding is not None and binding.kind == "import":
        target = code.find(module.path, binding.source)
        return exported_type(code, target, binding.imported, depth + 1) if target is not None else None
    for statement in module.root.named_children:
        source = statement.child_by_field_name("source") if statement.type == "export_statement" else None
        clause = next((child for child in statement.named_children if child.type == "export_clause"), None)
        wanted = name
        if statement.type != "export_statement":
            continue
        if clause is not None:
            one = next((one for one in clause.named_children if _exported_as(module, one) == name), None)
            own = one.child_by_field_name("name") if one is not None else None
            if own is None:
                continue
            wanted = unquoted(module, own)
            if source is None:
                return exported_type(code, module, wanted, depth + 1) if wanted != name else None
        if source is not None:
            target = code.find(module.path, unquoted(module, source))
            found = (
                exported_type(code, target, wanted, depth + 1) if target is not None and target is not module else None
            )
            if found is not None:
                return found
    return None


def _exported_as(module: Module, specifier: Node) -> str:
    name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
    return unquoted(module, name) if name is not None else ""


def _member_expression(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    inner, name = ref.node.child_by_field_name("object"), ref.node.child_by_field_name("property")
    if inner is None or name is None:
        yield ref
        return
    key = ref.module.text(name)
    if inner.type == "this":
        yield from _own_member(code, ref, key, depth)
        return
    for known in _follow(code, ref.to(inner), depth + 1):
        for one in member(code, known, key, depth + 1):
            yield Open(one.reason, ref, missing=one.missing) if isinstance(one, Open) else one


def _subscript(code: Codebase, ref: Ref, depth: int) -> Iterator[Known]:
    from pgproof.code.typescript.text import texts

    inner, index = ref.node.child_by_field_name("object"), ref.node.child_by_field_name("index")
    if inner is None or index is None:
        yield ref
        return
    keys: list[str | int] = []
    if index.type == "number":
        keys = [int(ref.module.text(index))] if ref.module.text(index).isdigit() else []
    else:
        keys = [text.value for text in texts(code, ref.to(index), depth + 1) if not text.holes]
    for known in _follow(code, ref.to(inner), depth + 1):
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
            yield from _follow(code, known.to(value), depth + 1)
        elif child.type != "comment":
            yield Open("the key is not known", known)


def member(code: Codebase, known: Known, key: Step, depth: int = 0) -> Iterator[Known]:
    """Yield what a member of something can be."""
    if isinstance(known, Whole):
        if isinstance(key, str):
            found = list(exported(code, known.module, key, depth + 1))
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
    if depth > _DEPTH:
        yield Open("it leads through too many places", ref)
    elif node.type == "object" and isinstance(key, str):
        yield from _property(code, ref, key, depth)
    elif node.type == "array" and isinstance(key, int):
        children = [child for child in node.named_children if child.type != "comment"]
        spread = any(child.type == "spread_element" for child in children[: key + 1])
        if key < len(children) and not spread:
            yield from _follow(code, ref.to(children[key]), depth + 1)
        else:
            yield Open("the element is not known", ref)
    elif node.type == "enum_declaration" and isinstance(key, str):
        yield from _enum_member(ref, key)
    elif node.type in ("class_declaration", "abstract_class_declaration", "class") and isinstance(key, str):
        yield from class_member(code, ref, key, depth)
    elif node.type == "new_expression" and isinstance(key, str):
        constructor = node.child_by_field_name("constructor")
        for known in _follow(code, ref.to(constructor), depth + 1) if constructor is not None else ():
            if isinstance(known, Ref) and "class" in known.node.type:
                yield from class_member(code, known, key, depth)
            else:
                yield Open(f"{module.text(constructor or node)} is not a class of the project", ref)
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
                    yield from _follow(code, ref.to(value), depth + 1)
                    return
            elif name is not None:
                yield Open(f"{key} may be set by a computed key", ref)
        elif child.type == "shorthand_property_identifier" and ref.module.text(child) == key:
            yield from _follow(code, ref.to(child), depth + 1)
            return
        elif child.type == "method_definition":
            name = child.child_by_field_name("name")
            if name is not None and ref.module.text(name) == key:
                yield ref.to(child)
                return
        elif child.type == "spread_element" and (inner := nth(child, 0)) is not None:
            found = [
                one for known in _follow(code, ref.to(inner), depth + 1) for one in member(code, known, key, depth + 1)
            ]
            if any(not isinstance(one, Open) for one in found):
                yield from found
                return
    computed = any(child.type == "spread_element" for child in ref.node.named_children)
    yield Open(f"the object has no {key}", ref, missing=not computed)


def _enum_member(ref: Ref, key: str) -> Iterator[Known]:
    body = ref.node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name") if child.type == "enum_assignment" else child
        if name is not None and unquoted(ref.module, name) == key:
            value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
            yield Ref(ref.module, value) if value is not None else Open(f"{key} is a number", ref)
            return
    yield Open(f"the enum has no {key}", ref)


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


def _own_member(code: Codebase, ref: Ref, key: str, depth: int) -> Iterator[Known]:
    owner = class_of(ref.node)
    if owner is None:
        yield Open("this is not known", ref)
    else:
        for known in class_member(code, ref.to(owner), key, depth):
            yield Open(known.reason, ref, known.binding, known.steps) if isinstance(known, Open) else known


def class_member(code: Codebase, ref: Ref, key: str, depth: int = 0) -> Iterator[Known]:
    """Yield what a member of a class, or of its instances, can be."""
    if depth > _DEPTH:
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
                    yield from _follow(code, ref.to(result), depth + 1)
            elif (value := child.child_by_field_name("value")) is not None:
                found = True
                yield from _follow(code, ref.to(value), depth + 1)
            else:
                declared = Open(f"{key} is a field", ref, Binding("field", child, name))
        elif name is not None and child.type == "method_definition" and module.text(name) == "constructor":
            for binding in parameter_properties(module, child):
                if module.text(binding.name) == key:
                    found = True
                    yield from _parameter(code, ref.to(binding.name), binding, depth)
    for assignment in assignments(module, "this") if body is not None else ():
        left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
        inside = body is not None and body.start_byte <= assignment.start_byte < body.end_byte
        if left is not None and right is not None and inside and module.text(left) == f"this.{key}":
            found = True
            yield from _follow(code, ref.to(right), depth + 1)
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
    from pgproof.code.typescript.scopes import parameters

    for binding in parameters(module, constructor):
        if any(child.type in ("accessibility_modifier", "readonly") for child in binding.node.children):
            yield binding


def _parents(code: Codebase, ref: Ref, depth: int) -> Iterator[Ref]:
    heritage = next((child for child in ref.node.named_children if child.type == "class_heritage"), None)
    clause = nth(heritage, 0) if heritage is not None else None
    value = clause.child_by_field_name("value") if clause is not None else None
    for known in _follow(code, ref.to(value), depth + 1) if value is not None else ():
        if isinstance(known, Ref) and "class" in known.node.type:
            yield known


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
        yield Whole(target) if target is not None else External(source, "*")
        return
    last = name.rpartition(".")[2]
    if last in _HANDED_ON and given:
        yield from _follow(code, ref.to(given[0]), depth + 1)
        return
    if last == "useMemo" and given and given[0].type in FUNCTIONS:
        for value in returned(module, given[0]):
            yield from _follow(code, ref.to(value), depth + 1)
        return
    found: list[Known] = []
    for known in list(_follow(code, ref.to(callee), depth + 1)):
        if isinstance(known, Ref) and known.node.type in FUNCTIONS:
            found += _results(code, known, tuple(ref.to(one) for one in given), depth)
    yield from found or [ref]


def _results(code: Codebase, function: Ref, given: tuple[Ref, ...], depth: int) -> list[Known]:
    key = (function.module.path, function.node.id)
    if key in code.active:
        return [Open("the function calls itself", function)]
    code.active.add(key)
    try:
        inner = Given(function.node.id, given, function.given)
        found: list[Known] = []
        for value in returned(function.module, function.node):
            found += _follow(code, Ref(function.module, value, inner), depth + 1)
    finally:
        code.active.discard(key)
    return found


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
