"""Reading a text from left to right: the pieces that all of PostgREST's parameters are made of."""

from __future__ import annotations

import re

HOLE = "\ufffc"
"""Stands in a text for what is filled in at run time (U+FFFC, OBJECT REPLACEMENT CHARACTER)."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_NAME = re.compile(rf"[\w ${HOLE}]+(?:-(?!>)[\w ${HOLE}]+)*")
_JSON = re.compile(
    r'(?:->>?(?:"(?:[^"\\]|\\.)*"|-?\d+(?=->|::|[.,)]|$)|[^(\-:.,>)]+(?:-(?!>)[^(\-:.,>)]+)*))+', re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_BLANK = re.compile(r"[ \t]*")


class PostgrestSyntaxError(ValueError):
    """PostgREST refuses the text: `at` is the offset, `reason` says what was expected there.

    `certain` is false when a part of the text is filled in at run time, or when the text is nested too deeply for us.
    """

    def __init__(self, at: int, reason: str, certain: bool = True) -> None:
        """Take what is known."""
        super().__init__(f"{reason} at offset {at}")
        self.at = at
        self.reason = reason
        self.certain = certain


class Scanner:
    """A text and how far it was read."""

    def __init__(self, text: str, at: int = 0) -> None:
        """Begin at `at`."""
        self.text = text
        self.at = at

    def blank(self) -> None:
        """Pass spaces and tabs: no other white space is allowed."""
        if match := _BLANK.match(self.text, self.at):
            self.at = match.end()

    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.text)

    def sees(self, piece: str) -> bool:
        """Whether `piece` comes next."""
        return self.text.startswith(piece, self.at)

    def take(self, piece: str) -> bool:
        """Pass `piece` if it comes next."""
        if not self.sees(piece):
            return False
        self.at += len(piece)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass what `pattern` matches."""
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
        return found

    def quoted(self) -> str | None:
        """Pass a quoted value and return what it says."""
        found = self.match(_QUOTED)
        return None if found is None else _ESCAPE.sub(r"\1", found[1])

    def name(self) -> str | None:
        """Pass a field's name, quoted or not, and return it."""
        if (quoted := self.quoted()) is not None:
            return quoted
        found = self.match(_NAME)
        return found[0].strip() if found and found[0].strip() else None

    def json(self) -> str:
        """Pass a path into a JSON value, `->a->>b`, and return it as it stands."""
        found = self.match(_JSON)
        return found[0] if found else ""

    def malformed(self, expected: str) -> PostgrestSyntaxError:
        """Return the error of this place."""
        found = repr(self.text[self.at]) if not self.ended() else "the end"
        return PostgrestSyntaxError(self.at, f"{found} where {expected} is expected", HOLE not in self.text)
