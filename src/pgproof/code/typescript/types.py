"""TypeScript's types: names and indexed accesses followed to what they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pgproof.code.typescript import type_keys, type_texts
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.exports import exported_type
from pgproof.code.typescript.known import STEPS
from pgproof.code.typescript.module import Module, nth, unquoted
from pgproof.code.typescript.scopes import inside_namespace, lookup, lookup_type

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 24
_SAME = frozenset(
    {"Readonly", "NonNullable", "Awaited", "Promise", "DeepReadonly", "Simplify", "Prettify", "Ref", "Exact"}
)
_LISTS = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable"})
_GENERATED = {"Tables": "Row", "TablesInsert": "Insert", "TablesUpdate": "Update"}
"""Types that `supabase gen types` writes: each takes a table's name and is one of the three of that table."""


class Type(NamedTuple):
    """A type in a module, with what the parameters of generic types around it stand for: a tuple as `Ref` is one."""

    module: Module
    node: Node
    parameters: tuple[tuple[str, Type], ...] = ()

    def to(self, node: Node) -> Type:
        """Return another type of the same place."""
        return Type(self.module, node, self.parameters)


def annotation(module: Module, node: Node) -> Type | None:
    """Return the type that a declaration, a parameter, a variable or a field, is given."""
    written = node.child_by_field_name("type")
    return _inside(Type(module, written)) if written is not None else None


def result_type(module: Module, function: Node) -> Type | None:
    """Return the type that a function says it returns, without its promise."""
    written = function.child_by_field_name("return_type")
    return _inside(Type(module, written)) if written is not None else None


def _inside(given: Type) -> Type:
    node = given.node
    while node.type in ("type_annotation", "parenthesized_type", "readonly_type", "optional_type"):
        inner = nth(node, 0)
        if inner is None:
            break
        node = inner
    return given.to(node)


def reduce(code: Codebase, given: Type, depth: int = 0) -> list[Type]:
    """Return what a type is when names are followed, the members of a union apart, without `null` and `undefined`."""
    given = _inside(given)
    node, module = given.node, given.module
    code.spent += 1
    if depth > _DEPTH or code.spent > STEPS:
        return [given]
    if node.type == "union_type":
        return [one for child in node.named_children for one in reduce(code, given.to(child), depth + 1)]
    if node.type == "literal_type" and module.text(node) in ("null", "undefined"):
        return []
    if node.type == "predefined_type" and module.text(node) in ("void", "never"):
        return []
    if node.type in ("type_identifier", "nested_type_identifier", "generic_type"):
        return _named(code, given, depth)
    if node.type == "lookup_type":
        return _looked_up(code, given, depth)
    return [given]


def _named(code: Codebase, given: Type, depth: int) -> list[Type]:
    node, module = given.node, given.module
    name_node = node.child_by_field_name("name") if node.type == "generic_type" else node
    name = module.text(name_node) if name_node is not None else ""
    arguments = type_arguments(given)
    for parameter, argument in given.parameters:
        if parameter == name and not arguments:
            return reduce(code, argument, depth + 1)
    last = name.rpartition(".")[2]
    if last in _SAME and arguments:
        return reduce(code, arguments[0], depth + 1)
    found = declaration(code, given, name)
    if last in _GENERATED and arguments and (rows := _of_table(code, given, found, arguments[0], last, depth)):
        return rows
    if found is None:
        return [given]
    where, declared = found
    value = declared.child_by_field_name("value") if declared.type == "type_alias_declaration" else None
    if value is None:
        return [Type(where, declared, _given_parameters(where, declared, arguments))]
    return reduce(code, Type(where, value, _given_parameters(where, declared, arguments)), depth + 1)


def type_arguments(given: Type) -> list[Type]:
    """Return the arguments of a generic type."""
    listed = given.node.child_by_field_name("type_arguments") if given.node.type == "generic_type" else None
    return [given.to(child) for child in listed.named_children] if listed is not None else []


def _given_parameters(module: Module, declared: Node, arguments: list[Type]) -> tuple[tuple[str, Type], ...]:
    listed = declared.child_by_field_name("type_parameters")
    found: list[tuple[str, Type]] = []
    for index, parameter in enumerate(listed.named_children if listed is not None else ()):
        name = parameter.child_by_field_name("name")
        default = parameter.child_by_field_name("value")
        if name is None:
            continue
        if index < len(arguments):
            found.append((module.text(name), arguments[index]))
        elif default is not None and (inner := nth(default, 0)) is not None:
            found.append((module.text(name), Type(module, inner, tuple(found))))
    return tuple(found)


def declaration(code: Codebase, given: Type, name: str) -> tuple[Module, Node] | None:
    """Return where a type, class or enum of this name is declared, and its declaration."""
    module, node = given.module, given.node
    if "." in name:
        return _in_namespace(code, given, name.split("."))
    own = lookup_type(module, node, name)
    if own is not None:
        return module, own
    binding = lookup(module, node, name)
    if binding is None:
        return None
    if binding.kind == "import":
        target = code.find(module.path, binding.source)
        return exported_type(code, target, binding.imported) if target is not None else None
    return (module, binding.node) if binding.kind in ("class", "enum") else None


def _in_namespace(code: Codebase, given: Type, path: list[str]) -> tuple[Module, Node] | None:
    """Return the declaration that `Space.Name` means: of a module that is imported as a whole, or of a namespace."""
    binding = lookup(given.module, given.node, path[0])
    rest = path[1:]
    found: tuple[Module, Node] | None = None
    if binding is not None and binding.kind == "import":
        target = code.find(given.module.path, binding.source)
        name = rest.pop(0) if binding.imported == "*" else binding.imported
        found = exported_type(code, target, name) if target is not None else None
    elif binding is not None and binding.kind == "namespace":
        found = given.module, binding.node
    for name in rest:
        inner = inside_namespace(*found, name) if found is not None else None
        found = (found[0], inner) if found is not None and inner is not None else None
    return found


def _of_table(
    code: Codebase, given: Type, found: tuple[Module, Node] | None, table: Type, name: str, depth: int
) -> list[Type]:
    """Return `Database["public"]["Tables"][table][…]` for the types that are generated beside `Database`."""
    names = [text for text, _ in type_texts.literal_texts(code, table, depth + 1)]
    where = found[0] if found is not None else given.module
    database = exported_type(code, where, "Database")
    if database is None or len(names) != 1:
        return []
    start = Type(database[0], database[1])
    value = start.node.child_by_field_name("value")
    types = [start if value is None else start.to(value)]
    for key in ("public", "Tables", names[0], _GENERATED[name]):
        types = [one for each in types for one in _member_types(code, each, key, depth + 1)]
    return types


def _looked_up(code: Codebase, given: Type, depth: int) -> list[Type]:
    children = given.node.named_children
    if len(children) != 2:
        return [given]
    index = children[1]
    if index.type == "predefined_type":  # T[number]
        return [one for each in reduce(code, given.to(children[0]), depth + 1) for one in _element(code, each, depth)]
    keys = [text for text, _ in type_texts.literal_texts(code, given.to(index), depth + 1)]
    owners = reduce(code, given.to(children[0]), depth + 1)
    found = [one for owner in owners for key in keys for one in _member_types(code, owner, key, depth + 1)]
    return found or [given]


def _element(code: Codebase, given: Type, depth: int) -> list[Type]:
    if given.node.type == "array_type" and (inner := nth(given.node, 0)) is not None:
        return reduce(code, given.to(inner), depth + 1)
    if given.node.type == "tuple_type":
        return [one for child in given.node.named_children for one in reduce(code, given.to(child), depth + 1)]
    if given.node.type == "generic_type" and base_name(given) in _LISTS and (arguments := type_arguments(given)):
        return reduce(code, arguments[0], depth + 1)
    return [given]


def base_name(given: Type) -> str:
    """Return the last word of a generic type's name."""
    name = given.node.child_by_field_name("name")
    return given.module.text(name).rpartition(".")[2] if name is not None else ""


def element_types(code: Codebase, given: Type) -> list[Type]:
    """Return what the elements of a list's type are; a type that is no list is itself."""
    return [one for each in reduce(code, given) for one in _element(code, each, 0)]


def member_types(code: Codebase, given: Type, key: str) -> list[Type]:
    """Return the types of a member of an object's type; nothing when it has none of that name."""
    return [one for each in reduce(code, given) for one in _member_types(code, each, key, 0)]


def _member_types(code: Codebase, given: Type, key: str, depth: int) -> list[Type]:
    if depth > _DEPTH:
        return []
    for owner in reduce(code, given, depth + 1):
        if owner.node.type in ("object_type", "interface_declaration", "interface_body"):
            found = signatures(owner.module, owner.node).get(key)
            written = found.child_by_field_name("type") if found is not None else None
            if written is not None:
                return reduce(code, owner.to(written), depth + 1)
        keys = type_keys.keys_of(code, owner, depth + 1)
        if keys is not None and key in keys.properties:
            return reduce(code, keys.properties[key].type, depth + 1)
    return []


def signatures(module: Module, node: Node) -> dict[str, Node]:
    """Return the properties that an object's type or an interface declares itself, by name."""
    body = node.child_by_field_name("body") if node.type == "interface_declaration" else node
    if body is None:
        return {}
    known = module.members.get(body.id)
    if known is None:
        known = module.members[body.id] = {}
        for child in body.named_children:
            name = child.child_by_field_name("name")
            if child.type == "property_signature" and name is not None and name.type != "computed_property_name":
                known.setdefault(unquoted(module, name), child)
    return known
