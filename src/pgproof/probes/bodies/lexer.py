"""The words of a PL/pgSQL body with their offsets (pl_scanner.c, and scan.l of the core)."""

from __future__ import annotations

import re
from typing import NamedTuple

from pgproof.sql.split import skip_blank

_LETTER = r"[^\x00-@\[-\^`{-\x7f]"
_WORD_PART = r"[^\x00-#%-/:-@\[-\^`{-\x7f]"
_TAG_PART = r"[^\x00-/:-@\[-\^`{-\x7f]"
_TOKEN = re.compile(
    rf"""
    (?:[ \t\n\r\f\v]++|--[^\n\r]*+)*+(?:
      (?P<string>[eE]'(?:[^'\\]|\\.|'')*+' | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*+'
        | \$(?P<tag>(?:{_LETTER}{_TAG_PART}*+)?)\$.*?\$(?P=tag)\$)
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*+")
    | (?P<word>{_LETTER}{_WORD_PART}*+)
    | (?P<parameter>\$\d+)
    | (?P<number>\d+(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)? | \.\d+)
    | (?P<symbol>:= | \.\. | :: | => | << | >> | <= | >= | <> | != | /\* | .))
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A word of the body; `word` is its text, in lower case when it may be a key word."""

    kind: str
    word: str
    start: int
    end: int

    @property
    def names(self) -> bool:
        """Whether it may be (a part of) the name of a variable."""
        return self.kind in ("word", "quoted", "parameter")


END = Token("end", "", -1, -1)


def tokens(text: str) -> list[Token]:
    """Return the words of a text, without blanks and comments."""
    found: list[Token] = []
    position = 0
    while matched := _TOKEN.match(text, position):
        kind = matched.lastgroup or ""
        if kind == "tag":
            kind = "string"
        word, start, position = matched[kind], matched.start(kind), matched.end()
        if word == "/*":
            position = skip_blank(text, start)
        elif word in ("'", '"') and kind == "symbol":
            break  # an open string: the server refuses the function anyway
        else:
            found.append(Token(kind, word.lower() if kind == "word" else word, start, position))
    return found
