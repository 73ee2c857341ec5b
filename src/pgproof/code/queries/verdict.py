"""What an error of PostgreSQL proves about a query: that it fails on every call, or nothing.

A parameter has no type here, and a driver would give it one; a text that is put in at run time may be anything; a name
may be made at run time. What one of these can cause is unknown, never a defect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgproof.code.queries import tree as parsed
from pgproof.code.queries.attempt import Attempt
from pgproof.code.queries.prepare import Refusal
from pgproof.code.usage import Query


class Kind(StrEnum):
    """What is wrong with a query."""

    TABLE = "table"
    COLUMN = "column"
    FUNCTION = "function"
    TYPE = "type"
    MISMATCH = "mismatch"
    LITERAL = "literal"
    FORM = "form"
    """Its form: syntax, grouping, an ambiguous name."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a query names and the server does not find: `schema` as it is written, `of` the relation of a column."""

    kind: Kind
    name: str
    schema: str = ""
    of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` says that the query fails on every call; else `unknown` says why nobody knows."""

    kind: Kind | None
    unknown: str = ""
    missing: Missing | None = None


_RELATION = re.compile(r'relation "(.+)" does not exist', re.DOTALL)
_FROM_ENTRY = re.compile(r'(?:missing|invalid reference to) FROM-clause entry for table "(.+)"', re.DOTALL)
_COLUMN_OF = re.compile(r'column "(?P<name>.+)" of relation "(?P<of>.+)" does not exist', re.DOTALL)
_COLUMN_QUALIFIED = re.compile(r"column (?P<of>[^\s\"]+|\"[^\"]+\")\.(?P<name>.+) does not exist", re.DOTALL)
_COLUMN = re.compile(r'column "(?P<name>.+)" does not exist', re.DOTALL)
_FUNCTION = re.compile(
    r"(?:function|procedure) (?P<name>.+?)\((?P<arguments>.*)\) (?:does not exist|is not unique)", re.DOTALL
)
CALLED = re.compile(r"(?:function|procedure) ([^\s(]+)\(.*\) does not exist", re.DOTALL)
"""What the server says of a call, be it that no routine of that name takes these arguments or that there is none."""
_TYPE = re.compile(r'type "(.+)" does not exist', re.DOTALL)
_SCHEMA = re.compile(r'schema "(.+)" does not exist', re.DOTALL)

_UNTYPED = {"42P08", "42P18", "42725", "42P38"}
"""ambiguous parameter, indeterminate type, ambiguous function."""
_LITERALS = {"22P02", "22007", "22008", "22003", "22023", "22018", "22P03", "2200M", "22032"}
_FORMS = {"42702", "42803", "42701", "42P10", "42712", "42P20", "428C9", "42P19", "42P09", "42809", "42P03", "0A000"}
_SYNTAX = "42601"

ANYTHING = "a piece of SQL comes in at run time, which may be what the server misses"
PARAMETER = "the error may come from a parameter whose type only the driver knows"


def verdict(query: Query, attempt: Attempt, refusal: Refusal, tree: Any | None, *, absent: bool = False) -> Verdict:
    """Return what a refusal proves. `tree` is the statement's parse tree, `None` when it does not parse.

    `absent`: of the function that it is about there is none, of whatever arguments.
    """
    state = refusal.sqlstate
    if state == _SYNTAX:
        return _of_syntax(query, attempt, refusal, tree)
    if tree is None:
        return Verdict(None, "the statement does not parse")
    if state in _UNTYPED:
        return Verdict(None, PARAMETER)
    if state == "42P01":
        return _of_relation(attempt, refusal)
    if state == "42703":
        return _of_column(attempt, refusal, tree)
    if state == "3F000" and (schema := _SCHEMA.fullmatch(refusal.message)):
        return Verdict(Kind.TABLE, missing=Missing(Kind.TABLE, "", schema[1]))
    if state == "42704" and (named := _TYPE.fullmatch(refusal.message)):
        return Verdict(Kind.TYPE, missing=Missing(Kind.TYPE, *_split(named[1])))
    if absent and (function := _FUNCTION.fullmatch(refusal.message)):
        return Verdict(Kind.FUNCTION, missing=Missing(Kind.FUNCTION, *_split(function["name"])))
    if state in ("42883", "42804", "42846"):
        return _of_types(attempt, refusal, tree)
    if state in _LITERALS:
        return Verdict(Kind.LITERAL)
    if state in _FORMS:
        return _of_form(attempt, refusal, tree)
    return Verdict(None, f"PostgreSQL says {refusal.message} ({state})")


def _of_syntax(query: Query, attempt: Attempt, refusal: Refusal, tree: Any | None) -> Verdict:
    if tree is not None and _OF_GRAMMAR.match(refusal.message):
        return Verdict(None, "a later version of PostgreSQL reads it")
    if not attempt.whole or any(one.kind != "value" for one in query.holes):
        return Verdict(None, "a text that is put together at run time does not parse as it stands")
    if refusal.message in _COUNTS:
        return Verdict(Kind.FORM)
    if query.client not in _POSTGRESQL_ONLY:
        return Verdict(None, "it does not parse, and may not be meant for PostgreSQL")
    at = attempt.text[refusal.position : refusal.position + 1]
    if at in _SIGNS_OF_TEMPLATES or "?" in _STRING.sub("", attempt.text):
        return Verdict(None, "a wrapper may put something in the place of a sign that is no SQL")
    return Verdict(Kind.FORM)


_OF_GRAMMAR = re.compile(r"syntax error|trailing junk|(?:subquery|VALUES) in FROM must have an alias")
"""What a server says of a text that its grammar refuses; the parser here knows that of a later one."""
_COUNTS = ("INSERT has more expressions than target columns", "INSERT has more target columns than expressions")
"""What is no mistake of syntax, and wrong in every system."""
_UNMATCHED = "cannot be matched"
_UNDETERMINED = "because input has type unknown"
_STRING = re.compile(r"'(?:[^']|'')*'")
_SIGNS_OF_TEMPLATES = frozenset("{}[]<>@#?:%\\/$&!|^~`")
_POSTGRESQL_ONLY = frozenset(
    {"asyncpg", "node-postgres", "pg-promise", "pgx", "postgres.js", "psycopg", "slonik", "sqlx"}
)
"""Clients to which nobody gives another language than PostgreSQL's."""


def _of_relation(attempt: Attempt, refusal: Refusal) -> Verdict:
    if entry := _FROM_ENTRY.fullmatch(refusal.message):
        if not attempt.whole:
            return Verdict(None, ANYTHING)
        return Verdict(Kind.COLUMN, missing=Missing(Kind.COLUMN, "", of=("", entry[1])))
    found = _RELATION.fullmatch(refusal.message)
    if found is None:
        return Verdict(None, refusal.message)
    if any(offset <= refusal.position for offset in attempt.omitted):
        return Verdict(None, ANYTHING)  # it may begin with WITH
    return Verdict(Kind.TABLE, missing=Missing(Kind.TABLE, *_split(found[1])))


def _of_column(attempt: Attempt, refusal: Refusal, tree: Any) -> Verdict:
    message = refusal.message
    if found := _COLUMN_OF.fullmatch(message):
        return Verdict(Kind.COLUMN, missing=Missing(Kind.COLUMN, found["name"], of=_named(tree, found["of"])))
    if found := _COLUMN_QUALIFIED.fullmatch(message):
        of = parsed.aliases(tree).get(found["of"].strip('"').rpartition(".")[2])
        if of is None and not attempt.whole:
            return Verdict(None, ANYTHING)
        return Verdict(Kind.COLUMN, missing=Missing(Kind.COLUMN, found["name"].strip('"'), of=of))
    if found := _COLUMN.fullmatch(message):
        if attempt.omitted or (attempt.loose and _chooses_columns(attempt, tree)):
            return Verdict(None, ANYTHING)
        named = parsed.relations(tree)
        of = next(iter(named)) if len(named) == 1 else None
        return Verdict(Kind.COLUMN, missing=Missing(Kind.COLUMN, found["name"], of=of))
    return Verdict(Kind.COLUMN, missing=Missing(Kind.COLUMN, "")) if attempt.whole else Verdict(None, ANYTHING)


def _chooses_columns(attempt: Attempt, tree: Any) -> bool:
    """Whether a list of columns comes in at run time: names that are used elsewhere may be made there."""
    for kind, node in parsed.nodes(tree):
        if kind == "SelectStmt":
            for target in node.get("targetList", []):
                value = target.get("ResTarget", {}).get("val", {})
                if value.get("ParamRef", {}).get("number", 0) in attempt.loose:
                    return True
    return False


def _named(tree: Any, name: str) -> tuple[str, str]:
    """Return the relation of that name as the statement writes it."""
    return next((one for one in sorted(parsed.relations(tree)) if one[1] == name), ("", name))


def _of_types(attempt: Attempt, refusal: Refusal, tree: Any) -> Verdict:
    """A type that does not fit proves something when no parameter has a say in it."""
    function = _FUNCTION.fullmatch(refusal.message)
    kind = Kind.FUNCTION if function else Kind.MISMATCH
    missing = Missing(Kind.FUNCTION, *_split(function["name"])) if function else None
    if not parsed.has_parameters(tree):
        return Verdict(kind, missing=missing)
    if _UNDETERMINED in refusal.message:
        return Verdict(None, PARAMETER)  # `array_length($1, 1)`: the driver, or another place of the same one, tells
    if parsed.parameter_numbers(tree) & attempt.loose or attempt.omitted:
        return Verdict(kind, missing=missing) if function and not function["arguments"] else Verdict(None, PARAMETER)
    columns = parsed.names_columns_by_parameters(tree)
    known = frozenset(name for name, relation in parsed.aliases(tree).items() if relation)
    if _UNMATCHED in refusal.message and _mixes_parameters(tree, columns, known):
        return Verdict(None, PARAMETER)  # the server points at one branch, and a parameter may be the other
    found = [
        (name, node) for name, node in parsed.at(tree, refusal.position) if name in ("A_Expr", "FuncCall", "CallStmt")
    ]
    if not found:
        whole = parsed.at(tree, refusal.position)
        certain = whole and not any(
            parsed.depends_on_parameter({name: node}, columns=columns, known=known) for name, node in whole
        )
        return Verdict(kind, missing=missing) if certain else Verdict(None, PARAMETER)
    for name, node in found:
        operands = [node.get("lexpr"), node.get("rexpr")] if name == "A_Expr" else node.get("args", [])
        for operand in operands:
            direct = isinstance(operand, dict) and "ParamRef" in operand
            if not direct and parsed.depends_on_parameter(operand, columns=columns, known=known):
                return Verdict(None, PARAMETER)
    return Verdict(kind, missing=missing)


def _mixes_parameters(tree: Any, columns: bool, known: frozenset[str]) -> bool:
    """Whether a parameter has a say in the type of an expression whose branches must have one."""
    return any(
        parsed.depends_on_parameter({kind: node}, columns=columns, known=known)
        for kind, node in parsed.nodes(tree)
        if kind in ("CoalesceExpr", "CaseExpr", "MinMaxExpr", "A_ArrayExpr")
    )


def _of_form(attempt: Attempt, refusal: Refusal, tree: Any) -> Verdict:
    if not attempt.whole:
        return Verdict(None, ANYTHING)
    groups = "GROUP BY" in refusal.message or refusal.sqlstate == "42P10"
    if groups and parsed.has_parameters(tree):
        return Verdict(None, "two expressions with the same parameter may be one for the driver")
    if refusal.sqlstate == "0A000":
        return Verdict(None, refusal.message)
    return Verdict(Kind.FORM)


def _split(name: str) -> tuple[str, str]:
    """Return (name, schema) of a name as the server's messages write it."""
    schema, _, last = name.rpartition(".")
    return last.strip('"'), schema.strip('"')
