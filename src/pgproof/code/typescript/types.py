"""TypeScript's types, as far as they say which keys an object has and which texts a value can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.exports import exported_type
from pgproof.code.typescript.follow import STEPS, follow
from pgproof.code.typescript.known import Open, Ref
from pgproof.code.typescript.lists import elements
from pgproof.code.typescript.module import Module, nth, unquoted
from pgproof.code.typescript.scopes import lookup, lookup_type

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 24
_KEYS = 2000
_SAME = frozenset(
    {"Readonly", "NonNullable", "Awaited", "Promise", "DeepReadonly", "Simplify", "Prettify", "Ref", "Exact"}
)
_LISTS = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable"})
_GENERATED = {"Tables": "Row", "TablesInsert": "Insert", "TablesUpdate": "Update"}
"""Types that `supabase gen types` writes: each takes a table's name and is one of the three of that table."""


@dataclass(frozen=True)
class Type:
    """A type in a module, with what the parameters of generic types around it stand for."""

    module: Module
    node: Node
    parameters: tuple[tuple[str, Type], ...] = ()

    def to(self, node: Node) -> Type:
        """Return another type of the same place."""
        return Type(self.module, node, self.parameters)


@dataclass(frozen=True, slots=True)
class Property:
    """A key of an object's type: where it is declared, whether it may be missing, and its type when there is one."""

    name: str
    type: Type
    optional: bool = False


@dataclass(slots=True)
class Keys:
    """The keys of an object's type; `whole`: it has no others."""

    properties: dict[str, Property] = field(default_factory=dict)
    whole: bool = True

    def add(self, other: Keys, optional: bool = False) -> None:
        """Add the keys of another type that the object has, too."""
        self.whole = self.whole and other.whole
        for name, prop in other.properties.items():
            known = self.properties.get(name)
            needed = known is not None and not known.optional
            maybe = (prop.optional or optional) and not needed
            self.properties[name] = Property(name, prop.type, maybe)


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
    arguments = _arguments(given)
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


def _arguments(given: Type) -> list[Type]:
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
    space, dot, last = name.rpartition(".")
    if dot:
        binding = lookup(module, node, space)
        if binding is not None and binding.kind == "import" and binding.imported == "*":
            target = code.find(module.path, binding.source)
            return exported_type(code, target, last) if target is not None else None
        return None
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


def _of_table(
    code: Codebase, given: Type, found: tuple[Module, Node] | None, table: Type, name: str, depth: int
) -> list[Type]:
    """Return `Database["public"]["Tables"][table][…]` for the types that are generated beside `Database`."""
    names = [text for text, _ in literal_texts(code, table, depth + 1)]
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
    keys = [text for text, _ in literal_texts(code, given.to(index), depth + 1)]
    owners = reduce(code, given.to(children[0]), depth + 1)
    found = [one for owner in owners for key in keys for one in _member_types(code, owner, key, depth + 1)]
    return found or [given]


def _element(code: Codebase, given: Type, depth: int) -> list[Type]:
    if given.node.type == "array_type" and (inner := nth(given.node, 0)) is not None:
        return reduce(code, given.to(inner), depth + 1)
    if given.node.type == "tuple_type":
        return [one for child in given.node.named_children for one in reduce(code, given.to(child), depth + 1)]
    if given.node.type == "generic_type" and _base_name(given) in _LISTS and (arguments := _arguments(given)):
        return reduce(code, arguments[0], depth + 1)
    return [given]


def _base_name(given: Type) -> str:
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
        keys = keys_of(code, owner, depth + 1)
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


def keys_of(code: Codebase, given: Type, depth: int = 0) -> Keys | None:
    """Return the keys of an object's type, of all members of a union together; `None`: it is not known to be one."""
    if depth > _DEPTH:
        return None
    found: list[Keys] = []
    for one in reduce(code, given, depth + 1):
        keys = _keys_of_one(code, one, depth)
        if keys is None:
            return None
        found.append(keys)
    if not found:
        return None
    return found[0] if len(found) == 1 else united(found)


def united(alternatives: list[Keys]) -> Keys:
    """Return the keys of one of several objects: what not all of them have may be missing."""
    result = Keys()
    for keys in alternatives:
        result.add(keys)
    for name, prop in result.properties.items():
        if any(name not in keys.properties or keys.properties[name].optional for keys in alternatives):
            result.properties[name] = Property(name, prop.type, True)
    return result


def _keys_of_one(code: Codebase, given: Type, depth: int) -> Keys | None:
    kind = given.node.type
    if kind in ("object_type", "interface_declaration"):
        return _object(code, given, depth)
    if kind in ("class_declaration", "abstract_class_declaration"):
        return _class(code, given)
    if kind == "intersection_type":
        result = Keys()
        for child in given.node.named_children:
            part = keys_of(code, given.to(child), depth + 1)
            if part is None:
                result.whole = False
            else:
                result.add(part)
        return result
    if kind == "generic_type":
        return _generic(code, given, depth)
    return None


def _object(code: Codebase, given: Type, depth: int) -> Keys | None:
    result = Keys()
    node = given.node
    if node.type == "interface_declaration":
        for child in node.named_children:
            if child.type in ("extends_type_clause", "extends_clause"):
                for parent in child.named_children:
                    part = keys_of(code, given.to(parent), depth + 1)
                    if part is None:
                        result.whole = False
                    else:
                        result.add(part)
        body = node.child_by_field_name("body")
    else:
        body = node
    for name, signature in signatures(given.module, node).items():
        written = signature.child_by_field_name("type")
        optional = any(child.type == "?" for child in signature.children)
        result.properties[name] = Property(name, given.to(written if written is not None else signature), optional)
    for child in body.named_children if body is not None else ():
        if child.type == "index_signature":
            mapped = _mapped(code, given, child, depth)
            if mapped is None:
                result.whole = False
            else:
                result.add(mapped)
    return result


def _mapped(code: Codebase, given: Type, signature: Node, depth: int) -> Keys | None:
    """Return the keys of `{ [K in "a" | "b"]?: T }`."""
    clause = next((child for child in signature.named_children if child.type == "mapped_type_clause"), None)
    over = clause.child_by_field_name("type") if clause is not None else None
    value = signature.child_by_field_name("type")
    if over is None or value is None:
        return None
    names = _names(code, given.to(over), depth)
    optional = any("?" in child.type for child in signature.children)
    return None if names is None else Keys({name: Property(name, given.to(value), optional) for name in names})


def _names(code: Codebase, given: Type, depth: int) -> list[str] | None:
    """Return the texts of a union of literals, or of `keyof` an object's type; `None`: not all are known."""
    names: list[str] = []
    for one in reduce(code, given, depth + 1):
        if one.node.type == "index_type_query" and (inner := nth(one.node, 0)) is not None:
            keys = keys_of(code, one.to(inner), depth + 1)
            if keys is None or not keys.whole:
                return None
            names += keys.properties
            continue
        texts = literal_texts(code, one, depth + 1)
        if not texts:
            return None
        names += (text for text, _ in texts)
    return names


def _class(code: Codebase, given: Type) -> Keys:
    result = Keys(whole=False)
    body = given.node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name")
        if child.type == "public_field_definition" and name is not None:
            key = unquoted(given.module, name)
            written = child.child_by_field_name("type")
            optional = any(part.type == "?" for part in child.children)
            result.properties[key] = Property(key, given.to(written if written is not None else child), optional)
    return result


def _generic(code: Codebase, given: Type, depth: int) -> Keys | None:
    name, arguments = _base_name(given), _arguments(given)
    if not arguments:
        return None
    if name == "Record" and len(arguments) == 2:
        names = _names(code, arguments[0], depth)
        return None if names is None else Keys({one: Property(one, arguments[1]) for one in names})
    if name in ("Partial", "Required", "DeepPartial", "Mutable", "Writable"):
        keys = keys_of(code, arguments[0], depth + 1)
        if keys is None:
            return None
        optional = name in ("Partial", "DeepPartial")
        properties = {
            key: Property(key, one.type, optional or (one.optional and name != "Required"))
            for key, one in keys.properties.items()
        }
        return Keys(properties, keys.whole)
    if name in ("Pick", "Omit", "Except") and len(arguments) == 2:
        keys, names = keys_of(code, arguments[0], depth + 1), _names(code, arguments[1], depth)
        if keys is None or names is None:
            return None
        kept = {key: one for key, one in keys.properties.items() if (key in names) == (name == "Pick")}
        return Keys(kept, keys.whole or name == "Pick")
    return None


def literal_texts(code: Codebase, given: Type, depth: int = 0) -> list[tuple[str, Node]]:
    """Return the texts that a value of a type can be; nothing when they cannot all be told."""
    found: list[tuple[str, Node]] = []
    for one in reduce(code, given, depth + 1):
        node = one.node
        inner = nth(node, 0)
        if node.type == "literal_type" and inner is not None and inner.type == "string":
            found.append((unquoted(one.module, inner), inner))
        elif node.type == "enum_declaration":
            found += _enum_values(one)
        elif node.type == "index_type_query" and inner is not None:
            keys = keys_of(code, one.to(inner), depth + 1) if inner.type != "type_query" else None
            if keys is not None and keys.whole:
                found += ((name, inner) for name in keys.properties)
            elif inner.type == "type_query":
                found += _of_value(code, one.to(inner), depth, keys_only=True)
            else:
                return []
        elif node.type == "lookup_type" and inner is not None:
            values = _of_value(code, one.to(_query_of(inner) or inner), depth, keys_only=False)
            if not values:
                return []
            found += values
        else:
            return []
    return found


def _query_of(node: Node) -> Node | None:
    while node.type == "parenthesized_type" and (inner := nth(node, 0)) is not None:
        node = inner
    return node if node.type == "type_query" else None


def _of_value(code: Codebase, given: Type, depth: int, keys_only: bool) -> list[tuple[str, Node]]:
    """Return the texts of `(typeof LIST)[number]`, `(typeof MAP)[keyof typeof MAP]`, or the keys of `typeof MAP`."""
    from pgproof.code.typescript.lists import entries
    from pgproof.code.typescript.text import text_of

    value = nth(given.node, 0)
    if given.node.type != "type_query" or value is None or depth > _DEPTH:
        return []
    found: list[tuple[str, Node]] = []
    start = Ref(given.module, value)
    for known in follow(code, start, depth + 1):
        if not isinstance(known, Ref):
            return []
        if keys_only:
            values = entries(code, known, 0, depth + 1)
        elif known.node.type == "array":
            values = elements(code, known, depth + 1)
        else:
            values = entries(code, known, 1, depth + 1)
        for one in values:
            texts = text_of(code, one, depth + 1)
            if isinstance(one, Open) or not texts or not isinstance(one, Ref):
                return []
            found += ((text.value, one.node) for text in texts)
    return found


def _enum_values(given: Type) -> Iterator[tuple[str, Node]]:
    body = given.node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
        if value is not None and value.type == "string":
            yield unquoted(given.module, value), value
