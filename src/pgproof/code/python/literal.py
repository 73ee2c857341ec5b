r"""Where the characters of a Python string stand in its source (reference, section 2.4.1: string literals).

`ast` gives the value of a whole concatenation such as `"a\n" f"{b}"` and where it begins, but not where its characters
are; before 3.12 not even where the fields of an f-string are. So the source is scanned again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_OPENING = re.compile(r"(?P<prefix>[rRbBuUfFtT]{0,2})(?P<quote>'''|\"\"\"|'|\")")
_BETWEEN = re.compile(r"(?:\s|\\\n|#[^\n]*|[()])*")
_ESCAPE = re.compile(
    r"\\(?:(?P<newline>\n)|(?P<octal>[0-7]{1,3})|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<long>[0-9a-fA-F]{8})|N\{(?P<named>[^}]*)\}|(?P<one>.))",
    re.DOTALL,
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Part(NamedTuple):
    """A piece of a string: its text and the offset where that stands in the source. `field`: a field of an f-string."""

    text: str
    offset: int
    field: bool = False


def parts(source: str, start: int, end: int) -> Iterator[Part]:
    """Yield the pieces of the string literals between two offsets of a source, in their order."""
    position = start
    while position < end:
        between = _BETWEEN.match(source, position, end)
        position = between.end() if between else position
        opening = _OPENING.match(source, position, end)
        if opening is None:
            return
        prefix, quote = opening["prefix"].lower(), opening["quote"]
        fields = "f" in prefix or "t" in prefix
        stop = _closing(source, opening.end(), end, quote, fields)
        yield from (part for part in _body(source, opening.end(), stop, "r" in prefix, fields) if part.text)
        position = stop + len(quote)


def _closing(source: str, start: int, end: int, quote: str, fields: bool) -> int:
    """Return the offset of the closing quote."""
    position = start
    while position < end:
        if source.startswith(quote, position):
            return position
        if source[position] == "\\":
            position += 2
        elif fields and source[position] == "{":
            position = position + 2 if source.startswith("{{", position) else _field_end(source, position, end)
        else:
            position += 1
    return end


def _body(source: str, start: int, stop: int, raw: bool, fields: bool) -> Iterator[Part]:
    position = begun = start
    while position < stop:
        letter = source[position]
        if letter == "\\" and not raw:
            yield Part(source[begun:position], begun)
            found = _ESCAPE.match(source, position, stop)
            if found is None:
                return
            yield Part(_escaped(found), position)
            position = begun = found.end()
        elif fields and letter in "{}":
            yield Part(source[begun:position], begun)
            if source.startswith(letter * 2, position):
                yield Part(letter, position)
                position = begun = position + 2
            else:
                field_end = _field_end(source, position, stop)
                yield Part(source[position:field_end], position, True)
                position = begun = field_end
        else:
            position += 1
    yield Part(source[begun:stop], begun)


def _field_end(source: str, start: int, end: int) -> int:
    """Return the offset behind the brace that closes a field; strings inside of it may hold braces."""
    depth, position = 0, start
    while position < end:
        letter = source[position]
        if letter in _CLOSING:
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if not depth:
                return position + 1
        elif letter in "'\"" and depth:
            quote = source[position : position + 3] if source.startswith(letter * 3, position) else letter
            position = source.find(quote, position + len(quote), end)
            if position < 0:
                return end
            position += len(quote) - 1
        position += 1
    return end


def _escaped(found: re.Match[str]) -> str:
    if found["newline"]:
        return ""
    if found["octal"]:
        return chr(int(found["octal"], 8))
    code = found["x"] or found["u"] or found["long"]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    if found["named"]:
        try:
            return unicodedata.lookup(found["named"])
        except KeyError:
            return found.group()
    return _SIMPLE.get(found["one"], "\\" + found["one"])
