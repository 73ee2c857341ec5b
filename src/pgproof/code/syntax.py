"""A file parsed by tree-sitter: its nodes, and where in the text they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query


@cache
def _language(name: str) -> Language:
    from tree_sitter import Language

    if name == "go":
        import tree_sitter_go

        return Language(tree_sitter_go.language())
    import tree_sitter_rust

    return Language(tree_sitter_rust.language())


@cache
def _parser(name: str) -> Parser:
    from tree_sitter import Parser

    return Parser(_language(name))


@cache
def _query(name: str, source: str) -> Query:
    from tree_sitter import Query

    return Query(_language(name), source)


class Syntax:
    """A parsed file of `go` or `rust`."""

    def __init__(self, language: str, path: str, text: str) -> None:
        """Parse it; what is wrong in it is left out by the parser."""
        self.language = language
        self.path = path
        self.data = text.encode("utf-8", "replace")
        self.root = _parser(language).parse(self.data).root_node

    def find(self, pattern: str) -> Iterator[Node]:
        """Yield the nodes that a query captures as `@it`, in their order."""
        from tree_sitter import QueryCursor

        captured = QueryCursor(_query(self.language, pattern)).captures(self.root).get("it", [])
        yield from sorted(captured, key=lambda node: node.start_byte)

    def begin(self, pattern: re.Pattern[bytes], *types: str) -> Iterator[Node]:
        """Yield the nodes of some types that begin where a pattern matches. Most of a large file is never looked at."""
        for found in pattern.finditer(self.data):
            node = self.root.descendant_for_byte_range(found.start(), found.end())
            while node is not None and node.type not in types and node.start_byte >= found.start():
                node = node.parent
            if node is not None and node.type in types and node.start_byte == found.start():
                yield node

    def text(self, node: Node) -> str:
        """Return the source of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, from 1 and in characters, of an offset in bytes."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        return line, len(self.data[start:offset].decode("utf-8", "replace")) + 1

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        position = self.data.find(b"\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.data.find(b"\n", position + 1)
        return starts


def above(node: Node, *types: str) -> Node | None:
    """Return the nearest node of one of these types around a node."""
    current = node.parent
    while current is not None and current.type not in types:
        current = current.parent
    return current


def named(node: Node) -> list[Node]:
    """Return the named children, without comments."""
    return [child for child in node.named_children if "comment" not in child.type]
