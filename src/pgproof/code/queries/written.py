"""A text as code puts it together: its pieces with their places, and the holes that are filled at run time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pgproof.code.usage import Hole, Literal

Place = tuple[int, int, int]
"""(offset in the text, line, column)."""

LONGEST = 200_000
"""Characters of a text that is looked at: a longer one is data."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text, where its pieces stand (sorted; between two, one character follows the other), and its holes."""

    text: str
    lines: tuple[Place, ...]
    holes: tuple[Hole, ...] = ()

    @property
    def line(self) -> int:
        """The line in which it begins."""
        return self.lines[0][1] if self.lines else 0

    @property
    def column(self) -> int:
        """The column at which it begins."""
        return self.lines[0][2] if self.lines else 0


def piece(text: str, line: int, column: int) -> Written:
    """Return a text that stands in the code as it is."""
    return Written(text, ((0, line, column),))


def hole(text: str, line: int, column: int, kind: str, name: str = "", values: Iterable[Literal] = ()) -> Written:
    """Return a text that is one hole; `text` shows what stands there."""
    return Written(text, ((0, line, column),), (Hole(0, len(text), kind, name, tuple(values)),))


def join(parts: Sequence[Written]) -> Written:
    """Return the parts as one text."""
    if len(parts) == 1:
        return parts[0]
    texts: list[str] = []
    lines: list[Place] = []
    holes: list[Hole] = []
    length = 0
    for part in parts:
        lines += [(offset + length, line, column) for offset, line, column in part.lines]
        holes += [replace(one, start=one.start + length, end=one.end + length) for one in part.holes]
        texts.append(part.text)
        length += len(part.text)
    return Written("".join(texts), tuple(lines), tuple(holes))


def cut(written: Written, start: int, end: int) -> Written:
    """Return the part between two offsets; a hole that is cut through is left out."""
    line, column = place(written.text, written.lines, start)
    lines = [(offset - start, line, column) for offset, line, column in written.lines if start < offset < end]
    holes = (
        replace(one, start=one.start - start, end=one.end - start)
        for one in written.holes
        if one.start >= start and one.end <= end
    )
    return Written(written.text[start:end], ((0, line, column), *lines), tuple(holes))


def place(text: str, lines: Sequence[Place], offset: int) -> tuple[int, int]:
    """Return the line and the column in the source of a character of a text whose pieces stand at `lines`."""
    if not lines:
        return 0, 0
    at = max(bisect_right(lines, offset, key=lambda piece: piece[0]) - 1, 0)
    begin, line, column = lines[at]
    newlines = text.count("\n", begin, offset)
    if newlines:
        return line + newlines, offset - text.rfind("\n", begin, offset)
    return line, column + offset - begin
