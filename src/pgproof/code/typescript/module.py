"""One file of TypeScript or JavaScript, parsed, and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from pgproof.code.typescript.language import code_of, parse
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

    from pgproof.code.typescript.growth import Growth
    from pgproof.code.typescript.scopes import Binding

FUNCTIONS = frozenset(
    {"function_declaration", "function_expression", "generator_function", "generator_function_declaration"}
    | {"arrow_function", "method_definition"}
)
ELEMENTS = frozenset({"jsx_self_closing_element", "jsx_opening_element"})
"""Elements of JSX: their attributes are the members of the object that the component gets."""
WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
    | {"await_expression"}
)
"""Expressions whose value is that of what stands in them."""


_LETTERS = frozenset(bytes([byte]) for byte in range(256) if byte > 127 or chr(byte).isalnum() or byte in b"_$")
"""What a name goes on with."""
_NEWLINE = re.compile(rb"\n")


class Module:
    """A file: its tree, its bytes, and what was found out of it."""

    def __init__(self, path: str, text: str) -> None:
        """Parse nothing yet: of most files that are imported, or that hold a word, the text alone tells enough."""
        self.path = path
        self.data = code_of(path, text.encode("utf-8", "replace"))
        self.ascii = self.data.isascii()
        self.scopes: dict[int, dict[str, Binding]] = {}
        self.found: dict[tuple[int, str], Binding | None] = {}
        self.types: dict[int, dict[str, Node]] = {}
        self.outer: dict[int, Node | None] = {}
        self.exported: dict[str, list[Node]] | None = None
        self.returned: dict[int, list[Node]] = {}
        self.fields: dict[int, dict[str, list[Node]]] = {}
        self.members: dict[int, dict[str, Node]] = {}
        self.written: dict[str, list[Node]] | None = None
        self.grown: dict[int, Growth | None] = {}
        self.chains: dict[int, tuple[list[tuple[str, Node]], Node]] = {}
        self._held: dict[re.Pattern[bytes], bool] = {}

    @cached_property
    def root(self) -> Node:
        """The whole file, parsed when something first looks into it."""
        return parse(self.path, self.data).root_node

    def holds(self, pattern: re.Pattern[bytes]) -> bool:
        """Say whether a pattern is found anywhere in the file."""
        if pattern not in self._held:
            self._held[pattern] = pattern.search(self.data) is not None
        return self._held[pattern]

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, at: int) -> tuple[int, int]:
        """Return line and column, from 1, of an offset in `data`."""
        line = bisect_right(self._lines, at)
        start = self._lines[line - 1]
        return line, (at - start if self.ascii else len(self.data[start:at].decode("utf-8", "replace"))) + 1

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in _NEWLINE.finditer(self.data))]

    def location(self, node: Node | int) -> Location:
        """Return where a node begins."""
        return Location(self.path, *self.place(node if isinstance(node, int) else node.start_byte))

    def at(self, start: int, end: int) -> Node | None:
        """Return the smallest named node that covers these bytes."""
        return self.root.named_descendant_for_byte_range(start, end)

    def words(
        self,
        word: str,
        start: int = 0,
        end: int | None = None,
        where: Callable[[bytes, int, int], bool] | None = None,
    ) -> Iterator[Node]:
        """Yield the nodes, identifiers and property names, that are this word, between two offsets.

        `where` says of the bytes and the offsets of a word whether it is worth a look.
        """
        data, wanted = self.data, word.encode("utf-8", "replace")
        last = len(data) if end is None else end
        at = data.find(wanted, start, last) if wanted else -1
        while at >= 0:
            after = at + len(wanted)
            if (
                data[at - 1 : at] not in _LETTERS
                and data[after : after + 1] not in _LETTERS
                and (where is None or where(data, at, after))
            ):
                node = self.at(at, after)
                if node is not None and node.start_byte == at and node.end_byte == after:
                    yield node
            at = data.find(wanted, after, last)


def bare(node: Node) -> Node:
    """Return what stands in parentheses, casts and `await`."""
    while node.type in WRAPPERS:
        inside = nth(node, -1 if node.type == "type_assertion" else 0)
        if inside is None:
            break
        node = inside
    return node


def nth(node: Node, index: int) -> Node | None:
    """Return a named child that is no comment, `None` when there are fewer."""
    children = [child for child in node.named_children if child.type != "comment"]
    return children[index] if -len(children) <= index < len(children) else None


def arguments(call: Node) -> list[Node]:
    """Return the arguments of a call."""
    if call.type in ELEMENTS:
        return [call]
    found = call.child_by_field_name("arguments")
    if found is None:
        return []
    if found.type == "template_string":
        return [found]
    return [child for child in found.named_children if child.type != "comment"]


def callee(call: Node) -> Node | None:
    """Return what is called. The grammar reads `await a.b<T>(c)` as a call of `await a.b`."""
    function = call.child_by_field_name("function")
    if function is not None and function.type == "await_expression":
        return nth(function, 0)
    return function


def called(function: Node) -> Node | None:
    """Return the call that calls an expression."""
    above = function.parent
    if above is not None and above.type == "await_expression":
        function, above = above, above.parent
    if above is None or above.type != "call_expression":
        return None
    target = above.child_by_field_name("function")
    return above if target is not None and target.id == function.id else None


def inside(module: Module, node: Node) -> Node | None:
    """Return the function that a node stands in."""
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above


def function_name(module: Module, node: Node) -> str:
    """Return the name of the nearest function with a name around a node, `""` at the top level."""
    function = inside(module, node)
    while function is not None:
        if name := name_of(module, function):
            return name
        function = inside(module, function)
    return ""


def name_of(module: Module, function: Node) -> str:
    """Return the name of a function: its own, or that of the variable, property or field that it is the value of."""
    name = function.child_by_field_name("name")
    if name is not None:
        return module.text(name)
    above = function.parent
    while above is not None and (
        above.type in WRAPPERS or above.type == "arguments" or above.type == "call_expression"
    ):
        above = above.parent
    if above is None:
        return ""
    if above.type in ("variable_declarator", "public_field_definition"):
        name = above.child_by_field_name("name")
        return module.text(name) if name is not None and "pattern" not in name.type else ""
    if above.type == "pair":
        key = above.child_by_field_name("key")
        return module.text(key).strip("'\"") if key is not None else ""
    return ""


def unquoted(module: Module, node: Node) -> str:
    """Return what a string without holes says, or a name."""
    if node.type == "string":
        return "".join(escaped(module, child) for child in node.named_children)
    return module.text(node)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def escaped(module: Module, node: Node) -> str:
    """Return what a piece of a string says: itself, or the character that an escape sequence means."""
    text = module.text(node)
    if node.type != "escape_sequence":
        return text
    body = text[1:]
    if body[:1] in ("u", "x"):
        try:
            character = chr(int(body[1:].strip("{}"), 16))
        except (ValueError, OverflowError):
            return text
        return character if character.isprintable() or character.isspace() else "\ufffd"
    if body[:1] in ("\n", "\r"):
        return ""
    return _ESCAPES.get(body, body)
