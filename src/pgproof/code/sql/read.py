"""Reader of `.sql` files with queries: sqlc, PgTyped, aiosql and the like, and loose ones.

What makes a schema or fills it is no query: migrations are replayed, seeds and dumps belong to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.shape import is_definition, is_statement
from pgproof.code.queries.tokens import tokens
from pgproof.code.queries.written import Written, cut, hole, join, piece
from pgproof.code.source import SourceFile
from pgproof.code.usage import Handling, Query
from pgproof.model import Location
from pgproof.sql.dialect import dialect

_NAMED = re.compile(r"^[ \t]*--[ \t]*name[ \t]*:[ \t]*(?P<name>[\w-]+)[^\S\n]*(?P<command>:\w+)?[^\n]*", re.MULTILINE)
_PGTYPED = re.compile(r"/\*[^*]*@name\s+(?P<name>\w+)(?:[^*]|\*(?!/))*\*/")
_SECTION = re.compile(r"^[ \t]*--[ \t]*(?P<name>[a-z][\w-]*)[ \t]*--[ \t]*$", re.MULTILINE)
_SCHEMA = re.compile(
    r"(?:^|/)(?:migrations?|migrate|templates?|examples?|schemas?|ddl|changelogs?|seeds?|dumps?|backups?|archived?|fixtures|initdb[^/]*|versions?|upgrades?"
    r"|deploy|revert|verify|rollbacks?)(?:/|[^/]*\.sql$)|\.(?:up|down|undo)\.sql$|^(?:.*/)?(?:V|U|R)\d*_[^/]*\.sql$"
    r"|(?:^|/)\d{3,}[_-][^/]*\.sql$|(?:seed|schema|dump|backup|init|setup|rollback|structure|migration)[^/]*\.sql$",
    re.IGNORECASE,
)
_DUMP = re.compile(r"^-- PostgreSQL database dump|^\\(?:restrict|connect|c\b|i\b|ir\b|copy\b)", re.MULTILINE)
_SQLC = re.compile(
    r"\bsqlc\.(?:(?P<embed>embed)\(\s*(?P<table>[\w.\"]+)\s*\)|(?:arg|narg|slice)\(\s*'?(?P<name>\w+)'?\s*\))",
    re.IGNORECASE,
)


def read(source: SourceFile) -> Iterator[Query]:
    """Yield the queries of a file; the statements of a loose file that define something, too."""
    text = source.text
    named = list(_NAMED.finditer(text)) or list(_PGTYPED.finditer(text)) or list(_SECTION.finditer(text))
    if named:
        client = _client(named[0])
        for mark, following in zip(named, [*named[1:], None], strict=True):
            end = following.start() if following else len(text)
            if client == "sqlc":  # it takes one statement a name, and leaves out what follows
                end = mark.end() + next(_statements(text[mark.end() : end]), (0, end - mark.end()))[1]
            yield from _query(source, mark.end(), end, client, mark["name"])
        return
    if _SCHEMA.search(source.path) or _DUMP.search(text) or dialect(text):
        return
    for start, end in _statements(text):
        yield from _query(source, start, end, "sql file", "")


def _client(mark: re.Match[str]) -> str:
    if mark.re is _PGTYPED:
        return "pgtyped"
    if mark.re is _SECTION:
        return "sql file"
    return "sqlc" if mark["command"] else "aiosql"


def _query(source: SourceFile, start: int, end: int, client: str, name: str) -> Iterator[Query]:
    text = source.text
    while start < end and text[start].isspace():
        start += 1
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    written = (
        _with_sqlc(piece(text[start:end].rstrip(), line, column))
        if client == "sqlc"
        else piece(text[start:end].rstrip(), line, column)
    )
    if not (is_statement(written) or is_definition(written.text)):
        return
    filled = fill(written, client)
    yield Query(
        Location(source.path, line, column), client, filled.text, filled.holes, filled.lines, Handling.UNKNOWN, name
    )


def _with_sqlc(written: Written) -> Written:
    """Put in what sqlc's macros stand for (sqlc, reference, macros)."""
    parts: list[Written] = []
    position = 0
    for found in _SQLC.finditer(written.text):
        before = cut(written, position, found.start())
        here = cut(written, found.start(), found.end())
        parts.append(before)
        if found["embed"]:
            parts.append(Written(f"{found['table']}.*", here.lines))
        else:
            parts.append(hole(found.group(), here.line, here.column, "value", found["name"]))
        position = found.end()
    parts.append(cut(written, position, len(written.text)))
    return join(parts)


def _statements(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for token in tokens(text):
        if token.text == ";":
            yield start, token.start
            start = token.end
    if text[start:].strip():
        yield start, len(text)
