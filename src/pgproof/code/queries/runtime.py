"""What the code makes itself while it runs: temporary tables, partitions, tables of a test's set-up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pgproof.code.queries.tokens import masked
from pgproof.code.source import Role
from pgproof.code.usage import Query

_PART = r"""(?:"(?:[^"]|"")+"|[\w$]+)"""
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})*"
_MADE = re.compile(
    rf"""\bcreate\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|foreign|materialized|recursive)\s+)*
    (?P<kind>table|view|function|procedure|type|domain|schema|sequence|extension)\s+(?:if\s+not\s+exists\s+)?
    (?P<name>{_NAME})
    | \binto\s+(?:(?:temp|temporary|unlogged)\s+)?(?:table\s+)?(?P<into>{_NAME})\s+from\b
    | \balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}\s+rename\s+to\s+(?P<renamed>{_NAME})
    | \bdeclare\s+(?P<cursor>\w+)\s""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDED = re.compile(
    rf"\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?P<name>{_PART})|\brename\s+(?:column\s+)?{_PART}\s+to\s+(?P<to>{_PART})",
    re.IGNORECASE,
)
_RELAXED = re.compile(
    rf"\balter\s+(?:column\s+)?(?P<name>{_PART})\s+(?:drop\s+not\s+null|set\s+default|add\s+generated)", re.IGNORECASE
)
_ALTERS = re.compile(
    rf"\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?P<name>{_NAME})(?P<rest>[^;]{{0,20000}})", re.IGNORECASE
)
_DEFINES = re.compile(
    rf"""\bcreate\s+(?P<temporary>(?:(?:global|local)\s+)?temp(?:orary)?\s+)?(?:unlogged\s+)?table\s+
    (?:if\s+not\s+exists\s+)?(?P<name>{_NAME})\s*(?P<open>\()?(?P<body>[^;]{{0,20000}})""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED = re.compile(rf"\bto_regclass\s*\(\s*'(?P<relation>{_NAME})'|\btable_name\s*=\s*'(?P<table>\w+)'", re.IGNORECASE)
_ASKED_COLUMN = re.compile(r"\bcolumn_name\s*(?:=|in)\s*\(?(?P<names>(?:\s*,?\s*'\w+')+)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_KINDS = {"view": "relation", "table": "relation", "sequence": "relation", "procedure": "function", "domain": "type"}


@dataclass(frozen=True, slots=True)
class Made:
    """Names without schemas, in lower case unless quoted: (`relation`, `function`, `type`, `schema`, name).

    What the code asks the database for is among them: it may be there or not, and the code knows.
    `columns` are those that tables may have because of the code: (table, column), and (table, `*`) for any.
    """

    names: frozenset[tuple[str, str]] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Made) -> Made:
        """Join two."""
        return Made(self.names | other.names, self.columns | other.columns)


def made_by_code(queries: Iterable[tuple[Role, Query]]) -> dict[Role, Made]:
    """Return what the code of each role may have made: what a test makes is there for tests only."""
    everywhere, in_tests = Made(), Made()
    for role, query in queries:
        made = made_in(masked(query.text, query.holes))
        if role is Role.TEST:
            in_tests |= made
        else:
            everywhere |= made
    return {role: everywhere | in_tests if role is Role.TEST else everywhere for role in Role}


def made_in(text: str) -> Made:
    """Return what the definitions in a text may make."""
    text = _COMMENT.sub(" ", text)
    names = set()
    for found in _MADE.finditer(text):
        name = found["name"] or found["into"] or found["renamed"] or found["cursor"]
        kind = (found["kind"] or "table").lower()
        names.add((_KINDS.get(kind, kind), _last(name)))
    asked = [_last(found["relation"] or found["table"]) for found in _ASKED.finditer(text)]
    asked_columns = [name for found in _ASKED_COLUMN.finditer(text) for name in _WORD.findall(found["names"])]
    if not asked_columns:
        names |= {("relation", name) for name in asked}
    columns = {
        (_last(table["name"]), _last(added["name"] or added["to"]))
        for table in _ALTERS.finditer(text)
        for added in _ADDED.finditer(table["rest"])
    }
    columns |= {
        (_last(table["name"]), _last(relaxed["name"]))
        for table in _ALTERS.finditer(text)
        for relaxed in _RELAXED.finditer(table["rest"])
    }
    columns |= {(table, name) for table in asked for name in asked_columns}
    for table in _DEFINES.finditer(text):
        name = _last(table["name"])
        if table["temporary"] or not table["open"]:
            columns.add((name, "*"))
        columns |= {(name, word) for word in _WORD.findall(table["body"])}
    return Made(frozenset(names), frozenset(columns))


def _last(name: str) -> str:
    part = str(re.findall(_PART, name)[-1])
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
