"""What an error says does not exist."""

from __future__ import annotations

import re
from typing import NamedTuple

_RELATION = re.compile(r'relation "(?P<name>.+)" does not exist|missing FROM-clause entry for table "(?P<alias>.+)"')
_SCHEMA = re.compile(r'schema "(?P<name>.+)" does not exist')
_TYPE = re.compile(r'type "(?P<name>.+?)(?:\[\])?" does not exist')
_ROUTINE = re.compile(r"(?:function|procedure) (?P<name>[^ (]+)\(.*\) (?:does not exist|is not unique)", re.DOTALL)
_OPERATOR = re.compile(r"operator does not exist: (?P<name>.+)")
_COLUMN = re.compile(
    r'column "?(?P<name>.+?)"?(?: of relation "(?P<of>.+)")? does not exist'
    r'|record "(?P<record>.+)" has no field "(?P<field>.+)"',
    re.DOTALL,
)


class Lacks(NamedTuple):
    """Something that does not exist: `kind` is relation, schema, type, function, operator or column."""

    kind: str
    name: str
    schema: str = ""
    of: str = ""


def lacks(sqlstate: str, message: str) -> Lacks | None:
    """Return what an error of class 42 or 3F says is missing, `None` when it says something else."""
    if sqlstate == "42P01" and (found := _RELATION.fullmatch(message)) and found["name"]:
        return _named("relation", found["name"])
    if sqlstate == "3F000" and (found := _SCHEMA.fullmatch(message)):
        return Lacks("schema", found["name"], found["name"])
    if sqlstate == "42704" and (found := _TYPE.fullmatch(message)):
        return _named("type", found["name"])
    if sqlstate in ("42883", "42725") and (found := _ROUTINE.fullmatch(message)):
        return _named("function", found["name"])
    if sqlstate == "42883" and (found := _OPERATOR.fullmatch(message)):
        return Lacks("operator", found["name"])
    if sqlstate == "42703" and (found := _COLUMN.fullmatch(message)):
        name, of = found["name"] or found["field"], found["of"] or found["record"] or ""
        qualifier, _, last = name.rpartition(".")
        return Lacks("column", last.strip('"'), of=of or qualifier.strip('"'))
    return None


def _named(kind: str, name: str) -> Lacks:
    schema, _, last = name.rpartition(".")
    return Lacks(kind, last.strip('"'), schema.strip('"'))
