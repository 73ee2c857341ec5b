"""A source line with a mark under the place that is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from pgproof.reports.terminal import columns, one_line

_WORD = re.compile(r'"(?:[^"]|"")*"|[\w$]+')


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line that is safe to print, how many columns stand before the mark, and how wide it is (0: no mark)."""

    line: str
    before: int
    marked: int


def excerpt(source: str, column: int, room: int) -> Excerpt:
    """Cut the excerpt of `source` (one line as it stands in the file) that shows `column` (from 1) in `room` columns.

    Its indentation is taken away. A column that is not in the line (0: none is known) gives no mark.
    """
    text = source.strip()
    place = column - 1 - (len(source) - len(source.lstrip()))
    cells = [one_line(character) for character in text]
    ends = [0, *accumulate(columns(cell) for cell in cells)]
    marked = 0 <= place < len(text)
    start = 0
    if ends[-1] > room and marked:
        start = next(n for n in range(place + 1) if ends[place] - ends[n] <= room // 2)
    end = max(n for n in range(len(ends)) if ends[n] - ends[start] <= room)
    left, right = "…" * (start > 0), "…" * (end < len(text))
    line = left + "".join(cells[start:end]) + right
    if not marked:
        return Excerpt(line, 0, 0)
    word = _WORD.match(text, place)
    last = min(word.end() if word else place + 1, max(end, place + 1))
    return Excerpt(line, len(left) + ends[place] - ends[start], max(1, ends[last] - ends[place]))
