"""What a name is bound to at a place: variables, parameters, imports, functions, classes, enums, types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.code.typescript.module import FUNCTIONS, Module, nth, unquoted

if TYPE_CHECKING:
    from tree_sitter import Node

_BLOCKS = frozenset({"program", "statement_block", "switch_case", "switch_default", "class_static_block"})
_LOOPS = frozenset({"for_statement", "for_in_statement"})
_SCOPES = FUNCTIONS | _BLOCKS | _LOOPS | {"catch_clause"}
_TYPES = frozenset({"type_alias_declaration", "interface_declaration"})
_NAMED = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "function_signature": "function",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "enum_declaration": "enum",
    "internal_module": "namespace",
    "module": "namespace",
}


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of an object when these keys are taken."""

    without: frozenset[str]


Step = str | int | Rest


@dataclass(frozen=True, slots=True)
class Binding:
    """A name and its declaration.

    `kind` is `variable`, `parameter`, `loop`, `caught`, `import`, `function`, `class`, `enum` or `namespace`; `node`
    the declarator, the parameter, the loop, the declaration. `steps` lead from the declared value to what the name
    means, through patterns, each with its default beside it. An import has its `source` and the name that it has there,
    `*` for all of it.
    """

    kind: str
    node: Node
    name: Node
    steps: tuple[Step, ...] = ()
    default: Node | None = None
    index: int = -1
    source: str = ""
    imported: str = ""


def lookup(module: Module, node: Node, name: str) -> Binding | None:
    """Return what `name` means where `node` stands; `None`: it is declared nowhere in the file."""
    first = scope = _enclosing(module, node)
    if first is None:
        return None
    key = (first.id, name)
    if key in module.found:
        return module.found[key]
    found: Binding | None = None
    while scope is not None and found is None:
        found = _names(module, scope).get(name)
        scope = _enclosing(module, scope)
    module.found[key] = found
    return found


def lookup_type(module: Module, node: Node, name: str) -> Node | None:
    """Return the declaration of the type `name` where `node` stands: an alias or an interface."""
    scope = _enclosing(module, node)
    while scope is not None:
        if scope.type in _BLOCKS:
            _names(module, scope)
            if found := module.types[scope.id].get(name):
                return found
        scope = _enclosing(module, scope)
    return None


def top_level(module: Module) -> dict[str, Binding]:
    """Return what the file declares and imports."""
    return _names(module, module.root)


def top_types(module: Module) -> dict[str, Node]:
    """Return the types that the file declares."""
    _names(module, module.root)
    return module.types[module.root.id]


def inside_namespace(module: Module, declared: Node, name: str) -> Node | None:
    """Return the declaration of a type, class, enum or namespace in a namespace."""
    body = declared.child_by_field_name("body")
    if body is None or body.type not in _BLOCKS:
        return None
    binding = _names(module, body).get(name)
    found = module.types[body.id].get(name)
    return found or (binding.node if binding is not None and binding.kind in ("class", "enum", "namespace") else None)


def _enclosing(module: Module, node: Node) -> Node | None:
    outer, passed = module.outer, []
    current: Node | None = node
    while current is not None and current.id not in outer:
        passed.append(current.id)
        above = current.parent
        if above is None or above.type in _SCOPES:
            outer[current.id] = above
            break
        current = above
    found = outer[(current or node).id]
    for one in passed:
        outer[one] = found
    return found


def _names(module: Module, scope: Node) -> dict[str, Binding]:
    known = module.scopes.get(scope.id)
    if known is None:
        known = module.scopes[scope.id] = {}
        module.types[scope.id] = {}
        for binding in _declared(module, scope):
            known.setdefault(module.text(binding.name), binding)
    return known


def _declared(module: Module, scope: Node) -> Iterator[Binding]:
    if scope.type in _BLOCKS:
        for statement in scope.named_children:
            yield from _of_statement(module, scope, statement)
    elif scope.type in FUNCTIONS:
        yield from parameters(module, scope)
        name = scope.child_by_field_name("name")
        if name is not None and scope.type == "function_expression":
            yield Binding("function", scope, name)
    elif scope.type == "for_in_statement":
        left = scope.child_by_field_name("left")
        if left is not None:
            yield from _pattern(module, "loop", scope, left, ())
    elif scope.type == "for_statement":
        start = scope.child_by_field_name("initializer")
        if start is not None:
            yield from _of_statement(module, scope, start)
    else:
        caught = scope.child_by_field_name("parameter")
        if caught is not None:
            yield from _pattern(module, "caught", scope, caught, ())


def _of_statement(module: Module, scope: Node, statement: Node) -> Iterator[Binding]:
    if statement.type == "export_statement":
        inner = statement.child_by_field_name("declaration")
        if inner is None:
            return
        statement = inner
    if statement.type in ("ambient_declaration", "expression_statement") and statement.named_child_count:
        inner = nth(statement, 0)
        if inner is not None and (statement.type == "ambient_declaration" or inner.type == "internal_module"):
            statement = inner
    kind = statement.type
    if kind in ("lexical_declaration", "variable_declaration"):
        for declarator in statement.named_children:
            name = declarator.child_by_field_name("name") if declarator.type == "variable_declarator" else None
            if name is not None:
                yield from _pattern(module, "variable", declarator, name, ())
    elif kind in _NAMED:
        name = statement.child_by_field_name("name")
        if name is not None:
            yield Binding(_NAMED[kind], statement, name)
    elif kind in _TYPES:
        name = statement.child_by_field_name("name")
        if name is not None:
            module.types[scope.id].setdefault(module.text(name), statement)
    elif kind == "import_statement":
        yield from _imports(module, statement)


def _imports(module: Module, statement: Node) -> Iterator[Binding]:
    source = statement.child_by_field_name("source")
    if source is None:
        return
    path = unquoted(module, source)
    for clause in statement.named_children:
        if clause.type != "import_clause":
            continue
        for child in clause.named_children:
            if child.type == "identifier":
                yield Binding("import", statement, child, source=path, imported="default")
            elif child.type == "namespace_import" and (space := nth(child, 0)) is not None:
                yield Binding("import", statement, space, source=path, imported="*")
            elif child.type == "named_imports":
                for one in child.named_children:
                    name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                    if one.type == "import_specifier" and name is not None:
                        imported = unquoted(module, name)
                        yield Binding("import", statement, alias or name, source=path, imported=imported)


def parameters(module: Module, function: Node) -> Iterator[Binding]:
    """Yield what the parameters of a function bind."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        yield Binding("parameter", single, single, index=0)
        return
    listed = function.child_by_field_name("parameters")
    if listed is None:
        return
    index = 0
    for parameter in listed.named_children:
        pattern = parameter.child_by_field_name("pattern")
        if parameter.type not in ("required_parameter", "optional_parameter") or pattern is None:
            continue
        if pattern.type == "this":
            continue
        value = parameter.child_by_field_name("value")
        yield from _pattern(module, "parameter", parameter, pattern, (), value, index)
        index += 1


def _pattern(
    module: Module,
    kind: str,
    node: Node,
    pattern: Node,
    steps: tuple[Step, ...],
    default: Node | None = None,
    index: int = -1,
) -> Iterator[Binding]:
    if pattern.type in ("identifier", "shorthand_property_identifier_pattern"):
        yield Binding(kind, node, pattern, steps, default, index)
    elif pattern.type == "object_pattern":
        taken: set[str] = set()
        for child in pattern.named_children:
            key, inner, value = _member(child)
            if child.type == "rest_pattern" and inner is not None:
                yield from _pattern(module, kind, node, inner, (*steps, Rest(frozenset(taken))), None, index)
            elif key is not None and inner is not None:
                name = unquoted(module, key)
                taken.add(name)
                yield from _pattern(module, kind, node, inner, (*steps, name), value, index)
    elif pattern.type == "array_pattern":
        place = 0
        for child in pattern.children:
            if child.type == ",":
                place += 1
            elif child.is_named and child.type != "rest_pattern":
                yield from _pattern(module, kind, node, child, (*steps, place), None, index)
    elif pattern.type == "assignment_pattern":
        left, right = pattern.child_by_field_name("left"), pattern.child_by_field_name("right")
        if left is not None:
            yield from _pattern(module, kind, node, left, steps, right, index)


def _member(child: Node) -> tuple[Node | None, Node | None, Node | None]:
    """Return key, inner pattern and default of a member of an object pattern."""
    if child.type == "shorthand_property_identifier_pattern":
        return child, child, None
    if child.type == "object_assignment_pattern":
        left = child.child_by_field_name("left")
        return left, left, child.child_by_field_name("right")
    if child.type == "pair_pattern":
        return child.child_by_field_name("key"), child.child_by_field_name("value"), None
    if child.type == "rest_pattern":
        return None, nth(child, 0), None
    return None, None, None
