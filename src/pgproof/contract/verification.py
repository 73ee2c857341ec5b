r"""A team's own verification: SQL files read as queries, and what their answers say.

An answer says by itself whether it is good when it is a boolean, a word such as PASS or FAIL, or a line of TAP
(testanything.org). A number says it when a comment before the query tells what is expected: `-- expect: >= 82`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgproof.contract.conflicts import not_one_select
from pgproof.contract.need import Compare
from pgproof.model import Location
from pgproof.model.spelling import did_you_mean
from pgproof.sql.parse import parse
from pgproof.sql.quote import literal
from pgproof.sql.split import SyntaxProblem, split

_EXPECT = re.compile(r"^[ \t]*--[ \t]*expect(?:ed)?[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_NUMBER = re.compile(r"(>=|<=|=)?\s*(\d+(?:\.\d+)?)(\+?)")
_WORD = re.compile(r"""(['"`])([A-Za-z_][\w$.-]{0,62})\1""")
MOST_WORDS = 200
_META = re.compile(r"^\\.*$", re.MULTILINE)
_GOOD = re.compile(r"\s*(?:✅|✓|pass|passed|ok|yes|success|exists|found|t|true)\b|\s*[✅✓]", re.IGNORECASE)
_BAD = re.compile(r"\s*(?:fail|failed|not ok|no|missing|error|not found|f|false|gap)\b|\s*[❌✗]", re.IGNORECASE)
_TAP = re.compile(r"^(?:not )?ok \d+", re.MULTILINE)
_TAP_OK = re.compile(r"^ok \d+", re.MULTILINE)
_TAP_NOT_OK = re.compile(r"^not ok \d+(?!.*# (?:TODO|SKIP))", re.MULTILINE)


class Outcome(StrEnum):
    """What an answer says: `SILENT` when nothing tells what would be good."""

    PASS = "pass"  # noqa: S105 (a word)
    FAIL = "fail"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a comment says that an answer should be."""

    text: str
    compare: Compare = Compare.EXACTLY

    @property
    def shown(self) -> str:
        """The expectation as it was written, more or less."""
        return self.text if self.compare is Compare.EXACTLY else f"{self.compare} {self.text}"


@dataclass(frozen=True, slots=True)
class Query:
    """One statement of a verification file; `asks`: it is a SELECT, whose answer counts.

    `guessed`: it stands in a program, and what it is asked with was put in for a value that comes in at run time. Its
    answer says nothing by itself, only that it changes.
    """

    location: Location
    text: str
    asks: bool
    expected: Expected | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A verification file: its statements without BEGIN, COMMIT and ROLLBACK, or why it cannot be read."""

    path: str
    queries: tuple[Query, ...] = ()
    problem: str = ""


def read(path: str, text: str) -> Script:
    """Read a file; psql's meta-commands in it are left out."""
    plain = _META.sub("", text)
    try:
        statements = split(plain)
    except SyntaxProblem as problem:
        return Script(path, problem=f"does not parse: {problem}")
    queries, end = [], 0
    for statement in statements:
        if statement.node != "TransactionStmt":
            comments = _EXPECT.findall(plain[end : statement.start])
            place = Location(path, statement.line, statement.column)
            expected = _expected(comments[-1]) if comments else None
            queries.append(Query(place, statement.text, statement.node == "SelectStmt", expected))
        end = statement.start + len(statement.text)
    return Script(path, tuple(queries))


def in_program(path: str, text: str, statements: Iterable[tuple[Location, str]]) -> Script:
    """Return the SELECTs of a program that verifies, each asked with every word that the program holds as a string.

    Which word goes into which query only running the program tells; more questions than it asks are asked, so that what
    none of them notices is surely not noticed.
    """
    words = sorted({match[2] for match in _WORD.finditer(text)})[:MOST_WORDS]
    queries: dict[Query, None] = {}
    for place, statement in statements:
        if not_one_select(statement):
            continue
        if "$1" not in statement:
            queries[Query(place, statement, asks=True, guessed=True)] = None
        elif "$2" not in statement:
            for word in words:
                asked = statement.replace("$1", literal(word))
                queries[Query(place, asked, asks=True, guessed=True)] = None
    return Script(path, tuple(queries))


def _expected(text: str) -> Expected:
    match = _NUMBER.fullmatch(text)
    if not match:
        return Expected(text)
    return Expected(match[2], Compare.AT_LEAST if match[3] else Compare(match[1] or "="))


def judge(rows: Sequence[Sequence[Any]], expected: Expected | None) -> tuple[Outcome, str]:
    """Return what the rows say, and the row that says it."""
    if expected is not None:
        found = _cell(rows[0][0]) if len(rows) == 1 and len(rows[0]) == 1 else f"{len(rows)} rows"
        if len(rows) != 1 and not rows and expected.text in ("0", "no rows"):
            return Outcome.PASS, "no rows"
        return (Outcome.PASS if _meets(found, expected) else Outcome.FAIL), f"{found}, expected {expected.shown}"
    said = Outcome.SILENT
    for row in rows:
        words = [_verdict(cell) for cell in row]
        if Outcome.FAIL in words:
            return Outcome.FAIL, ", ".join(map(_cell, row))
        if Outcome.PASS in words:
            said = Outcome.PASS
    return said, ", ".join(map(_cell, rows[0])) if rows else "no rows"


def _meets(found: str, expected: Expected) -> bool:
    try:
        return expected.compare.holds(float(found), float(expected.text))
    except ValueError:
        return found == expected.text


def _verdict(cell: Any) -> Outcome:
    if isinstance(cell, bool):
        return Outcome.PASS if cell else Outcome.FAIL
    if not isinstance(cell, str) or len(cell) > 2_000:
        return Outcome.SILENT
    if _TAP.search(cell):
        if _TAP_NOT_OK.search(cell):
            return Outcome.FAIL
        return Outcome.PASS if _TAP_OK.search(cell) else Outcome.SILENT
    if _BAD.match(cell) and len(cell) < 200:
        return Outcome.FAIL
    return Outcome.PASS if _GOOD.match(cell) else Outcome.SILENT


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return "null" if value is None else str(value)[:200]


DOMAINS: dict[tuple[str, str], tuple[str, ...]] = {
    ("table_constraints", "constraint_type"): ("CHECK", "FOREIGN KEY", "PRIMARY KEY", "UNIQUE"),
    ("tables", "table_type"): ("BASE TABLE", "VIEW", "FOREIGN", "LOCAL TEMPORARY"),
    ("routines", "routine_type"): ("FUNCTION", "PROCEDURE"),
    ("columns", "is_nullable"): ("YES", "NO"),
    ("triggers", "event_manipulation"): ("INSERT", "UPDATE", "DELETE"),
    ("triggers", "action_timing"): ("BEFORE", "AFTER", "INSTEAD OF"),
    ("pg_policies", "cmd"): ("ALL", "SELECT", "INSERT", "UPDATE", "DELETE"),
    ("pg_policies", "permissive"): ("PERMISSIVE", "RESTRICTIVE"),
    ("pg_class", "relkind"): ("r", "i", "S", "t", "v", "m", "c", "f", "p", "I"),
    ("pg_constraint", "contype"): ("c", "f", "n", "p", "u", "t", "x"),
    ("pg_proc", "prokind"): ("f", "p", "a", "w"),
}
"""Columns of system views that have few values, by their view (manual, chapters 37 and 53)."""


def impossible(tree: Any) -> Iterator[tuple[str, str, str]]:
    """Yield comparisons that match nothing, ever: the column, the value, and what was probably meant."""
    relations = {node["relname"] for node in _nodes(tree) if "relname" in node}
    for node in _nodes(tree):
        expression = node.get("A_Expr", {})
        if expression.get("kind") not in ("AEXPR_OP", "AEXPR_IN"):
            continue
        names = [one["String"].get("sval") for one in expression.get("name", ())]
        if names != ["="]:
            continue
        sides = (expression.get("lexpr", {}), expression.get("rexpr", {}))
        column = next((name for side in sides if (name := _column(side))), "")
        values = [value for side in sides for value in _texts(side)]
        for (relation, of), domain in DOMAINS.items():
            if of == column and relation in relations and values and not any(value in domain for value in values):
                yield column, values[0], did_you_mean(_ABBREVIATED.get(values[0], values[0]), domain)


_ABBREVIATED = {"FK": "FOREIGN KEY", "PK": "PRIMARY KEY", "UK": "UNIQUE", "TABLE": "BASE TABLE"}


def reads_nothing(tree: Any) -> bool:
    """Whether a query looks at nothing: neither a relation nor a function."""
    return not any("relname" in node or "funcname" in node for node in _nodes(tree))


def reads_rows(tree: Any) -> bool:
    """Whether a query reads relations that are not the system's own."""
    return any(
        "relname" in node
        and node.get("schemaname", "") not in ("information_schema", "pg_catalog")
        and not node["relname"].startswith("pg_")
        for node in _nodes(tree)
    )


def is_tap(script: Script) -> bool:
    """Whether a script is written for pgTAP: it has a plan."""
    return any(
        node.get("funcname", [{}])[-1].get("String", {}).get("sval") in ("plan", "no_plan")
        for query in script.queries
        if query.asks
        for node in _nodes(parse(query.text))
    )


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting += node.values()


def _column(side: Any) -> str:
    fields = side.get("ColumnRef", {}).get("fields", []) if isinstance(side, dict) else []
    return fields[-1].get("String", {}).get("sval", "") if fields else ""


def _texts(side: Any) -> list[str]:
    items = side.get("List", {}).get("items", [side]) if isinstance(side, dict) else []
    return [item["A_Const"]["sval"].get("sval", "") for item in items if "sval" in item.get("A_Const", {})]
