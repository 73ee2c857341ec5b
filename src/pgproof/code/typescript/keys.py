"""The keys of the rows that the code writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.schema import schema_keys
from pgproof.code.typescript.type_keys import Keys, keys_of, united
from pgproof.code.typescript.type_texts import literal_texts
from pgproof.code.typescript.typed import types_of
from pgproof.code.typescript.types import Type, element_types
from pgproof.code.usage import Literal
from pgproof.model import Location

if TYPE_CHECKING:
    pass


@dataclass(slots=True)
class Key:
    """A key of a row: where it is named, whether each row has it, whether only a type says so, what it may be.

    `optional`: its value may be `undefined` as it is declared, and nobody is seen to give it.
    """

    name: str
    location: Location
    sure: bool = True
    typed: bool = False
    values: tuple[Literal, ...] = ()
    optional: bool = False


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
            self.keys[name] = Key(name, key.location, certain, key.typed, values, key.optional)
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
            optional = key.optional and (known is None or known.optional)
            result.keys[name] = Key(name, place, sure, typed, _both(known, key), optional)
        result.open += (one for one in shape.open if one not in result.open)
    return result


def alternatives(shapes: list[Shape | None]) -> Shape | None:
    """Return one of several; a branch without an object leaves all keys out."""
    found = [shape for shape in shapes if shape is not None]
    if not found:
        return None
    return either(found if len(found) == len(shapes) else [*found, Shape()])


def open_shape(ref: Ref, reason: str) -> Shape:
    """Return a shape of which nothing is known, and why."""
    return Shape(open=[(ref.module.location(ref.node), reason)])


def or_typed(code: Codebase, ref: Ref, shape: Shape | None) -> Shape | None:
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
        shape.keys[name] = Key(name, at, not prop.optional, True, values, prop.optional)
    if not keys.whole:
        shape.open.append((place, "its type does not name all its keys"))
    return shape


def of_keys(ref: Ref, keys: Keys) -> Shape:
    """Return the keys that a schema names, which what it parses surely has unless they may be left out."""
    shape = Shape()
    for name, prop in keys.properties.items():
        shape.keys[name] = Key(name, prop.type.module.location(prop.type.node), not prop.optional, prop.optional)
    if not keys.whole:
        shape.open.append((ref.module.location(ref.node), "its schema does not name all its keys"))
    return shape
