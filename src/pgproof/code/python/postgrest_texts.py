"""Texts in PostgREST's own language as Python code puts them together."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from pgproof.code.postgrest import HOLE
from pgproof.code.python.keys import place
from pgproof.code.python.module import Module
from pgproof.code.python.texts import texts
from pgproof.code.queries.written import Written
from pgproof.code.queries.written import place as place_in
from pgproof.model import Location


@dataclass(frozen=True, slots=True)
class Text:
    """A text with a `HOLE` for what is put in at run time, and where its characters stand."""

    value: str
    location: Callable[[int], Location]


def texts_of(module: Module, node: ast.expr) -> list[Text]:
    """Return the texts that an argument may be."""
    return [_text(module, node, one) for one in texts(module, node)]


def _text(module: Module, node: ast.expr, written: Written) -> Text:
    value, shifts, position = "", [(0, 0)], 0
    for hole in written.holes:
        value += written.text[position : hole.start]
        filled = hole.values[0].text if len(hole.values) == 1 else HOLE
        shifts += [(len(value), hole.start), (len(value) + len(filled), hole.end)]
        value += filled
        position = hole.end
    value += written.text[position:]
    whole = place(module, node)

    def location(offset: int) -> Location:
        if not written.lines:
            return whole
        start, origin = next(one for one in reversed(shifts) if one[0] <= offset)
        return Location(module.path, *place_in(written.text, written.lines, origin + offset - start))

    return Text(value, location)
