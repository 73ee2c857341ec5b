"""Which grammar reads which file, and the script blocks of components."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Parser, Query, Tree

_TYPESCRIPT = (".ts", ".mts", ".cts")
_COMPONENTS = (".vue", ".svelte", ".astro")
_SCRIPT = re.compile(rb"<script\b[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_FRONTMATTER = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_OTHER = re.compile(rb"[^\n]")


def parse(path: str, data: bytes) -> tuple[Tree, bytes]:
    """Return the tree of a file, and the bytes that it was made of: what is no script is blank, so that places hold."""
    if path.endswith(_COMPONENTS):
        data = _scripts(data, path.endswith(".astro"))
        dialect = "typescript" if b"lang" in data else "tsx"
    else:
        dialect = "typescript" if path.endswith(_TYPESCRIPT) else "tsx"
    return _parser(dialect).parse(data), data


def _scripts(data: bytes, frontmatter: bool) -> bytes:
    kept: list[bytes] = []
    at = 0
    blocks = [found.span(1) for found in _SCRIPT.finditer(data)]
    if frontmatter and (found := _FRONTMATTER.match(data)):
        blocks = [found.span(1), *(span for span in blocks if span[0] > found.end())]
    for start, end in blocks:
        kept += (_OTHER.sub(b" ", data[at:start]), data[start:end])
        at = end
    return b"".join((*kept, _OTHER.sub(b" ", data[at:])))


@cache
def _language(dialect: str) -> Language:
    import tree_sitter_typescript
    from tree_sitter import Language

    known = {"tsx": tree_sitter_typescript.language_tsx, "typescript": tree_sitter_typescript.language_typescript}
    return Language(known[dialect]())


@cache
def _parser(dialect: str) -> Parser:
    from tree_sitter import Parser

    return Parser(_language(dialect))


@cache
def query(dialect: str, source: str) -> Query:
    """Return a compiled query, made once."""
    from tree_sitter import Query

    return Query(_language(dialect), source)
