"""A text of SQL into its statements, with their places."""

from __future__ import annotations

import re

from pgproof.sql.library import parse_json
from pgproof.sql.parse import SyntaxProblem, offsets
from pgproof.sql.statement import Statement

__all__ = ["SyntaxProblem", "skip_blank", "split"]

_NODE = re.compile(rb'\{"version":\d+,"stmts":\[\{"stmt":\{"(\w+)"')
_BLANK = re.compile(r"(?:[ \t\n\r\f\v]++|--[^\n\r]*+|/\*(?:[^*/]++|\*(?!/)|/(?!\*))*+\*/)*+")
_SPACE = " \t\n\r\f\v"  # a no-break space is part of a name for PostgreSQL
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def split(text: str) -> list[Statement]:
    """Return the statements of `text`; SyntaxProblem when one of them does not parse.

    The real parser splits: strings, dollar quotes, nested comments and `BEGIN ATOMIC` bodies are what the server says
    that they are. psql's meta-commands and COPY data are no SQL: `pgproof.sql.script` reads those.
    """
    statements = []
    line, line_start, counted = 1, 0, 0
    for begin, end in offsets(text):
        start = skip_blank(text, begin, end)
        piece = text[start:end].rstrip(_SPACE)
        line += text.count("\n", counted, start)
        line_start = max(line_start, text.rfind("\n", counted, start) + 1)
        counted = start
        statements.append(Statement(piece, start, line, start - line_start + 1, _node(piece)))
    return statements


def skip_blank(text: str, start: int, end: int | None = None) -> int:
    """Return the offset of the first character at or after `start` that is neither blank nor part of a comment."""
    end = len(text) if end is None else end
    while True:
        matched = _BLANK.match(text, start, end)
        start = matched.end() if matched else start
        if not text.startswith("/*", start, end):
            return start
        closed = comment_end(text, start, end)
        if closed < 0:
            return end
        start = closed


def comment_end(text: str, start: int, end: int | None = None) -> int:
    """Return the end of the nested comment that begins at `start`, or -1 when nothing closes it."""
    end = len(text) if end is None else end
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start, end):
        depth += 1 if edge.group() == "/*" else -1
        if not depth:
            return edge.end()
    return -1


def _node(statement: str) -> str:
    # the type stands at the beginning of the JSON: loading the whole tree of a large INSERT would take seconds
    matched = _NODE.match(parse_json(statement.encode()))
    if not matched:
        raise AssertionError(f"libpg_query gave no tree for {statement[:200]!r}")
    return matched.group(1).decode()
