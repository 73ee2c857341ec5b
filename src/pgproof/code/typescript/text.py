"""Texts that the code puts together: constants, templates, sums, with the holes where something unknown comes in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from pgproof.code.postgrest import HOLE
from pgproof.code.typescript.assigned import appended
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import bound, follow
from pgproof.code.typescript.known import Known, Open, Ref
from pgproof.code.typescript.lists import elements
from pgproof.code.typescript.module import Module, arguments, bare, escaped, nth
from pgproof.code.typescript.scopes import lookup
from pgproof.code.typescript.type_texts import literal_texts
from pgproof.code.typescript.typed import types_of
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_ALTERNATIVES = 12
_PIECES = 400
_UNCHANGED = frozenset({"trim", "trimStart", "trimEnd", "toString", "normalize", "valueOf"})
_TAGS = frozenset({"String.raw", "gql", "dedent", "stripIndent", "outdent", "html", "css"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a part of a text, from the offset `start`, stands: `at` is an offset in the module's bytes."""

    start: int
    module: Module
    at: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A `HOLE` in a text, at `start`: the expression that fills it."""

    start: int
    ref: Ref


@dataclass(frozen=True, slots=True)
class Text:
    """A text; each hole is one `HOLE` character in `value`."""

    value: str
    pieces: tuple[Piece, ...]
    holes: tuple[Gap, ...] = ()

    def location(self, offset: int) -> Location:
        """Return where the character at an offset stands in the code."""
        piece = self.pieces[max(0, bisect_right([piece.start for piece in self.pieces], offset) - 1)]
        before = self.value[piece.start : max(offset, piece.start)]
        return piece.module.location(piece.at + len(before.encode("utf-8", "replace")))

    def __add__(self, other: Text) -> Text:
        """Return both, one behind the other."""
        by = len(self.value)
        pieces = (Piece(piece.start + by, piece.module, piece.at) for piece in other.pieces)
        holes = (Gap(gap.start + by, gap.ref) for gap in other.holes)
        return Text(self.value + other.value, (*self.pieces, *pieces), (*self.holes, *holes))


def texts(code: Codebase, ref: Ref, depth: int = 0) -> list[Text]:
    """Return the texts that an expression can be, for each value that is known to be a text.

    What is not known at all is no text: `unknown` says that, and why.
    """
    if ref.node.type == "string":
        return text_of(code, ref, depth)
    grown = _grown(code, ref, depth)
    return grown or [text for known in follow(code, ref, depth) for text in text_of(code, known, depth)]


def _grown(code: Codebase, ref: Ref, depth: int) -> list[Text]:
    """Return what a variable is that `+=` adds to: without, and with all that is added, whatever the conditions are."""
    node = bare(ref.node)
    if node.type != "identifier" or b"+=" not in ref.module.data:
        return []
    binding = lookup(ref.module, node, ref.module.text(node))
    added = appended(ref.module, binding) if binding is not None and binding.kind == "variable" else []
    if binding is None or not added:
        return []
    start = [
        text for known in bound(code, ref.to(node), binding, depth + 1) for text in text_of(code, known, depth + 1)
    ]
    parts = [_filling(code, ref, part, depth) or [_hole(ref.to(part))] for part in added[:_PIECES]]
    return [*start, *(_concatenated((first, *(part[0] for part in parts))) for first in start)]


def unknown(code: Codebase, ref: Ref) -> Open | None:
    """Return why an expression may be a text, or something else, that is not known."""
    if ref.node.type == "string":
        return None
    found = follow(code, ref)
    if not found:
        return Open("nothing is known of it", ref)
    for known in found:
        if isinstance(known, Open) and text_of(code, known, 0):
            continue
        if isinstance(known, Open):
            return known
        if not isinstance(known, Ref):
            return Open("it comes from outside the project", ref)
        if (
            known.node.type in ("undefined", "null")
            or known.module.data[known.node.start_byte : known.node.end_byte] == b"undefined"
        ):
            continue
        if not text_of(code, known, 0):
            return Open("its value is computed at run time", known)
    return None


def text_of(code: Codebase, known: Known, depth: int) -> list[Text]:
    """Return the texts that something followed can be."""
    if isinstance(known, Open):
        return _of_type(code, known)
    if not isinstance(known, Ref):
        return []
    node, module = known.node, known.module
    if node.type in ("string", "template_string"):
        parts = _parts(node)
        if len(parts) == 1 and parts[0].type == "string_fragment":
            return [Text(module.text(parts[0]), (Piece(0, module, parts[0].start_byte),))]
        return _joined(code, known, parts, depth)
    if node.type in ("property_identifier", "shorthand_property_identifier", "number"):
        return [Text(module.text(node), (Piece(0, module, node.start_byte),))]
    if node.type == "binary_expression":
        return _sum(code, known, depth)
    if node.type == "call_expression":
        return _of_call(code, known, depth)
    return []


def _of_type(code: Codebase, known: Open) -> list[Text]:
    """Return the texts that the type of something unknown allows, when it is a union of them."""
    if known.ref is None:
        return []
    at = known.ref.node.start_byte
    found = (text for given in types_of(code, known.ref) for text, _ in literal_texts(code, given))
    return [Text(text, (Piece(0, known.ref.module, at),)) for text in found]


def _parts(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _joined(code: Codebase, ref: Ref, parts: Iterable[Node], depth: int) -> list[Text]:
    """Return what pieces of a string or template make together, for each combination of what its holes can be."""
    columns: list[list[Text]] = []
    start = ref.node.start_byte + 1
    columns.append([Text("", (Piece(0, ref.module, start),))])
    many = 1
    for part in parts:
        if part.type == "template_substitution":
            inner = nth(part, 0)
            values = _filling(code, ref, inner, depth) if inner is not None and len(columns) < _PIECES else []
            if not values or many * len(values) > _ALTERNATIVES:
                values = [_hole(ref.to(inner if inner is not None else part))]
            many *= len(values)
            columns.append(values)
        else:
            columns.append([Text(escaped(ref.module, part), (Piece(0, ref.module, part.start_byte),))])
    return [_concatenated(combination) for combination in product(*columns)]


def _concatenated(texts: Iterable[Text]) -> Text:
    values: list[str] = []
    pieces: list[Piece] = []
    holes: list[Gap] = []
    length = 0
    for text in texts:
        pieces += [Piece(piece.start + length, piece.module, piece.at) for piece in text.pieces]
        holes += [Gap(gap.start + length, gap.ref) for gap in text.holes]
        values.append(text.value)
        length += len(text.value)
    return Text("".join(values), tuple(pieces), tuple(holes))


def _hole(ref: Ref) -> Text:
    return Text(HOLE, (Piece(0, ref.module, ref.node.start_byte),), (Gap(0, ref),))


def _filling(code: Codebase, ref: Ref, inner: Node, depth: int) -> list[Text]:
    """Return what a hole can be when all of that is known; nothing otherwise."""
    found = _grown(code, ref.to(inner), depth + 1)
    if found:
        return found
    for known in follow(code, ref.to(inner), depth + 1):
        values = text_of(code, known, depth + 1)
        if not values:
            return []
        found += values
    return found


def _sum(code: Codebase, ref: Ref, depth: int) -> list[Text]:
    """Return what `a + b + c` is: from the left, so that long sums do not nest."""
    operands: list[Node] = []
    node = ref.node
    while node.type == "binary_expression":
        operator, right = node.child_by_field_name("operator"), node.child_by_field_name("right")
        left = node.child_by_field_name("left")
        if operator is None or operator.type != "+" or right is None or left is None:
            return []
        operands.append(right)
        node = bare(left)
    operands.append(node)
    columns: list[list[Text]] = []
    many, known_text = 1, False
    for operand in reversed(operands):
        values = _filling(code, ref, operand, depth) if len(columns) < _PIECES else []
        known_text = known_text or bool(values)
        if not values or many * len(values) > _ALTERNATIVES:
            values = [_hole(ref.to(operand))]
        many *= len(values)
        columns.append(values)
    if not known_text or all(operand.type == "number" for operand in operands):
        return []
    return [_concatenated(combination) for combination in product(*columns)]


def _of_call(code: Codebase, ref: Ref, depth: int) -> list[Text]:
    callee = ref.node.child_by_field_name("function")
    if callee is None:
        return []
    name = ref.module.text(callee) if callee.end_byte - callee.start_byte < 40 else ""
    given = arguments(ref.node)
    if name in _TAGS and given and given[0].type == "template_string":
        return text_of(code, ref.to(given[0]), depth)
    inner, method = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    if inner is None or method is None:
        return []
    word = ref.module.text(method)
    if word in _UNCHANGED and not given:
        return texts(code, ref.to(inner), depth + 1)
    if word == "concat":
        return _all_of(code, [ref.to(inner), *(ref.to(one) for one in given)], "", depth)
    if word == "join":
        separators = texts(code, ref.to(given[0]), depth + 1) if given else []
        separator = separators[0].value if separators else "," if not given else None
        listed = follow(code, ref.to(inner), depth + 1)
        if separator is not None and len(listed) == 1 and isinstance(listed[0], Ref):
            return _list_joined(code, listed[0], separator, depth)
    return []


def _list_joined(code: Codebase, ref: Ref, separator: str, depth: int) -> list[Text]:
    if ref.node.type == "call_expression":  # [...].filter(…).join(…): the elements that stay are not known
        return [_hole(ref)] if list(elements(code, ref, depth + 1)) else []
    if ref.node.type != "array":
        return []
    parts: list[Ref] = []
    for child in _parts(ref.node):
        if child.type == "spread_element":
            inner = nth(child, 0)
            spread = follow(code, ref.to(inner), depth + 1) if inner is not None else []
            if len(spread) == 1 and isinstance(spread[0], Ref) and spread[0].node.type == "array":
                parts += (spread[0].to(one) for one in _parts(spread[0].node))
                continue
        parts.append(ref.to(child))
    if not parts:  # it is filled later
        return [_hole(ref)]
    return _all_of(code, parts, separator, depth)


def _all_of(code: Codebase, parts: list[Ref], separator: str, depth: int) -> list[Text]:
    columns: list[list[Text]] = []
    many = 1
    for index, part in enumerate(parts[:_PIECES]):
        values = _filling(code, part, part.node, depth) or [_hole(part)]
        if many * len(values) > _ALTERNATIVES:
            values = [_hole(part)]
        many *= len(values)
        if index and separator:
            columns.append([Text(separator, (Piece(0, part.module, part.node.start_byte),))])
        columns.append(values)
    return [_concatenated(combination) for combination in product(*columns)]


def constant(code: Codebase, ref: Ref) -> Iterator[str]:
    """Yield the texts without holes that an expression can be."""
    for text in texts(code, ref):
        if not text.holes:
            yield text.value
