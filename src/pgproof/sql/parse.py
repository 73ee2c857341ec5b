"""SQL to parse trees, by PostgreSQL's own grammar."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from pgproof.sql.library import LibraryError, parse_json, split_offsets
from pgproof.sql.nesting import load_nested
from pgproof.sql.problem import SyntaxProblem

__all__ = ["SyntaxProblem", "offsets", "parse", "place"]

_CONTINUATION_BYTE = re.compile(rb"[\x80-\xbf]")


def parse(text: str) -> list[dict[str, Any]]:
    """Return the parse tree of every statement, `{"CreateStmt": {...}}`: libpg_query's JSON, of any depth.

    A `location` in a tree is a character offset from 0 in `text`. SyntaxProblem when the text does not parse.
    """
    source = _encoded(text)
    try:
        encoded = parse_json(source)
    except LibraryError as error:
        raise _problem(text, error) from None
    try:
        parsed = json.loads(encoded)
    except RecursionError:
        parsed = load_nested(encoded.decode())
    trees = [statement["stmt"] for statement in parsed["stmts"]]
    if len(source) != len(text):
        _relocate(trees, _characters(source))
    return trees


def offsets(text: str) -> list[tuple[int, int]]:
    """Return start and end, in characters, of every statement of `text`; SyntaxProblem when it does not parse."""
    source = _encoded(text)
    try:
        found = split_offsets(source)
    except LibraryError as error:
        raise _problem(text, error) from None
    if len(source) == len(text):
        return found
    character = _characters(source)
    return [(character(start), character(end)) for start, end in found]


def place(text: str, position: int) -> tuple[int, int]:
    """Return the line and the column, from 1, of a character offset."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _encoded(text: str) -> bytes:
    nul = text.find("\0")
    if nul >= 0:  # the C parser would stop here in silence
        raise SyntaxProblem("a NUL character", nul, *place(text, nul))
    return text.encode()


def _characters(source: bytes) -> Callable[[int], int]:
    """Return the function from an offset in UTF-8 bytes to one in characters."""
    continuations = [byte.start() for byte in _CONTINUATION_BYTE.finditer(source)]
    return lambda offset: offset - bisect_left(continuations, offset)


def _relocate(trees: list[dict[str, Any]], character: Callable[[int], int]) -> None:
    waiting: list[Any] = list(trees)
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("location", -1) >= 0:
                node["location"] = character(node["location"])
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _problem(text: str, error: LibraryError) -> SyntaxProblem:
    position = min(error.position, len(text))
    return SyntaxProblem(error.message, position, *place(text, position))
