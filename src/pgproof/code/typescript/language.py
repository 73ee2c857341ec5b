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
_TYPED_TAG = re.compile(rb">(?<!=>)\s*`")
_AWAITED = re.compile(rb"\bawait\s+[\w$.?!]+\s*\Z")
_LONGEST = 2_000
"""Bytes of the type arguments of a tag."""


def code_of(path: str, data: bytes) -> bytes:
    """Return the code of a file: what is no script is blank, so that places hold."""
    return _scripts(data, path.endswith(".astro")) if path.endswith(_COMPONENTS) else data


def parse(path: str, data: bytes) -> Tree:
    """Return the tree of a file's code."""
    plain = path.endswith(_TYPESCRIPT) or (path.endswith(_COMPONENTS) and b"lang" in data)
    return _parser("typescript" if plain else "tsx").parse(_without_types_of_tags(data))


def _without_types_of_tags(data: bytes) -> bytes:
    """Blank the type arguments of ``await sql<Row>`…` ``, which the grammar takes for comparisons."""
    if b"await" not in data:
        return data
    kept: list[bytes] = []
    at = 0
    for found in _TYPED_TAG.finditer(data):
        start = _opening(data, found.start(), at)
        if start >= 0 and _AWAITED.search(data, max(start - 200, at), start):
            kept += (data[at:start], _OTHER.sub(b" ", data[start : found.start() + 1]))
            at = found.start() + 1
    return b"".join((*kept, data[at:])) if kept else data


def _opening(data: bytes, closing: int, first: int) -> int:
    """Return where the bracket is that `>` closes, -1 when there is none near."""
    depth = 0
    for at in range(closing, max(first, closing - _LONGEST) - 1, -1):
        letter = data[at]
        if letter == 0x3E and data[at - 1] != 0x3D:  # `=>` is no bracket
            depth += 1
        elif letter == 0x3C:
            depth -= 1
            if not depth:
                return at
        elif letter == 0x60:
            return -1
    return -1


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
