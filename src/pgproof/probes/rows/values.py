"""Values for any type of a catalog, as text that the type's input function reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Catalog, Object
from pgproof.model import ObjectName
from pgproof.probes.rows.documents import documents
from pgproof.probes.rows.expression import parse_expression
from pgproof.probes.rows.hints import LIKE, Hints, Shape, hints_of
from pgproof.probes.rows.literals import fresh, is_listed, listed
from pgproof.probes.rows.patterns import like, matching

_TYPE = re.compile(r'((?:"(?:[^"]|"")*"|[^("])+?)\s*(?:\(([^)]*)\)(.*))?', re.DOTALL)
_RANGES = {
    "int4range": "integer",
    "int8range": "bigint",
    "numrange": "numeric",
    "tsrange": "timestamp without time zone",
    "tstzrange": "timestamp with time zone",
    "daterange": "date",
}
_TEXTS = {"text", "character varying", "character", "citext", "name"}
_MOST_OF_ARRAY = 12
_DEPTH = 4
"""How far composite types, and arrays and domains in them, are followed: a recursive one has no end."""


@dataclass(frozen=True, slots=True)
class Named:
    """A type's name: `base` as SQL writes it, without its `modifier`, which is the text in parentheses."""

    base: str
    modifier: str
    is_array: bool

    @property
    def short(self) -> str:
        """The last part of the name, unquoted."""
        return parts_of(self.base)[-1] if "." in self.base else self.base


def named(type_: str) -> Named:
    """Take apart a type as `format_type` writes it: `timestamp(3) with time zone[]`, `public.mood`."""
    is_array = type_.endswith("[]")
    found = _TYPE.fullmatch(type_.removesuffix("[]"))
    if not found:
        return Named(type_.removesuffix("[]"), "", is_array)
    base, modifier, rest = found[1].strip(), found[2] or "", found[3] or ""
    return Named(base + rest, modifier, is_array)


@dataclass(slots=True)
class Values:
    """Candidates for the types of one catalog; `bodies` are the hints of its functions, `seed` chooses strings."""

    catalog: Catalog
    bodies: Mapping[tuple[str, str], Hints]
    seed: str = ""
    _types: dict[str, Object] = field(default_factory=dict)
    _bare: dict[str, Object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the types by their names, a range's multirange too."""
        for thing in self.catalog.of("enum", "domain", "composite type", "range type", "table", "view"):
            self._types.setdefault(json.dumps(thing.name.parts), thing)
            if thing.name.kind in ("enum", "domain"):  # a cast in a body may leave out the schema
                self._bare.setdefault(thing.name.parts[-1], thing)
            if thing.name.kind == "range type":
                multirange = (thing.name.schema, str(thing.attributes["multirange_type_name"]))
                self._types.setdefault(json.dumps(multirange), thing)

    def candidates(self, type_: str, hints: Hints, depth: int = 0) -> list[str]:
        """Return candidates for a column or argument of a type, each once: what the hints say first."""
        return list(dict.fromkeys(one for one in self._candidates(type_, hints, depth) if "\0" not in one))

    def fresh(self, type_: str, what: str) -> str:
        """Return a value of the type that no list holds, `""` where there is no such."""
        name = named(type_)
        thing = self._known(name)
        if name.is_array:
            return ""
        if thing is not None and thing.name.kind == "domain":
            return self.fresh(str(thing.attributes["base type"]), what)
        return fresh(name.short, what) if thing is None else ""

    def _known(self, name: Named) -> Object | None:
        parts = parts_of(name.base)
        return self._types.get(json.dumps(parts)) or (None if is_listed(name.base) else self._bare.get(parts[-1]))

    def _candidates(self, type_: str, hints: Hints, depth: int) -> Iterator[str]:
        name = named(type_)
        if name.is_array:
            yield from self._arrays(type_.removesuffix("[]"), hints, depth)
            return
        thing = self._known(name)
        if thing is None:
            yield from self._of_the_system(name, hints, depth)
        elif thing.name.kind == "enum":
            yield from (one for one in hints.strong if one in cast("list[str]", thing.attributes["labels"] or []))
            yield from cast("list[str]", thing.attributes["labels"] or [])
        elif thing.name.kind == "domain":
            yield from self._candidates(str(thing.attributes["base type"]), self._domain_hints(thing, hints), depth)
        elif thing.name.kind == "range type":
            ranges = _ranges(self.candidates(str(thing.attributes["subtype"]), Hints(), depth + 1))
            is_multirange = parts_of(name.base)[-1] != thing.name.parts[-1]
            yield from (f"{{{one}}}" for one in ranges) if is_multirange else ranges
        elif depth < _DEPTH:
            yield from self._composites(thing, hints, depth)

    def _domain_hints(self, domain: Object, hints: Hints) -> Hints:
        joined = Hints()
        joined.add(hints)
        for facts in cast("dict[str, dict[str, str]]", domain.attributes["checks"] or {}).values():
            for of_value in hints_of(parse_expression(facts["expression"]), self.bodies).values():
                joined.add(of_value)
        return joined

    def _of_the_system(self, name: Named, hints: Hints, depth: int) -> Iterator[str]:
        if name.short in _RANGES:
            yield from hints.strong
            yield from _ranges(self.candidates(_RANGES[name.short], Hints(weak=hints.weak), depth + 1))
        elif (range_ := name.short.replace("multirange", "range")) in _RANGES and range_ != name.short:
            yield from (f"{{{one}}}" for one in _ranges(self.candidates(_RANGES[range_], Hints(), depth + 1)))
            yield "{}"
        else:
            self._resolve(hints.shape, depth)
            if name.short in _TEXTS and depth < _DEPTH:
                for type_ in hints.casts:
                    yield from self.candidates(type_, Hints(), depth + 1)[:3] if _is_plain(type_) else ()
            yield from _plain(name, hints, self.seed)

    def _resolve(self, shape: Shape, depth: int) -> None:
        """Give the parts of a document values of the types that they are cast to."""
        for type_ in shape.casts:
            if depth < _DEPTH and _is_plain(type_):
                shape.values |= dict.fromkeys(self.candidates(type_, Hints(), depth + 1)[:2])
        for below in shape.keys.values():
            self._resolve(below, depth)

    def _arrays(self, element: str, hints: Hints, depth: int) -> Iterator[str]:
        said = [one for one in hints.strong if one.startswith("{")]
        yield from said
        inner = Hints(strong=hints.strong, weak=hints.weak, patterns=hints.patterns)
        elements = self.candidates(element, inner, depth + 1)[:_MOST_OF_ARRAY]
        for one in elements[:4]:
            yield _array([one])
        yield _array([])
        yield _array(elements[:2])
        for length in hints.lengths:
            if length <= _MOST_OF_ARRAY * 100:
                yield _array((elements * (length // max(len(elements), 1) + 1))[:length])
                yield _array(elements[:1] * length)
        for one in elements[4:]:
            yield _array([one])

    def _composites(self, thing: Object, hints: Hints, depth: int) -> Iterator[str]:
        types = list(self._attributes(thing))
        candidates: list[list[str | None]] = [[*self.candidates(one, hints, depth + 1)] or [None] for one in types]
        yield _record([one[0] for one in candidates])
        yield _record([one[min(1, len(one) - 1)] for one in candidates])
        for place, of_one in enumerate(candidates):
            for value in of_one[1:6]:
                yield _record([value if n == place else other[0] for n, other in enumerate(candidates)])
        yield _record([None for _ in types])

    def _attributes(self, thing: Object) -> Iterator[str]:
        if thing.name.kind == "composite type":
            for one in cast("list[dict[str, str]]", thing.attributes["attributes"] or []):
                yield one["type"]
            return
        of = [column for column in self.catalog.of("column") if column.name.parts[:2] == thing.name.parts]
        for column in sorted(of, key=lambda one: cast("int", one.attributes["position"])):
            yield str(column.attributes["type"])

    def is_enum(self, type_: str) -> bool:
        """Whether the type has only the values of a list: labels, or true and false."""
        name = named(type_)
        thing = self._known(name)
        return name.short == "boolean" or (thing is not None and thing.name.kind == "enum")

    def domain_of(self, type_: str) -> ObjectName | None:
        """Return the domain that the type is."""
        thing = self._known(named(type_))
        return thing.name if thing is not None and thing.name.kind == "domain" else None


def _plain(name: Named, hints: Hints, seed: str) -> Iterator[str]:
    short = name.short
    if short in ("json", "jsonb") and (hints.shape.keys or hints.shape.types or hints.shape.lengths):
        yield from documents(hints.shape)
    if short in _TEXTS:
        for kind, pattern in hints.patterns:
            yield from like(pattern) if kind == LIKE else matching(pattern, 8, seed)
    yield from hints.strong
    yield from _near(short, hints.strong)
    if short in _TEXTS or short == "bytea":
        for length in hints.lengths:
            yield "\\x" + "ab" * length if short == "bytea" else "a" * length
    if short in _TEXTS and hints.lengths:
        yield from ("1" * length for length in hints.lengths)
        yield from ("A" * length for length in hints.lengths)
    yield from listed(short, name.modifier)
    yield from hints.weak
    yield from _near(short, hints.weak)
    if short in _TEXTS and name.modifier.isdigit():
        yield "a" * int(name.modifier)


def _is_plain(type_: str) -> bool:
    """Whether a value must be more than any text or document to be of this type."""
    return named(type_).short not in _TEXTS | {"json", "jsonb"}


def _near(type_: str, values: Iterable[str]) -> Iterator[str]:
    """Yield the numbers next to those that are compared with."""
    for value in values:
        if type_ in ("smallint", "integer", "bigint") and re.fullmatch(r"-?\d{1,18}", value):
            yield from (str(int(value) + 1), str(int(value) - 1))
        elif type_ in ("numeric", "real", "double precision") and re.fullmatch(r"-?\d{1,12}(\.\d+)?", value):
            yield from (f"{float(value) + 1:g}", f"{float(value) - 1:g}", f"{float(value) + 0.01:.2f}")


def _ranges(bounds: list[str]) -> Iterator[str]:
    """Yield ranges; which of two bounds is the lower one, the server decides."""
    first = bounds[0] if bounds else ""
    for other in bounds[1:4]:
        yield f"[{_quoted(first)},{_quoted(other)})"
        yield f"[{_quoted(other)},{_quoted(first)})"
    for low, high in pairwise(bounds[4:10]):
        yield f"[{_quoted(low)},{_quoted(high)})"
        yield f"[{_quoted(high)},{_quoted(low)})"
    if bounds:
        yield f"[{_quoted(first)},)"
        yield f"[{_quoted(first)},{_quoted(first)}]"
    yield "empty"
    yield "(,)"


def _array(elements: list[str]) -> str:
    return "{" + ",".join(_quoted(one) for one in elements) + "}"


def _record(fields: list[str | None]) -> str:
    return "(" + ",".join("" if one is None else _quoted(one) for one in fields) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
