"""JSON documents that fit a shape, or differ from it in one place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pgproof.probes.rows.hints import LIKE, Shape
from pgproof.probes.rows.patterns import like, matching

_OF_TYPE: dict[str, Any] = {"string": "a", "number": 1, "boolean": True, "array": [], "object": {}, "null": None}
_LONGEST = 1000
_VARIANTS = 12
_MOST = 300


def documents(shape: Shape) -> list[str]:
    """Return documents as JSON text: the likeliest first, then those with other types, values, or without a key."""
    found: dict[str, None] = {}
    for document in _documents(shape):
        found[json.dumps(document, sort_keys=True)] = None
        if len(found) >= _MOST:
            break
    return list(found)


def _documents(shape: Shape) -> Iterator[Any]:
    if shape.keys and (not shape.types or "object" in shape.types):
        unknown = [key for key, below in shape.keys.items() if not (below.keys or below.types or _said(below))]
        best = {key: next(_documents(below)) for key, below in shape.keys.items()}
        yield best
        if "array" in shape.types:
            yield [best]
        for kind in ("number", "array", "object", "boolean"):
            if unknown:
                yield {**best, **dict.fromkeys(unknown, _OF_TYPE[kind])}
        for key, below in shape.keys.items():
            for value in islice(_documents(below), _VARIANTS):
                yield {**best, key: value}
        for key in shape.keys:
            yield {other: value for other, value in best.items() if other != key}
        yield {}
        for key in shape.keys:
            for value in _OF_TYPE.values():
                yield {**best, key: value}
        yield [best]
    for kind in shape.types:
        if kind == "array":
            yield from ([_element(shape)] * length for length in _lengths(shape))
        elif kind in _OF_TYPE:
            yield _OF_TYPE[kind]
    yield from _said(shape)
    if shape.lengths and "array" not in shape.types:
        yield from (["a"] * length for length in _lengths(shape))
    yield from _OF_TYPE.values()


def _lengths(shape: Shape) -> list[int]:
    return sorted((n for n in {1, 0, *shape.lengths} if n <= _LONGEST), key=lambda n: (n == 0, n))


def _element(shape: Shape) -> Any:
    return {key: next(_documents(below)) for key, below in shape.keys.items()} if shape.keys else "a"


def _said(shape: Shape) -> list[Any]:
    said: list[Any] = []
    for kind, pattern in shape.patterns:
        said += like(pattern) if kind == LIKE else matching(pattern, 2)
    for text in shape.values:
        said.append(text)
        try:
            said.append(json.loads(text))
        except ValueError:
            continue
    return said
