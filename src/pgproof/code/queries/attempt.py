"""From a query with holes to statements that PostgreSQL can parse: what is filled in at run time becomes `$1`, `$2`…

Every occurrence is a parameter of its own: then no parameter has two types, which drivers resolve each in its own way.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pgproof.code.queries.tokens import MARK, Token, masked, tokens
from pgproof.code.queries.variants import variants
from pgproof.code.queries.writer import Writer
from pgproof.code.usage import Hole, Literal, Query

HOLES = 1_000
"""More parameters are those of a program that writes rows."""
_KEPT = 10_000

_NAME_FOLLOWS = frozenset(
    {"from", "join", "into", "update", "table", "only", "as", "view", "index", "truncate", "sequence", "schema"}
)
_VALUE_FOLLOWS = frozenset(
    {"select", "distinct", "where", "and", "or", "not", "on", "having", "by", "limit", "offset", "then", "else", "when"}
    | {"case", "in", "like", "ilike", "between", "values", "returning", "any", "all", "some", "to", "escape", "zone"}
    | {"first", "next", "call", "is", "exists", "similar", "from"}
)
ASSIGNMENT = "ctid = null"
"""Stands for assignments that come in at run time: the server refuses it after it looked at FROM, WHERE and RETURNING
(parser/analyze.c, transformUpdateStmt)."""
_TYPES_BEFORE_STRINGS = frozenset({"interval", "date", "time", "timestamp", "timestamptz", "timetz", "json", "jsonb"})
_NULL_FOLLOWS = "is"
_NAMES = ("word", "number", "name")


class Unfit(Exception):  # noqa: N818 - a query that cannot be tried is no error
    """The query cannot be made into a statement; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A text that can be prepared.

    Parameters
    ----------
    text
        What the server gets.
    pieces
        (offset in `text`, offset in the query's text, whether characters follow one another), sorted.
    loose
        The numbers of the parameters that stand for pieces of SQL, not for values.
    omitted
        Offsets in `text` where a piece of SQL that is put in at run time was left out.
    """

    text: str
    pieces: tuple[tuple[int, int, bool], ...]
    loose: frozenset[int] = frozenset()
    omitted: tuple[int, ...] = ()
    values: Mapping[int, Literal] = field(default_factory=dict)
    """What is bound to parameters, by number, where it stands in the code."""

    @property
    def whole(self) -> bool:
        """Whether nothing is missing but values."""
        return not self.loose and not self.omitted

    def source(self, offset: int) -> int:
        """Return the offset in the query's text that a character comes from."""
        at = max(bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1, 0)
        start, origin, exact = self.pieces[at]
        return origin + (offset - start if exact else 0)

    def part(self, start: int, end: int) -> Attempt:
        """Return the statement between two offsets."""
        at = max(bisect_right(self.pieces, start, key=lambda piece: piece[0]) - 1, 0)
        begin, origin, exact = self.pieces[at]
        pieces = [(0, origin + (start - begin if exact else 0), exact)]
        pieces += [
            (offset - start, source, is_exact) for offset, source, is_exact in self.pieces if start < offset < end
        ]
        inside = tuple(offset - start for offset in self.omitted if start <= offset <= end)
        return replace(self, text=self.text[start:end], pieces=tuple(pieces), omitted=inside)


@lru_cache(_KEPT)
def attempts(query: Query) -> tuple[Attempt, ...]:
    """Return the forms that a query takes: one, or one for each choice of the pieces whose texts are known.

    Every query is asked for twice, for what it touches and to be prepared: the forms are kept.

    Raises
    ------
    Unfit
        A name, a list of columns or the like comes in at run time.
    """
    if len(query.holes) > HOLES:
        raise Unfit("it has too many parameters")
    return tuple(_attempt(text, holes, pieces) for text, holes, pieces in variants(query))


def _attempt(text: str, holes: Sequence[Hole], origin: Sequence[tuple[int, int, bool]]) -> Attempt:
    hidden = masked(text, holes)
    found = list(tokens(hidden))
    writer = Writer()
    spans = _Spans(holes)
    end = 0
    for index, token in enumerate(found):
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        writer.copy(_without_comments(hidden[end : token.start]), end)
        end = token.end
        if token.kind == "hole":
            _write_hole(writer, found, index, spans.kinds(token), text)
            for one in spans.within(token):
                if (one.start, one.end, one.kind) == (token.start, token.end, "value") and len(one.values) == 1:
                    writer.values[writer.parameters] = one.values[0]
        elif MARK in token.text:
            _write_closed(writer, token, before, spans.kinds(token))
        elif token.folded in _TYPES_BEFORE_STRINGS and after is not None and _takes(token, after):
            continue  # `interval $1` is no SQL; what follows is written with a cast
        else:
            writer.copy(token.text, token.start)
    writer.copy(_without_comments(hidden[end:]), end)
    pieces = tuple((at, _origin(origin, source), exact) for at, source, exact in writer.pieces)
    return Attempt("".join(writer.texts), pieces, frozenset(writer.loose), tuple(writer.omitted), writer.values)


def _without_comments(text: str) -> str:
    return text if MARK not in text else "".join(" " if letter == MARK else letter for letter in text)


def _origin(origin: Sequence[tuple[int, int, bool]], offset: int) -> int:
    at = max(bisect_right(origin, offset, key=lambda piece: piece[0]) - 1, 0)
    start, source, exact = origin[at]
    return source + (offset - start if exact else 0)


class _Spans:
    """The holes of a text, which do not overlap, found by their places: a text may have a thousand."""

    def __init__(self, holes: Sequence[Hole]) -> None:
        """Sort them."""
        self._holes = sorted(holes, key=lambda one: one.start)
        self._starts = [one.start for one in self._holes]

    def within(self, token: Token) -> list[Hole]:
        """Return the holes that a token touches."""
        first = max(bisect_left(self._starts, token.start) - 1, 0)
        last = bisect_left(self._starts, token.end)
        return [one for one in self._holes[first:last] if token.start < one.end]

    def kinds(self, token: Token) -> set[str]:
        """Return their kinds."""
        return {one.kind for one in self.within(token)}


def _takes(token: Token, after: Token) -> bool:
    """Whether a type's name stands directly before a string or a parameter that comes in at run time."""
    if after.kind == "string":
        return MARK in after.text
    return after.kind == "hole" and after.start > token.end


def _write_closed(writer: Writer, token: Token, before: Token | None, kinds: set[str]) -> None:
    """Write a string or a quoted name in which something is put at run time."""
    if token.kind != "string":
        raise Unfit("a name is put together at run time")
    cast = f"::{before.folded}" if before and before.folded in _TYPES_BEFORE_STRINGS else ""
    writer.parameter(token.start, "value" not in kinds and not token.text.startswith("'"), "${}" + cast)


def _write_hole(writer: Writer, found: Sequence[Token], index: int, kinds: set[str], text: str) -> None:
    token = found[index]
    before = found[index - 1] if index else None
    last = before.folded if before else ""
    loose = kinds != {"value"}
    if "identifier" in kinds or _is_part_of_a_name(found, index, loose):
        raise Unfit("a name is put in at run time")
    if last == "values" and _columns_before(found, index - 1):
        row = _columns_before(found, index - 1)
        _write_row(writer, token.start, row)
    elif loose and last == "(" and _is_row(found, index):
        for number in range(_columns_before(found, index - 2) or 1):
            writer.put("," * (number > 0), token.start)
            writer.parameter(token.start, False)
    elif loose and last == "set":
        writer.put(ASSIGNMENT, token.start)
    elif loose and last == "(" and index > 2 and found[index - 3].folded == "into":
        raise Unfit("a list of columns is put in at run time")
    elif last == _NULL_FOLLOWS or (last == "not" and index > 1 and found[index - 2].folded == _NULL_FOLLOWS):
        if text[token.start : token.start + 1] == "$" and not loose:
            writer.parameter(token.start, loose)
        else:
            writer.put("null", token.start)
    elif last == "in":
        writer.parameter(token.start, False, "(${})")
    elif last in _TYPES_BEFORE_STRINGS and not (index > 1 and found[index - 2].text == "."):
        writer.parameter(token.start, loose, f"${{}}::{last}")
    elif not loose or _takes_value(before):
        writer.parameter(token.start, loose)
    else:
        writer.omit(token.start)


def _is_part_of_a_name(found: Sequence[Token], index: int, loose: bool) -> bool:
    """Whether a hole touches a name or stands where only a name can: after FROM, before a dot."""
    token = found[index]
    before = found[index - 1] if index else None
    after = found[index + 1] if index + 1 < len(found) else None
    if before and before.end == token.start and (before.kind in _NAMES or before.text == "."):
        return True
    if after and after.start == token.end and (after.kind in _NAMES or after.text in (".", "(")):
        return True
    if before is None or not loose:
        return False
    distinct_from = index > 1 and found[index - 2].folded == "distinct"
    return before.folded in _NAME_FOLLOWS and not distinct_from


def _takes_value(before: Token | None) -> bool:
    if before is None:
        return False
    if before.kind == "word":
        return before.folded in _VALUE_FOLLOWS
    return before.kind == "sign" and before.text in "=<>(,+-*/|&~!@#%^[:"


def _is_row(found: Sequence[Token], index: int) -> bool:
    """Whether the hole is all that stands between the parentheses of `values (…)`."""
    closes = index + 1 < len(found) and found[index + 1].text == ")"
    return closes and index > 1 and found[index - 2].folded == "values"


def _columns_before(found: Sequence[Token], values: int) -> int:
    """Return how many columns the list before the word `values` names; 0 when there is none."""
    if values < 2 or found[values].folded != "values" or found[values - 1].text != ")":
        return 0
    depth = commas = 0
    for token in reversed(found[:values]):
        depth += (token.text == ")") - (token.text == "(")
        if not depth:
            return commas + 1
        commas += token.text == ","
    return 0


def _write_row(writer: Writer, source: int, columns: int) -> None:
    writer.put("(", source)
    for number in range(columns):
        writer.put("," * (number > 0), source)
        writer.parameter(source, False)
    writer.put(")", source)
