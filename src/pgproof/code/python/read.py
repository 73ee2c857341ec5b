"""The reader of Python files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.code.python.module import parse
from pgproof.code.python.sql import read_sql
from pgproof.code.python.supabase import may_use, read_supabase
from pgproof.code.queries.shape import SEED
from pgproof.code.source import Project, SourceFile
from pgproof.code.usage import Unread, Usage
from pgproof.model import Location

_MAY_SPEAK_SQL = re.compile(r"[\"'](?:\s|\\n|\\\n|--[^\n]*\n|\()*" + SEED, re.IGNORECASE)


def read(source: SourceFile, project: Project) -> Iterator[Usage | Unread]:
    """Yield what a file expects of the database through supabase-py, and its SQL texts."""
    speaks_sql, calls = _MAY_SPEAK_SQL.search(source.text) is not None, may_use(source.text)
    if not (speaks_sql or calls):
        return
    module = parse(source.path, source.text, project)
    if module is None:
        yield Unread(Location(source.path), "file", "it is no Python that this interpreter reads")
        return
    if calls:
        yield from read_supabase(module)
    if speaks_sql:
        yield from read_sql(module)
