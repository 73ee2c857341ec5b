"""The words of an SQL text that has holes, where the real parser would stop at the first of them (manual, 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pgproof.code.usage import Hole

MARK = "\ue000"
"""Stands for each character of a hole while the text is read: it is in no language."""

_TOKEN = re.compile(
    r"""
      (?P<comment>--[^\n\r]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))
    | (?P<string>\b[eE]'(?:[^'\\]|''|\\.)*(?:'|\Z)|(?:\b[bBxXnN]|\b[uU]&)?'(?:[^']|'')*(?:'|\Z))
    | (?P<dollar>\$(?P<tag>[A-Za-z_]\w*)?\$.*?(?:\$(?P=tag)\$|\Z)|\$\$.*?(?:\$\$|\Z))
    | (?P<name>"(?:[^"]|"")*(?:"|\Z))
    | (?P<backquoted>`[^`]*`)
    | (?P<hole>\ue000+)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<space>\s+)
    | (?P<cast>::)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece; `kind` is `string`, `dollar`, `name`, `backquoted`, `hole`, `number`, `word`, `cast` or `sign`."""

    kind: str
    start: int
    end: int
    text: str

    @property
    def folded(self) -> str:
        """The text in lower case."""
        return self.text.lower()


def masked(text: str, holes: Sequence[Hole]) -> str:
    """Return the text with each hole hidden, of the same length."""
    if not holes:
        return text
    parts: list[str] = []
    end = 0
    for one in sorted(holes, key=lambda each: each.start):
        parts += [text[end : one.start], MARK * (one.end - max(one.start, end))]
        end = max(end, one.end)
    return "".join((*parts, text[end:]))


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a masked text without blanks and comments."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "tag":
            kind = "dollar"
        if kind not in ("space", "comment"):
            yield Token(kind, found.start(), found.end(), found.group())
