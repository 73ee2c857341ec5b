"""What the server says that a statement lacks, read from its message."""

from __future__ import annotations

import re
from typing import NamedTuple

_RELATIONS = ("relation", "table", "view", "materialized view", "index", "sequence")
_QUALIFIED = {"relation", "type", "function", "operator class", "operator family", "text search object", "collation"}
_TEXT_SEARCH = "text search "
_OBJECT = re.compile(
    r"(?P<kind>relation|table|view|materialized view|index|sequence|type|schema|role|extension|constraint|trigger"
    r"|policy|operator class|operator family|access method|language|publication|server|collation|text search \w+)"
    r' (?:"(?P<quoted>.+?)"|(?P<plain>[^" ]+))(?: (?:of|for|on) (?:relation|table) "?(?P<of>[^"]+)"?)?'
    r'(?: for encoding ".+")? does not exist(?: for access method .+)?',
    re.DOTALL,
)
_ROUTINE = re.compile(r'(?:function|procedure|aggregate) ([^" (]+)\(.*\) does not exist', re.DOTALL)
_NAMED_ROUTINE = re.compile(r'could not find an? (?:function|procedure|aggregate|routine) named "(.+)"', re.DOTALL)
_OPERATOR = re.compile(r"operator does not exist: (\S.* \S+ \S.*)")
_COLUMN = re.compile(
    r'column "?(?P<name>.+?)"?(?: of relation "(?P<of>.+)"| named in key| referenced in .+)? does not exist'
    r'|record "(?:new|old)" has no field "(?P<field>.+)"',
    re.DOTALL,
)
_SQLSTATES = {
    "3F000",  # invalid_schema_name
    "42703",  # undefined_column
    "42704",  # undefined_object
    "42883",  # undefined_function
    "42P01",  # undefined_table
    "22023",  # invalid_parameter_value: SET ROLE
}


class Lacking(NamedTuple):
    """Something that does not exist.

    `kind` is `relation` for all that `pg_class` holds, `function` for all routines, `text search object` for all of
    those. `schema` is the one that was named, or `""`. `of` is the relation that a column, a trigger, a policy or a
    constraint was looked for on.
    """

    kind: str
    name: str
    schema: str = ""
    of: str = ""


def lacking(sqlstate: str, message: str) -> Lacking | None:
    """Return what an error of the server says does not exist, `None` when it is about something else."""
    if sqlstate not in _SQLSTATES:
        return None
    if column := _COLUMN.fullmatch(message):
        name, of = column["name"] or column["field"], column["of"] or ""
        return Lacking("column", name.rpartition(".")[2].strip('"'), of=of.rpartition(".")[2])
    if operator := _OPERATOR.fullmatch(message):
        return Lacking("operator", operator[1])
    if routine := _ROUTINE.fullmatch(message) or _NAMED_ROUTINE.fullmatch(message):
        return _named("function", routine[1])
    if found := _OBJECT.fullmatch(message):
        return _named(_kind(found["kind"]), found["quoted"] or found["plain"], (found["of"] or "").rpartition(".")[2])
    return None


def _named(kind: str, name: str, of: str = "") -> Lacking:
    schema, _, last = name.rpartition(".") if kind in _QUALIFIED else ("", "", name)
    last = last.removesuffix("[]") if kind == "type" else last
    return Lacking(kind, last, schema, of)


def _kind(word: str) -> str:
    if word in _RELATIONS:
        return "relation"
    return "text search object" if word.startswith(_TEXT_SEARCH) else word
