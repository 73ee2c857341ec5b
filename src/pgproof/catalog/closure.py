"""The part of a catalog that some of its objects need: enough to parse their expressions again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pgproof.catalog.belonging import parents
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Catalog, Object
from pgproof.model import ObjectName

_IDENTIFIER = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_REFERENCE = re.compile(rf"({_IDENTIFIER})\.({_IDENTIFIER})")
_ALWAYS = ("schema", "extension", "cast", "operator", "operator class", "operator family", "collation")
"""Kinds that an expression may need without naming them as `schema.name`; there are few of them."""


def closure(catalog: Catalog, names: Iterable[ObjectName], other: Catalog | None = None) -> Catalog:
    """Return the catalog with only these objects, those that they belong to, and all that any of them mentions.

    What the objects of these names mention in the `other` catalog counts too. What is mentioned is found by its name in
    the texts: too much may be found, but nothing is missed that is written `schema.name`, as deparsed SQL writes
    whatever is not the system's own.
    """
    children = _children(catalog)
    by_name: dict[tuple[str, str], list[ObjectName]] = {}
    for name in catalog.objects:
        if name.schema and len(name.parts) > 1:
            by_name.setdefault((name.parts[0], name.parts[1]), []).append(name)
    found: set[ObjectName] = set()
    wanted = list(names)
    waiting = [*wanted, *(name for name in catalog.objects if name.kind in _ALWAYS)]
    waiting += (name for thing in _of(other, wanted) for name in (*parents(thing), *_named(thing, by_name)))
    while waiting:
        name = waiting.pop()
        thing = catalog.objects.get(name)
        if thing is not None and name not in found:
            found.add(name)
            waiting += [*parents(thing), *children.get(name, ()), *_named(thing, by_name)]
    return replace(catalog, objects={name: thing for name, thing in catalog.objects.items() if name in found})


def _parts(kind: str) -> int:
    """Return how many parts a name has that is mentioned as `schema.name`: routines tell their arguments too."""
    return 3 if kind in ("function", "procedure", "aggregate", "operator") else 2


def _children(catalog: Catalog) -> dict[ObjectName, list[ObjectName]]:
    """Return what each object is made with, and the primary key that a view's GROUP BY may rely on."""
    children: dict[ObjectName, list[ObjectName]] = {}
    for name, thing in catalog.objects.items():
        is_key = name.kind == "constraint" and thing.attributes.get("type") == "primary key"
        for parent in parents(thing):
            kind = BY_NAME.get(parent.kind)
            if kind and parent in catalog.objects and (name.kind in kind.made_with or (is_key and kind.made_with)):
                children.setdefault(parent, []).append(name)
    return children


def _of(catalog: Catalog | None, names: Iterable[ObjectName]) -> list[Object]:
    return [catalog.objects[name] for name in names if name in catalog.objects] if catalog else []


def _named(thing: Object, by_name: Mapping[tuple[str, str], Sequence[ObjectName]]) -> Iterator[ObjectName]:
    for reference in _mentioned(thing):
        yield from (name for name in by_name.get(reference, ()) if len(name.parts) == _parts(name.kind))


def _mentioned(thing: Object) -> Iterator[tuple[str, str]]:
    text = json.dumps(list(thing.attributes.values()), ensure_ascii=False) if thing.attributes else ""
    for schema, name in _REFERENCE.findall(text.replace('\\"', '"')):
        yield _plain(schema), _plain(name)


def _plain(identifier: str) -> str:
    return identifier[1:-1].replace('""', '"') if identifier.startswith('"') else identifier
