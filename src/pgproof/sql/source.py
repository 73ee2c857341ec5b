"""A script's text and its lines, and the buffer that a statement grows in."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from pgproof.model import Location
from pgproof.sql.split import skip_blank
from pgproof.sql.step import Origin

_NEWLINE = re.compile("\n")


class Source:
    """The text of a script, and the places of its offsets."""

    def __init__(self, path: str, text: str) -> None:
        """Take a path relative to the project, and the text."""
        self.path = path
        self.text = text
        self._lines = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]

    def place(self, offset: int) -> Location:
        """Return the place of a character offset."""
        line = bisect_right(self._lines, offset)
        return Location(self.path, line, offset - self._lines[line - 1] + 1)


class _Piece(NamedTuple):
    start: int
    """Offset in the buffer."""
    offset: int
    """Offset in the source."""
    exact: bool


class Buffer:
    """What was read since the last statement was sent: pieces of the source, and values of variables."""

    def __init__(self) -> None:
        """Begin empty."""
        self._texts: list[str] = []
        self._pieces: list[_Piece] = []
        self._length = 0
        self._blank = True

    def add(self, text: str, offset: int, exact: bool = True) -> None:
        """Append what stands at `offset` of the source; not `exact`: what stands for something written there."""
        if not text:
            return
        last = self._pieces[-1] if self._pieces else None
        if not (last and exact and last.exact and last.offset + self._length - last.start == offset):
            if self._blank:  # a meta-command between two statements leaves nothing behind
                self._texts, self._pieces, self._length = [], [], 0
            self._pieces.append(_Piece(self._length, offset, exact))
        self._blank = self._blank and skip_blank(text, 0) == len(text)
        self._texts.append(text)
        self._length += len(text)

    @property
    def blank(self) -> bool:
        """Whether nothing but blanks and comments was added."""
        return self._blank

    @property
    def text(self) -> str:
        """All that was added."""
        return "".join(self._texts)

    @property
    def begin(self) -> int | None:
        """The offset in the source where the buffer begins, `None` when it begins with the value of a variable."""
        return self._pieces[0].offset if self._pieces and self._pieces[0].exact else None

    def source_offset(self, offset: int) -> int:
        """Return where in the source the character at `offset` of the buffer comes from."""
        if not self._pieces:
            return 0
        piece = self._pieces[max(bisect_right(self._pieces, offset, key=lambda p: p.start) - 1, 0)]
        return piece.offset + offset - piece.start if piece.exact else piece.offset

    def origins(self, source: Source, start: int, end: int) -> tuple[Origin, ...]:
        """Return where the characters between two offsets of the buffer come from."""
        found = [(0, self.source_offset(start), self._pieces[bisect_right(self._pieces, start, key=_start) - 1].exact)]
        found += [(p.start - start, p.offset, p.exact) for p in self._pieces if start < p.start < end]
        return tuple(
            Origin(offset, (place := source.place(where)).line, place.column, exact) for offset, where, exact in found
        )


def _start(piece: _Piece) -> int:
    return piece.start
