"""Which strings are SQL statements, and which are prose or pieces of statements."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgproof.code.queries.tokens import MARK, masked
from pgproof.code.queries.written import LONGEST, Written
from pgproof.code.usage import Hole

SEED = (
    r"(?:select[\s*(]|insert\s+into\s|update\s[^;]{1,300}?\sset\s|delete\s+from\s|with\s+(?:recursive\s+)?[\w\"]+\s*(?:\(|as\b)"
    r"|merge\s+into\s|values\s*\(|call\s+[\w.\"]+\s*\(|truncate\s|refresh\s+materialized\s|explain\s|declare\s+\w+\s|lock\s+table"
    r"|copy\s+[\w.\"(]|(?:create|alter|drop)\s+(?:or\s|global\s|local\s|temp|table|view|materialized|unlogged|unique|index"
    r"|function|procedure|type|schema|sequence|trigger|extension|policy|role|database|domain|foreign|event))"
)
"""How a statement begins, behind the quote, the blanks and the comments: to find the few strings worth a look."""
_LEAD = r"(?:\s|--[^\n]*(?:\n|\Z)|/\*(?:[^*]|\*(?!/))*\*/|\(|\ue000)*"
_NAME = r"""(?:"[^"\n]+"|`[^`\n]+`|[\w$.\ue000]|\[\w+\])+"""
_AS = r"""(?:\s+(?:as\s+)?(?!set\b|values\b|select\b)[\w"]+)?"""
_STATEMENT = re.compile(
    rf"""{_LEAD}(?:
      (?P<select>select)\b(?=[\s('"*$:@%?\ue000])
    | insert\s+into\s+{_NAME}{_AS}\s*(?:\(|values\b|select\b|with\b|default\s+values\b|overriding\b|\ue000)
    | update\s+(?:only\s+)?{_NAME}{_AS}\s+set\s+(?:[\w".\[\]\ue000]+\s*=|\(|\ue000)
    | delete\s+from\s+(?:only\s+)?{_NAME}\s*(?:;|\Z|{_AS}\s+(?:where|using|returning)\b|\ue000)
    | (?P<with>with)\s+(?:recursive\s+)?{_NAME}\s*(?:\([^()]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s*)?\(
    | merge\s+into\s+{_NAME}
    | values\s*\(
    | call\s+{_NAME}\s*\(
    | truncate\s+(?:table\s+)?{_NAME}\s*(?:;|,|\Z|cascade\b|restart\b)
    | refresh\s+materialized\s+view\s
    | explain\s+(?:\(|analyze\b|verbose\b|select\b|with\b|insert\b|update\b|delete\b)
    | declare\s+\w+\s+(?:\w+\s+)*cursor\b
    | lock\s+table\s
    | copy\s+(?:{_NAME}\s*(?:\([^()]*\)\s*)?(?:from|to)\s+(?:std(?:in|out)|program|')|\(\s*(?:select|with)\b)
    | (?P<ddl>(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:(?:global|local)\s+)?(?:temp(?:orary)?\s+|unlogged\s+)?
        (?:table|view|materialized\s+view|(?:unique\s+)?index|function|procedure|type|schema|sequence|trigger|extension
           |policy|role|database|domain|foreign\s+table|event\s+trigger)\b\s+[\w"'\ue000`])
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BEGINS = re.compile(
    rf"{_LEAD}(?:select|insert|update|delete|with|merge|values|call|truncate|refresh|explain|declare|lock|copy|create"
    r"|alter|drop)\b",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[*=(,$;:\ue000]|\b[a-z_]\w*\.[a-z_]\w*|\n\s*(?:from|where)\b|_", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
_EXPRESSION = re.compile(
    rf"{_LEAD}select\s+(?:distinct\s+)?(?:\w+(?:\.\w+)?\s*\(|\d|['$:@%?]|null\b|true\b|false\b|exists\b|current_|case\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^']*'|--[^\n]*")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_PROSE = re.compile(
    r"\b(?:an?|the|your|my|this|these|all\s+the|one\s+of|at\s+least|please|option|file)\b\s+[a-z]+", re.IGNORECASE
)


def begins_like_sql(text: str) -> bool:
    """Whether the first word is one that begins a statement: cheap, to look closer at few strings only."""
    return len(text) <= LONGEST and _BEGINS.match(text) is not None


def is_statement(written: Written) -> bool:
    """Whether a text that goes to a database client is a whole statement, and no piece of one."""
    return _is_statement(written.text, written.holes)


def looks_like_statement(written: Written) -> bool:
    """Whether a text that goes nobody knows where is a statement: prose begins with the same words.

    "Select an option from the list" would parse. SQL is written in capitals or in small letters, and has signs.
    """
    text = _COMMENT.sub(" ", masked(written.text, written.holes))
    if not _is_statement(written.text, written.holes):
        return False
    first = _first_word(text)
    if not (first.isupper() or first.islower()):
        return False
    if first.islower() and (not _SIGN.search(text) or _PROSE.search(text)):
        return False
    return not (first.isupper() and _PROSE.search(text) and not _SIGN.search(text))


def is_definition(text: str) -> bool:
    """Whether the statement makes, alters or drops an object."""
    found = _STATEMENT.match(text)
    return found is not None and found["ddl"] is not None


def _is_statement(text: str, holes: Sequence[Hole]) -> bool:
    if len(text) > LONGEST or not text.replace(MARK, "").strip():
        return False
    hidden = masked(text, holes)
    found = _STATEMENT.match(hidden)
    if found is None or _is_enclosed(hidden):
        return False
    if found["select"]:
        return bool(_FROM.search(hidden) or _EXPRESSION.match(hidden))
    return True


def _is_enclosed(text: str) -> bool:
    """Whether the whole text stands in parentheses: a subquery, to be put into a statement."""
    depth = 0
    bare = _QUOTED.sub("", text).strip().rstrip(";").rstrip()
    if not bare.startswith("("):
        return False
    for at, letter in enumerate(bare):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return at == len(bare) - 1
    return True


def _first_word(text: str) -> str:
    found = re.search(r"[A-Za-z]+", text[: _BEGINS.match(text).end()] if _BEGINS.match(text) else text)  # type: ignore[union-attr]
    return found.group() if found else ""
