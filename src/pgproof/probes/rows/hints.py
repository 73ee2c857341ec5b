"""What an expression wants of a column's value: constants, lengths, patterns, the shape of a JSON document.

The hints only propose values; the server judges them. So they may be too many, and nothing depends on their being all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pgproof.catalog.names import qualified
from pgproof.probes.rows.expression import (
    Tree,
    column,
    columns_in,
    constant,
    constants,
    function_name,
    nodes,
    operator_name,
)

SQL_NAMES = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float4": "real",
    "float8": "double precision",
    "varchar": "character varying",
    "bpchar": "character",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
    "varbit": "bit varying",
}
"""How `format_type` writes the types that parse trees name otherwise."""

REGULAR, LIKE = "regular expression", "like"
_PATTERNS = {"~": REGULAR, "~*": REGULAR, "!~": REGULAR, "!~*": REGULAR, "~~": LIKE, "~~*": LIKE, "!~~": LIKE}
_LENGTHS = {"length", "char_length", "character_length", "octet_length", "bit_length", "cardinality", "array_length"}
_LENGTHS |= {"jsonb_array_length", "json_array_length", "vector_dims", "array_ndims"}
_TYPES_OF_JSON = {"jsonb_typeof", "json_typeof"}
_STEPS = {"->", "->>", "#>", "#>>"}
_HAS_KEYS = {"?", "?&", "?|"}
MOST_LENGTH = 200_000


@dataclass(slots=True)
class Shape:
    """A part of a JSON document: its types, its values, the lengths of an array, its keys, and what it is cast to."""

    types: dict[str, None] = field(default_factory=dict)
    values: dict[str, None] = field(default_factory=dict)
    lengths: dict[int, None] = field(default_factory=dict)
    patterns: dict[tuple[str, str], None] = field(default_factory=dict)
    casts: dict[str, None] = field(default_factory=dict)
    keys: dict[str, Shape] = field(default_factory=dict)

    def at(self, path: Iterable[str]) -> Shape:
        """Return the part at a path of keys, made when it is not there."""
        shape = self
        for key in path:
            shape = shape.keys.setdefault(key, Shape())
        return shape


@dataclass(slots=True)
class Hints:
    """What is known of one column: `strong` constants are compared with it, `weak` ones only stand near it.

    `casts` are the types that it is converted to.
    """

    strong: dict[str, None] = field(default_factory=dict)
    weak: dict[str, None] = field(default_factory=dict)
    lengths: dict[int, None] = field(default_factory=dict)
    patterns: dict[tuple[str, str], None] = field(default_factory=dict)
    casts: dict[str, None] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)

    def add(self, other: Hints) -> None:
        """Take over what another one knows."""
        self.strong |= other.strong
        self.weak |= other.weak
        self.lengths |= other.lengths
        self.patterns |= other.patterns
        self.casts |= other.casts
        _merge(self.shape, other.shape)


def _merge(into: Shape, other: Shape) -> None:
    into.types |= other.types
    into.values |= other.values
    into.lengths |= other.lengths
    into.patterns |= other.patterns
    into.casts |= other.casts
    for key, shape in other.keys.items():
        _merge(into.keys.setdefault(key, Shape()), shape)


@dataclass(frozen=True, slots=True)
class _Subject:
    """One side of a comparison that is one column: what is compared of it (its length, a part of a document…)."""

    column: str
    aspect: str = ""
    path: tuple[str, ...] = ()


def hints_of(tree: Tree, bodies: Mapping[tuple[str, str], Hints] | None = None) -> dict[str, Hints]:
    """Return what an expression wants of each of its columns.

    `bodies` are the hints of the project's own functions, by schema and name: what they compare, they compare their
    arguments with.
    """
    found: dict[str, Hints] = defaultdict(Hints)
    for name in columns_in(tree):
        found[name].weak |= dict.fromkeys(constants(tree))
    for kind, fields in nodes(tree):
        if kind == "A_Expr":
            _compare(fields, found)
        elif kind == "FuncCall":
            _call(fields, found, bodies or {})
        elif kind == "TypeCast":
            _cast(fields, found)
    return dict(found)


def _compare(fields: dict[str, Any], found: dict[str, Hints]) -> None:
    operator = operator_name(fields)
    left, right = fields.get("lexpr"), fields.get("rexpr")
    if operator in _STEPS:
        if subject := _subject({"A_Expr": fields}):
            found[subject.column].shape.at(subject.path)
        return
    for one, other in ((left, right), (right, left)):
        subject, values = _subject(one), constants(other)
        if subject is None or columns_in(other):
            continue
        _record(found[subject.column], subject, operator, values)


def _record(hints: Hints, subject: _Subject, operator: str, values: list[str]) -> None:
    if operator in _HAS_KEYS:
        for value in values:
            for key in _elements(value):
                hints.shape.at((*subject.path, key))
    elif subject.aspect == "length":
        lengths = {n: None for v in values if v.isdigit() for n in (int(v), int(v) + 1, max(int(v) - 1, 0))}
        wanted = hints.shape.at(subject.path).lengths if subject.path else hints.lengths
        wanted |= {n: None for n in lengths if n <= MOST_LENGTH}
        hints.shape.at(subject.path).lengths |= wanted
    elif subject.aspect == "type":
        hints.shape.at(subject.path).types |= dict.fromkeys(values)
    elif kind := _PATTERNS.get(operator):
        patterns = hints.shape.at(subject.path).patterns if subject.path else hints.patterns
        patterns |= dict.fromkeys((kind, value) for value in values)
    elif subject.path:
        hints.shape.at(subject.path).values |= dict.fromkeys(values)
    else:
        hints.strong |= dict.fromkeys(values)


def _cast(fields: dict[str, Any], found: dict[str, Hints]) -> None:
    subject = _subject(fields.get("arg"))
    if subject is None or subject.aspect:
        return
    parts = [str(part["String"]["sval"]) for part in fields["typeName"].get("names", ())]
    type_ = SQL_NAMES.get(parts[-1], parts[-1]) if parts[0] == "pg_catalog" or len(parts) == 1 else qualified(parts)
    of = found[subject.column]
    casts = of.shape.at(subject.path).casts if subject.path else of.casts
    casts[type_] = None


def _call(fields: dict[str, Any], found: dict[str, Hints], bodies: Mapping[tuple[str, str], Hints]) -> None:
    schema, name = function_name(fields)
    for argument in fields.get("args", ()):
        subject = _subject(argument)
        if subject is None:
            continue
        hints = found[subject.column]
        known = [one for (of, called), one in bodies.items() if called == name and of == (schema or of)]
        for body in known:
            if subject.path:
                _merge(hints.shape.at(subject.path), body.shape)
                hints.shape.at(subject.path).values |= body.strong
                hints.shape.at(subject.path).casts |= body.casts
            else:
                hints.add(body)
        if name in ("starts_with", "strpos", "position"):
            hints.strong |= dict.fromkeys(constants(fields.get("args")))


def _subject(tree: Tree) -> _Subject | None:
    """Return which column a tree is about, when it is about one: below casts and functions of one column."""
    if not isinstance(tree, dict):
        return None
    if "TypeCast" in tree:
        return _subject(tree["TypeCast"]["arg"])
    if "CollateClause" in tree:
        return _subject(tree["CollateClause"]["arg"])
    if "ColumnRef" in tree:
        name = column(tree["ColumnRef"])
        return _Subject(name) if name else None
    if "CoalesceExpr" in tree:
        return _subject(tree["CoalesceExpr"]["args"][0])
    if "FuncCall" in tree:
        return _subject_of_call(tree["FuncCall"])
    if "A_Expr" in tree and operator_name(tree["A_Expr"]) in _STEPS:
        below, key = _subject(tree["A_Expr"].get("lexpr")), constant(tree["A_Expr"].get("rexpr"))
        if below is None or key is None:
            return None
        return _Subject(below.column, "", (*below.path, *_elements(key)))
    return None


def _subject_of_call(call: dict[str, Any]) -> _Subject | None:
    _, name = function_name(call)
    subjects = [subject for argument in call.get("args", ()) if (subject := _subject(argument))]
    if len(subjects) != 1:
        return None
    below = subjects[0]
    if name in _LENGTHS:
        return _Subject(below.column, "length", below.path)
    if name in _TYPES_OF_JSON:
        return _Subject(below.column, "type", below.path)
    return below


def _elements(text: str) -> list[str]:
    """Return the elements of a simple array literal such as `{a,b}`, or the text itself."""
    if text.startswith("{") and text.endswith("}"):
        return [part.strip().strip('"') for part in text[1:-1].split(",") if part.strip()]
    return [text]
