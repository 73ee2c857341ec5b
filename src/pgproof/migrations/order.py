"""The number that a migration's name begins with, and the order of such names."""

from __future__ import annotations

import re
from typing import NamedTuple

# before the number: nothing, or a word that says what the file is
_NUMBERED = re.compile(
    r"(?P<word>(?:(?:v|r|m|migrations?|mig|patch|step|schema|update|upgrade|delta|db|sql|ddl|phase|part|release|change)"
    r"[_-]?)?)"
    r"(?P<number>\d{4}[-_.]\d{2}[-_.]\d{2}(?:[-_T.]\d{1,6})*|\d+(?:\.\d+)+(?:[-_]\d+(?=[-_.]|$))?|\d+)"
    r"(?P<letter>[a-z]?)(?:(?=[-_. ])[-_. ]+(?P<name>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_STEP = re.compile(
    r"(?:.*?[^\d.]\.?)?v?(?:(?P<since>\d+(?:\.\d+)*)[-_]to[-_]v?(?P<until>\d+(?:\.\d+)*)"
    r"|(?P<old>\d+(?:\.\d+)+)-{1,2}v?(?P<new>\d+(?:\.\d+)+))",
    re.IGNORECASE,
)
_PART = re.compile(r"\d+|\D+")


class Numbered(NamedTuple):
    """`0007a_add_users` is the number `0007`, the letter `a` and the name `add_users`; `version` is `0007a`."""

    numbers: tuple[int, ...]
    letter: str
    version: str
    name: str


def numbered(stem: str) -> Numbered | None:
    """Read the number that the name of a file (without `.sql`) begins with, `None` when it has none.

    A number is a count, a time, a date (`2024-01-31`) or a release (`1.2.3`), after nothing or a word like `V`.
    """
    matched = _NUMBERED.fullmatch(stem)
    if not matched:
        return None
    numbers = tuple(int(part) for part in re.findall(r"\d+", matched["number"]))
    return Numbered(numbers, matched["letter"].lower(), matched["number"] + matched["letter"], matched["name"] or "")


def step(stem: str) -> tuple[str, str] | None:
    """Read the two releases between which an upgrade leads: `app--1.0--1.1`, `update_0.9_to_0.10`, `1.3-1.5`."""
    matched = _STEP.fullmatch(stem)
    return (matched["since"] or matched["old"], matched["until"] or matched["new"]) if matched else None


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts `2_x` before `10_x`."""
    return tuple((0, int(part), "") if part[0].isdecimal() else (1, 0, part) for part in _PART.findall(name))
