"""Comments that speak to pgproof, in any language: `-- pgproof:ignore MIG103 until=2027-01-31 the reason`.

One grammar, whose parts are separated by blanks:

    pgproof:ignore CODE[, CODE…] [until=YYYY-MM-DD] REASON
    pgproof:ignore-file CODE[, CODE…] [until=YYYY-MM-DD] REASON

A CODE may also be a check's name. `until=` may stand anywhere after the codes; a colon may end them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pgproof.model.spelling import did_you_mean

SQL = ("--", "/*")
TYPESCRIPT = ("//", "/*")
PYTHON = ("#",)
"""How comments begin in a language."""

MARK = "pgproof:"
_IGNORE, _IGNORE_FILE = "ignore", "ignore-file"
_CHECKS = re.compile(r"\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s*:?(?=\s|$)")
_UNTIL = re.compile(r"(?:^|\s)until=(\S*)")
_SHAPE = "pgproof:ignore CODE the reason why it does not matter here"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that ignores findings of `checks` (codes or names, as written).

    `offset` is where it begins; `line` its line, from 1. It is `alone` when nothing but blanks stands before it on its
    line. `whole_file`: it speaks of all of its file.
    """

    offset: int
    line: int
    alone: bool
    whole_file: bool
    checks: tuple[str, ...]
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Misread:
    """A comment that speaks to pgproof and cannot be understood."""

    offset: int
    line: int
    alone: bool
    problem: str


def read_comments(text: str, signs: tuple[str, ...]) -> Iterator[Comment | Misread]:
    """Yield the comments of `text` that speak to pgproof; `signs` are how a comment begins in its language.

    What stands in a string is taken for a comment too: who reads a language leaves those out by their `offset`.
    """
    if MARK not in text:
        return
    sign = rf"(?:{'|'.join(map(re.escape, signs))})[ \t]*{MARK}"
    line, counted = 1, 0
    for match in re.finditer(rf"{sign}([\w-]*)((?:(?!{sign})[^\r\n])*)", text):
        start = match.start()
        line += text.count("\n", counted, start)
        counted = start
        alone = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        yield _read(match[1], match[2].partition("*/")[0].strip(), start, line, alone)


def _read(directive: str, rest: str, offset: int, line: int, alone: bool) -> Comment | Misread:
    if directive not in (_IGNORE, _IGNORE_FILE):
        known = (_IGNORE, _IGNORE_FILE)
        return Misread(offset, line, alone, f'"{MARK}{directive}" is not known{did_you_mean(directive, known)}')
    checks = _CHECKS.match(rest)
    if not checks:
        return Misread(offset, line, alone, f"{MARK}{directive} names no check ({_SHAPE})")
    said = rest[checks.end() :]
    days = _UNTIL.findall(said)
    if len(days) > 1:
        return Misread(offset, line, alone, "until= is given twice")
    until = day(days[0]) if days else None
    if days and until is None:
        return Misread(offset, line, alone, f'until= should be a day such as until=2027-01-31, not "{days[0]}"')
    reason = " ".join(_UNTIL.sub(" ", said).split()).lstrip("-–—: ")
    if not reason:
        return Misread(offset, line, alone, f"{MARK}{directive} {checks[1]} gives no reason ({_SHAPE})")
    names = tuple(name.strip() for name in checks[1].split(","))
    return Comment(offset, line, alone, directive == _IGNORE_FILE, names, reason, until)


def day(text: str) -> date | None:
    """Return the day that `YYYY-MM-DD` names, `None` for any other text."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None
