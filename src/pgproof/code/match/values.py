"""Whether a value that stands in the code can be one of a column: only what PostgreSQL surely refuses is reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pgproof.code.match.conditions import allowed, refuses
from pgproof.code.match.relation import Column, Relation
from pgproof.code.match.schema import Schema
from pgproof.code.usage import Literal

_INTEGER = re.compile(r"\s*[+-]?(?:\d+(?:_\d+)*|0[xob][\da-f_]+)\s*", re.I)
_NUMBER = re.compile(r"\s*[+-]?(?:(?:[\d_]+\.?[\d_]*|\.\d+)(?:e[+-]?\d+)?|0[xob][\da-f_]+|inf(?:inity)?|nan)\s*", re.I)
_UUID = re.compile(r"\{?(?:[\da-f]{4}-?){7}[\da-f]{4}\}?", re.I)
_BOOLEAN = re.compile(r"\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*", re.I)
_MOMENT = re.compile(r"\d|\b(?:now|today|tomorrow|yesterday|epoch|infinity|allballs)\b", re.I)
_INTEGERS = ("smallint", "integer", "bigint")
_FRACTIONS = ("numeric", "real", "double precision")
_MOMENTS = ("date", "timestamp with time zone", "timestamp without time zone")
_TEXTS = ("text", "character varying")
_PLAIN = re.compile(r"([a-z ]+?)(?:\([\d,]+\))?( with(?:out)? time zone)?")
INVALID = "22P02"
CHECK_VIOLATION = "23514"
_PATTERNS = ("like", "ilike", "match", "imatch")


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why a value cannot be a column's: the SQLSTATE that it fails with, in words, and what is allowed if it is a list.

    An empty `sqlstate` says that nothing fails: the value is only one that no row has.
    """

    sqlstate: str
    reason: str
    allowed: tuple[str, ...] = ()


def impossible(
    schema: Schema, relation: Relation, column: Column, value: Literal, events: Sequence[str]
) -> Impossible | None:
    """Return why a column can never have this value, `None` when it can or nobody knows.

    `events` are those that write it (`INSERT`, `UPDATE`), none when it is only compared.
    """
    if _is_open(value):
        return None
    text = value.text
    if (labels := schema.labels(column.type)) is not None:
        if value.kind == "string" and text not in labels:
            return Impossible(INVALID, f"the type {column.type} has no label {text!r}", tuple(labels))
        return None
    if reason := _not_of_type(column.type, value):
        return Impossible(INVALID, reason)
    if value.kind == "date" or not schema.is_certain(relation):
        return None
    return _checked(schema, relation, column, text, events)


def impossible_parameter(schema: Schema, kind: str, value: Literal) -> Impossible | None:
    """Return why a parameter of a function can never have this value."""
    if _is_open(value):
        return None
    if (labels := schema.labels(kind)) is not None:
        if value.kind == "string" and value.text not in labels:
            return Impossible(INVALID, f"the type {kind} has no label {value.text!r}", tuple(labels))
        return None
    reason = _not_of_type(kind, value)
    return Impossible(INVALID, reason) if reason else None


def _is_open(value: Literal) -> bool:
    """Whether nothing is said of a value: also of null and `""`, with which variables begin that are set later."""
    return value.kind in ("list", "object", "null") or (value.kind == "string" and not value.text)


def no_pattern(schema: Schema, column: Column, operator: str) -> bool:
    """Say whether a column's type has surely no such operator: `like` and regular expressions are for text."""
    if operator not in _PATTERNS:
        return False
    known = (*_INTEGERS, *_FRACTIONS, *_MOMENTS, "uuid", "boolean", "json", "jsonb")
    return _base(column.type) in known or schema.labels(column.type) is not None


def is_no_document(schema: Schema, column: Column) -> bool:
    """Say whether a column's type has surely no parts that `->` could reach."""
    known = (*_INTEGERS, *_FRACTIONS, *_MOMENTS, *_TEXTS, "uuid", "boolean")
    return _base(column.type) in known or schema.labels(column.type) is not None


def _checked(schema: Schema, relation: Relation, column: Column, text: str, events: Sequence[str]) -> Impossible | None:
    kind, definitions = column.type, [(definition, column.name) for definition in relation.checks.values()]
    if any(relation.set_before(event, column.name) for event in events):
        return None
    if domain := schema.domain(column.type):
        kind = str(domain.attributes["base type"])
        checks = cast("dict[str, dict[str, str]]", domain.attributes["checks"] or {})
        definitions += [(f"CHECK ({check['expression']})", "value") for check in checks.values()]
    if _base(kind) not in (*_TEXTS, *_INTEGERS, *_FRACTIONS):
        return None
    for definition, name in definitions:
        if refuses(definition, name, text):
            values = allowed(definition, name) or []
            why = f"no row can have {text!r}" + ("" if values else f": {definition}")
            return Impossible(CHECK_VIOLATION if events else "", why, tuple(values))
    return None


def _not_of_type(kind: str, value: Literal) -> str:
    base, text = _base(kind), value.text
    if value.kind == "date":
        wrong = base in (*_INTEGERS, *_FRACTIONS, "uuid", "boolean")
        return f"a date is no {base}" if wrong else ""
    if value.kind == "boolean":
        wrong = base in (*_INTEGERS, *_FRACTIONS, *_MOMENTS, "uuid")
    elif base in _INTEGERS:
        wrong = not _INTEGER.fullmatch(text)
    elif base in _FRACTIONS:
        wrong = not _NUMBER.fullmatch(text)
    elif base == "uuid":
        wrong = not _UUID.fullmatch(text)
    elif base == "boolean":
        wrong = not _BOOLEAN.fullmatch(text)
    elif base in _MOMENTS:
        wrong = not _MOMENT.search(text)
    else:
        return ""
    return f"{text!r} is no {base}" if wrong else ""


def _base(kind: str) -> str:
    """Return the type without its modifier: `character varying(20)` is `character varying`."""
    match = _PLAIN.fullmatch(kind)
    return match[1] + (match[2] or "") if match else kind
