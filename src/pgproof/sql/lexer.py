r"""Where psql's scanner stops in a text: ends of statements, parentheses, variables, meta-commands (psqlscan.l).

The real parser cannot be asked: COPY data, `\i` and `:variable` are syntax errors to it, and after the first error it
says nothing of the rest. Everything between two stops (strings, comments, dollar quotes, words) is one regular
expression, so that megabytes pass at the speed of C.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from pgproof.sql.split import comment_end

# classes of characters, each by the ASCII ones that are not in it: every other character is a letter for PostgreSQL
_LETTER = r"[^\x00-@\[-\^`{-\x7f]"
_WORD_PART = r"[^\x00-#%-/:-@\[-\^`{-\x7f]"
_NAME_PART = r"[^\x00-/:-@\[-\^`{-\x7f]"
_ESCAPED = r"[eE]'(?:[^'\\]++|\\.|''|'[ \t\r\f\v]*+\n[ \t\r\n\f\v]*+')*+'"
_TAG = rf"(?:{_LETTER}{_NAME_PART}*+)?"
_QUIET = rf"""
      [\x00-!\#%&*+,.0-9<=>?@\[\]^`{{|}}~\x7f]++      # blanks, digits, most operators
    | {_ESCAPED}
    | '[^']*+'                                      # a doubled quote reads as two strings, with the same end
    | "[^"]*+"
    | \$(?P<tag>{_TAG})\$.*?\$(?P=tag)\$
    | \$(?!{_TAG}\$)                                # a parameter
    | --[^\n\r]*+ | -(?!-)
    | /\*(?:[^*/]++|\*(?!/)|/(?!\*))*+\*/ | /(?!\*)  # nested comments are left to comment_end
    | :: | := | :(?!{_NAME_PART}|['"{{])
"""
_WORD = rf"(?![eE]'){_LETTER}{_WORD_PART}*+"
_BODY_WORD = rf"(?i:begin|case|end)(?!{_WORD_PART})"
_FLAGS = re.VERBOSE | re.DOTALL
_SKIP = re.compile(rf"(?:{_QUIET}|{_WORD})*+", _FLAGS)
_SKIP_TO_BODY_WORD = re.compile(rf"(?:{_QUIET}|(?!{_BODY_WORD}){_WORD})*+", _FLAGS)
_AT_BODY_WORD = re.compile(_BODY_WORD)
_VARIABLE = re.compile(
    rf""":(?:(?P<plain>{_NAME_PART}++)|'(?P<literal>{_NAME_PART}++)'|"(?P<name>{_NAME_PART}++)"
    |\{{\?(?P<test>{_NAME_PART}++)\}})""",
    re.VERBOSE,
)
_QUOTED = re.compile(rf"(?P<string>{_ESCAPED}|'[^']*+(?:'|\Z))|{_QUIET}|{_WORD}|.", _FLAGS)


class Stop(Enum):
    """What the scanner stops at."""

    SEMICOLON = auto()
    OPEN = auto()
    CLOSE = auto()
    BACKSLASH = auto()
    COLON = auto()
    """A colon that may begin a reference to a variable."""
    BODY_WORD = auto()
    """`begin`, `case` or `end`, which nest in the body of an SQL-standard function."""
    UNCLOSED = auto()
    """A string, a quoted name, a dollar quote or a comment that nothing closes: all the rest."""
    END = auto()


class Token(NamedTuple):
    """A stop and the characters that it is made of."""

    stop: Stop
    start: int
    end: int


class Reference(NamedTuple):
    """A reference to a psql variable: `how` is `plain`, `literal`, `name` or `test`; `end` is the offset after it."""

    name: str
    how: str
    end: int


_STOPS = {";": Stop.SEMICOLON, "(": Stop.OPEN, ")": Stop.CLOSE, "\\": Stop.BACKSLASH, ":": Stop.COLON}


def next_stop(text: str, position: int, body_words: bool) -> Token:
    """Return the next stop of `text` at or after `position`; words of function bodies only when `body_words`."""
    skip = _SKIP_TO_BODY_WORD if body_words else _SKIP
    while True:
        matched = skip.match(text, position)
        start = matched.end() if matched else position
        if start == len(text):
            return Token(Stop.END, start, start)
        stop = _STOPS.get(text[start])
        if stop:
            return Token(stop, start, start + 1)
        if body_words and (word := _AT_BODY_WORD.match(text, start)):
            return Token(Stop.BODY_WORD, start, word.end())
        position = comment_end(text, start) if text.startswith("/*", start) else -1
        if position < 0:
            return Token(Stop.UNCLOSED, start, len(text))


def reference(text: str, colon: int) -> Reference | None:
    """Return the reference to a variable that the colon begins, if it does."""
    matched = _VARIABLE.match(text, colon)
    if not matched or not matched.lastgroup:
        return None
    return Reference(matched[matched.lastgroup], matched.lastgroup, matched.end())


def strings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of every string in single quotes between two offsets; the last one may be unclosed."""
    for piece in _QUOTED.finditer(text, start, end):
        if piece["string"]:
            yield piece.span("string")


def has_body(text: str) -> bool:
    """Say whether a function body of the SQL standard (`BEGIN ATOMIC … END`) may be in `text`."""
    return "atomic" in text.lower()
