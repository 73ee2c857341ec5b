"""Text on a terminal: colour, width, and names that cannot take the terminal over."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

_SGR = re.compile(r"\x1b\[[0-9;]*m")


class Ink(StrEnum):
    """The few ways in which text is set, as parameters of the escape sequence SGR (ECMA-48, 8.3.117)."""

    BOLD = "1"
    FAINT = "2"
    RED = "1;31"
    GREEN = "1;32"
    YELLOW = "1;33"
    BLUE = "1;34"


def wants_colour(environment: Mapping[str, str], is_terminal: bool) -> bool:
    """Say whether to colour: NO_COLOR (no-color.org) forbids it, FORCE_COLOR (force-color.org) asks for it.

    Without either a terminal is coloured, and nothing else.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal and environment.get("TERM") != "dumb"


def one_line(text: str) -> str:
    """Escape what is not printable: control, escape and bidirectional characters cannot change the layout.

    A tab becomes a space, so that columns keep their count.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return " " if character == "\t" else character.encode("unicode_escape").decode("ascii")


def columns(text: str) -> int:
    """Return how many columns `text` takes: East Asian wide characters two, combining marks none (UAX 11)."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def paint(text: str, ink: Ink, colour: bool) -> str:
    """Return `text` (already safe) set in `ink`, or as it is without colour."""
    return f"\x1b[{ink}m{text}\x1b[0m" if colour and text else text


def wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    """Return `text`, made one line, wrapped at `width` columns (0: not at all).

    `first` comes before the first line, `rest` before the others.

    A word that is longer than the line stays whole, so that it can be copied.
    """
    safe = one_line(text)
    if not width:
        return [f"{first}{safe}".rstrip()]
    before, below = (columns(_SGR.sub("", prefix)) for prefix in (first, rest))
    lines = textwrap.wrap(
        safe,
        max(width, below + 20),
        initial_indent=" " * before,
        subsequent_indent=" " * below,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [
        f"{rest}{line[below:]}" if number else f"{first}{line[before:]}" for number, line in enumerate(lines or [""])
    ]


def verbatim(text: str, first: str, rest: str) -> list[str]:
    """Return the lines of `text` (SQL, a command), never wrapped, so that they can be copied."""
    return [f"{rest if number else first}{one_line(line)}".rstrip() for number, line in enumerate(text.split("\n"))]
