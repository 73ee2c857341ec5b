"""Files that hold a migration and its reversal: the reversal is blanked, and every line keeps its number."""

from __future__ import annotations

import re

_NOT_NEWLINE = re.compile(r"[^\r\n]")


def keep(text: str, up: re.Pattern[str], down: re.Pattern[str]) -> str | None:
    """Return `text` with all blanked that does not stand between a line of `up` and one of `down` or the end.

    The patterns match a marker from the beginning of its line; the lines of kept markers stay, they are comments.
    `None` when there is no marker of `up`. All offsets, lines and columns stay.
    """
    markers = sorted(
        [(found.start(), True) for found in up.finditer(text)]
        + [(found.start(), False) for found in down.finditer(text)]
    )
    if not any(kept for _, kept in markers):
        return None
    pieces = [blank(text[: markers[0][0]])]
    ends = [start for start, _ in markers[1:]] + [len(text)]
    for (start, kept), end in zip(markers, ends, strict=True):
        pieces.append(text[start:end] if kept else blank(text[start:end]))
    return "".join(pieces)


def before(text: str, down: re.Pattern[str]) -> str:
    """Return `text` with all blanked that follows the first marker of `down`."""
    found = down.search(text)
    return text[: found.start()] + blank(text[found.start() :]) if found else text


def blank(text: str) -> str:
    """Return as many blanks as `text` has characters, with its line ends."""
    return _NOT_NEWLINE.sub(" ", text)
