"""Reads a file of TypeScript or JavaScript: with each client that it may use."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.code.source import Project, SourceFile
from pgproof.code.typescript.codebase import codebase_of
from pgproof.code.typescript.supabase import may_use, read_supabase
from pgproof.code.usage import Unread, Usage


def read(source: SourceFile, project: Project) -> Iterator[Usage | Unread]:
    """Yield what a file expects of the database, and what of it could not be read."""
    code = codebase_of(project)
    code.begin()
    if may_use(code, source.text):
        yield from read_supabase(code, code.parsed(source.path, source.text))
