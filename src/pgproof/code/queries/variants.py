"""A text of which parts are chosen at run time, with each choice that the code knows put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from pgproof.code.queries.placeholders import in_text
from pgproof.code.usage import Hole, Query

VARIANTS = 8
"""It is tried in so many forms at most."""

Variant = tuple[str, list[Hole], list[tuple[int, int, bool]]]


def variants(query: Query) -> Iterator[Variant]:
    """Yield the texts, up to a limit, each with its holes and where its parts come from."""
    known = [one for one in query.holes if one.kind == "text" and one.values and _are_texts(one)]
    if not known:
        yield query.text, list(query.holes), [(0, 0, True)]
        return
    choices = product(*(dict.fromkeys(value.text for value in one.values) for one in known))
    for chosen in islice(choices, VARIANTS):
        texts: list[str] = []
        pieces: list[tuple[int, int, bool]] = []
        holes: list[Hole] = []
        chosen_at = {one.start: text for one, text in zip(known, chosen, strict=True)}
        position = length = 0
        for one in query.holes:
            if one.start not in chosen_at:
                continue
            pieces.append((length, position, True))
            texts += [query.text[position : one.start], chosen_at[one.start]]
            holes += _moved(query.holes, position, one.start, length - position)
            length += one.start - position
            pieces.append((length, one.start, False))
            holes += in_text(chosen_at[one.start], length)
            length += len(chosen_at[one.start])
            position = one.end
        pieces.append((length, position, True))
        holes += _moved(query.holes, position, len(query.text), length - position)
        texts.append(query.text[position:])
        yield "".join(texts), holes, pieces


def _are_texts(one: Hole) -> bool:
    return all(value.kind == "string" for value in one.values)


def _moved(holes: Sequence[Hole], start: int, end: int, by: int) -> list[Hole]:
    return [replace(one, start=one.start + by, end=one.end + by) for one in holes if start <= one.start < end]
