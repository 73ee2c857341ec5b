"""Which keys an object of a type has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgproof.code.typescript import type_texts, types
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.module import nth, unquoted

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Property:
    """A key of an object's type: where it is declared, whether it may be missing, and its type when there is one."""

    name: str
    type: types.Type
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


def keys_of(code: Codebase, given: types.Type, depth: int = 0) -> Keys | None:
    """Return the keys of an object's type, of all members of a union together; `None`: it is not known to be one."""
    if depth > _DEPTH:
        return None
    found: list[Keys] = []
    for one in types.reduce(code, given, depth + 1):
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


def _keys_of_one(code: Codebase, given: types.Type, depth: int) -> Keys | None:
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


def _object(code: Codebase, given: types.Type, depth: int) -> Keys | None:
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
    for name, signature in types.signatures(given.module, node).items():
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


def _mapped(code: Codebase, given: types.Type, signature: Node, depth: int) -> Keys | None:
    """Return the keys of `{ [K in "a" | "b"]?: T }`."""
    clause = next((child for child in signature.named_children if child.type == "mapped_type_clause"), None)
    over = clause.child_by_field_name("type") if clause is not None else None
    value = signature.child_by_field_name("type")
    if over is None or value is None:
        return None
    names = _names(code, given.to(over), depth)
    optional = any("?" in child.type for child in signature.children)
    return None if names is None else Keys({name: Property(name, given.to(value), optional) for name in names})


def _names(code: Codebase, given: types.Type, depth: int) -> list[str] | None:
    """Return the texts of a union of literals, or of `keyof` an object's type; `None`: not all are known."""
    names: list[str] = []
    for one in types.reduce(code, given, depth + 1):
        if one.node.type == "index_type_query" and (inner := nth(one.node, 0)) is not None:
            keys = keys_of(code, one.to(inner), depth + 1)
            if keys is None or not keys.whole:
                return None
            names += keys.properties
            continue
        texts = type_texts.literal_texts(code, one, depth + 1)
        if not texts:
            return None
        names += (text for text, _ in texts)
    return names


def _class(code: Codebase, given: types.Type) -> Keys:
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


def _generic(code: Codebase, given: types.Type, depth: int) -> Keys | None:
    name, arguments = types.base_name(given), types.type_arguments(given)
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
