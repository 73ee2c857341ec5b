"""Conditions: `eq.1`, `not.in.(a,b)`, and the trees `or(a.eq.1,not.and(b.gt.2,c.is.null))`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgproof.code.postgrest.scan import HOLE, PostgrestSyntaxError, Scanner

_OPERATOR = re.compile(
    r"(?P<not>not\.)?(?:(?P<list>in)\.|(?P<is>is)\.|(?P<distinct>isdistinct)\."
    r"|(?P<text>(?:pl|ph|w)?fts)(?:\([\w $]+\))?\.|(?P<simple>neq|cs|cd|ov|sl|sr|nxr|nxl|adj)\."
    r"|(?P<quantified>eq|gte?|lte?|i?like|i?match)(?P<of>\((?:any|all)\))?\.)"
)
_IS = re.compile(r"null|not_null|true|false|unknown", re.IGNORECASE)
_ARRAY = re.compile(r"\{[^{}]*\}")
_REST = re.compile(r"[^,)]*")
_GROUP = re.compile(r"(?:not\.)?(?:and|or)(?=[ \t]*\()")
_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison in a tree.

    `values` are what it compares with, as text, several for `in`, `None` where it is filled in at run time; `known` is
    false when the column's name is.
    """

    column: str
    at: int
    operator: str
    values: tuple[str | None, ...]
    json: str = ""
    negated: bool = False
    known: bool = True


def parse_logic(text: str) -> tuple[Condition, ...]:
    """Return the conditions in what stands between the parentheses of an `or` or `and` parameter.

    Raises
    ------
    PostgrestSyntaxError
        When PostgREST refuses it. A column of an embedded relation cannot be named in here: the client's
        `referencedTable` says whose columns these are.
    """
    scanner = Scanner(text)
    conditions = _trees(scanner, 0)
    if not scanner.ended():
        raise scanner.malformed("a comma or the end of the condition")
    return tuple(conditions)


def parse_operator(text: str) -> tuple[str, bool, bool] | None:
    """Return the operator that a filter begins with as its name, whether it is negated and whether it has a quantifier.

    `text` is `eq.1`, `not.in.(1,2)`; `None`: there is no such operator.
    """
    found = _OPERATOR.match(text)
    return None if found is None else (_name(found), found["not"] is not None, found["of"] is not None)


def _trees(scanner: Scanner, depth: int) -> list[Condition]:
    if depth > _DEPTH:
        raise PostgrestSyntaxError(scanner.at, "conditions are nested too deeply to be read", certain=False)
    found: list[Condition] = []
    while True:
        scanner.blank()
        if scanner.match(_GROUP):
            scanner.blank()
            scanner.take("(")
            found += _trees(scanner, depth + 1)
            if not scanner.take(")"):
                raise scanner.malformed(")")
            scanner.blank()
        else:
            found.append(_condition(scanner))
        if not scanner.take(","):
            return found


def _condition(scanner: Scanner) -> Condition:
    at = scanner.at
    name = scanner.name()
    if name is None:
        raise scanner.malformed("a column, and or or")
    json = scanner.json()
    if not scanner.take("."):
        raise scanner.malformed("a dot and an operator")
    found = scanner.match(_OPERATOR)
    if found is None:
        raise scanner.malformed("an operator")
    values = tuple(None if HOLE in value else value for value in _values(scanner, found))
    return Condition(name, at, _name(found), values, json, found["not"] is not None, HOLE not in name)


def _name(found: re.Match[str]) -> str:
    return next(found[kind] for kind in ("list", "is", "distinct", "text", "simple", "quantified") if found[kind])


def _values(scanner: Scanner, operator: re.Match[str]) -> list[str]:
    if operator["list"]:
        return _list(scanner)
    if operator["is"]:
        found = scanner.match(_IS)
        if found is None and not scanner.sees(HOLE):
            raise scanner.malformed("null, not_null, true, false or unknown")
        return [found[0].lower()] if found else [_rest(scanner)]
    return [_value(scanner)]


def _list(scanner: Scanner) -> list[str]:
    scanner.blank()
    if not scanner.take("("):
        if scanner.sees(HOLE):
            return [_rest(scanner)]
        raise scanner.malformed("(")
    values: list[str] = []
    while True:
        start = scanner.at
        value = scanner.quoted()
        if value is None or not (scanner.ended() or scanner.sees(",") or scanner.sees(")")):
            scanner.at = start
            value = _rest(scanner)
        values.append(value)
        if not scanner.take(","):
            break
    if not scanner.take(")"):
        raise scanner.malformed(")")
    scanner.blank()
    return values


def _value(scanner: Scanner) -> str:
    start = scanner.at
    value = scanner.quoted()
    if value is not None and (scanner.ended() or scanner.sees(",") or scanner.sees(")")):
        return value
    scanner.at = start
    if found := scanner.match(_ARRAY):
        return found[0]
    return _rest(scanner)


def _rest(scanner: Scanner) -> str:
    found = scanner.match(_REST)
    return found[0] if found else ""
