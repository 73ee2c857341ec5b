"""How the pieces of a text are joined: choices among them, and what stands in for those of other files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import islice, product

from pgproof.code.queries.written import Written, join
from pgproof.code.usage import Hole, Literal

CHOICES = 8
"""So many forms of one text are followed at most."""


def choices(found: Sequence[Sequence[Written]]) -> list[Written]:
    """Return the texts that pieces make of which each may have several forms."""
    return [join(chosen) for chosen in islice(product(*found), CHOICES)] if found else []


def values_of(found: Sequence[Written]) -> list[Literal]:
    """Return the texts as values, when there are no holes in them."""
    return [] if any(one.holes for one in found) else [Literal("string", one.text) for one in found]


def chosen(form: Written) -> Written:
    """Say that a text is put in at run time, though it is known: then a syntax error proves nothing."""
    if form.holes or not form.text:
        return form
    return Written(form.text, form.lines, (Hole(0, len(form.text), "text", "", (Literal("string", form.text),)),))


def elsewhere(written: Written) -> Written:
    """Return a text of another file: it has no places here."""
    return Written(written.text, (), written.holes)


def percent_values(node: ast.expr) -> dict[str, ast.expr]:
    """Return what the right side of `%` puts in, by number or name."""
    if isinstance(node, ast.Tuple):
        return {str(number): value for number, value in enumerate(node.elts)}
    if isinstance(node, ast.Dict):
        return named(node.keys, node.values)
    return {"0": node}


def named(keys: Iterable[ast.expr | None], values: Iterable[ast.expr]) -> dict[str, ast.expr]:
    """Return the items of a dictionary whose keys stand in the code."""
    return {
        key.value: value
        for key, value in zip(keys, values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
