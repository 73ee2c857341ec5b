"""Strings that match a pattern: PostgreSQL's advanced regular expressions and LIKE (manual, section 9.7).

Only proposes: what it does not understand (back references, look-around) it leaves out, and the server judges.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from random import Random

_CLASSES = {
    "alpha": string.ascii_letters,
    "digit": string.digits,
    "alnum": string.ascii_letters + string.digits,
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "space": " \t",
    "blank": " ",
    "punct": "-_.!",
    "xdigit": string.hexdigits,
    "word": string.ascii_letters + string.digits + "_",
    "print": string.ascii_letters + string.digits + " -_.",
    "graph": string.ascii_letters + string.digits + "-_.",
    "cntrl": "\t",
}
_ESCAPES = {"d": string.digits, "w": _CLASSES["word"], "s": " ", "D": "a", "W": "-", "S": "a"}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_ANY = string.ascii_lowercase + string.digits
_EVERYTHING = string.ascii_letters + string.digits + " -_.@#/:+"
_NOTHING = {"m", "M", "y", "Y", "A", "Z", "b", "B"}
_MORE = 2
"""How often beyond its least number something is repeated that may be repeated without end."""
_MOST = 1000


def matching(pattern: str, count: int, seed: str = "") -> list[str]:
    """Return up to `count` different strings that probably match a regular expression, the shortest first."""
    found: dict[str, None] = {}
    for attempt in range(count * 3):
        made = _Generator(pattern, Random(f"{seed} {pattern} {attempt}"), shortest=attempt == 0)
        try:
            found[made.text()] = None
        except (IndexError, ValueError, RecursionError):  # not a regular expression that we understand
            break
        if len(found) >= count:
            break
    return list(found)


def like(pattern: str) -> list[str]:
    """Return strings that match a LIKE pattern."""
    return list(dict.fromkeys("".join(_like(pattern, rest)) for rest in ("", "a", "ab1")))


def _like(pattern: str, rest: str) -> Iterator[str]:
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\" and position + 1 < len(pattern):
            position += 1
            yield pattern[position]
        else:
            yield {"%": rest, "_": "a"}.get(character, character)
        position += 1


class _Generator:
    """One walk through a pattern, writing what it reads."""

    def __init__(self, pattern: str, random: Random, *, shortest: bool) -> None:
        self._pattern = pattern
        self._at = 0
        self._random = random
        self._shortest = shortest

    def text(self) -> str:
        """Return a string; IndexError or ValueError when the pattern cannot be read."""
        if self._pattern.startswith("(?") and self._pattern[2:3] not in (":", "=", "!", "<"):  # embedded options
            self._at = self._pattern.index(")") + 1
        made = self._alternatives()
        if self._at < len(self._pattern):
            raise ValueError("an unbalanced parenthesis")
        return made

    def _alternatives(self) -> str:
        made = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            made.append(self._sequence())
        return made[0] if self._shortest else self._random.choice(made)

    def _sequence(self) -> str:
        made: list[str] = []
        while (character := self._peek()) not in ("", "|", ")"):
            start = self._at
            atom = self._atom(character)
            end = self._at
            least, most = self._quantifier()
            if (least, most) == (1, 1):
                made.append(atom)
                continue
            after, times = self._at, least if self._shortest else self._random.randint(least, most)
            for _ in range(min(times, _MOST)):  # each repetition may choose anew
                self._at = start
                made.append(self._atom(self._pattern[start]))
                if self._at != end:
                    raise ValueError("a repetition that reads otherwise")
            self._at = after
        return "".join(made)

    def _atom(self, character: str) -> str:
        self._at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._random.choice(self._bracket())
        if character == ".":
            return self._random.choice(_ANY)
        if character == "\\":
            return self._escape()
        return "" if character in "^$" else character

    def _group(self) -> str:
        look = ""
        if self._peek() == "?":
            look = self._pattern[self._at + 1]
            self._at += 2
            if look == "<":
                self._at += 1
        made = self._alternatives()
        if self._peek() != ")":
            raise ValueError("a parenthesis that is not closed")
        self._at += 1
        return made if look in ("", ":") else ""

    def _escape(self) -> str:
        character = self._pattern[self._at]
        self._at += 1
        if character in _NOTHING:
            return ""
        if character in _ESCAPES:
            return self._random.choice(_ESCAPES[character])
        if character.isdigit():
            raise ValueError("a back reference")
        return _CONTROLS.get(character, character)

    def _bracket(self) -> str:
        excluded = self._peek() == "^"
        self._at += excluded
        members: list[str] = []
        first = True
        while (character := self._pattern[self._at]) != "]" or first:
            first = False
            members.append(self._member(character))
        self._at += 1
        listed = "".join(members)
        chosen = "".join(c for c in _EVERYTHING if c not in listed) if excluded else listed
        if not chosen:
            raise ValueError("a bracket expression that allows nothing we know")
        return chosen

    def _member(self, character: str) -> str:
        for mark in (":", ".", "="):
            if self._pattern.startswith(f"[{mark}", self._at):
                end = self._pattern.index(f"{mark}]", self._at)
                name = self._pattern[self._at + 2 : end]
                self._at = end + 2
                return _CLASSES.get(name, name) if mark == ":" else name
        self._at += 1
        if character == "\\":
            escaped = self._pattern[self._at]
            self._at += 1
            if escaped in _ESCAPES:
                return _ESCAPES[escaped]
            character = _CONTROLS.get(escaped, escaped)
        if self._peek() == "-" and self._pattern[self._at + 1] != "]":
            last = self._pattern[self._at + 1]
            self._at += 2
            if last == "\\":
                last = self._pattern[self._at]
                self._at += 1
            return "".join(map(chr, range(ord(character), min(ord(last), ord(character) + 200) + 1)))
        return character

    def _quantifier(self) -> tuple[int, int]:
        """Read a quantifier, if there is one, and return how often at least and at most."""
        least = most = 1
        character = self._peek()
        if character in ("*", "+", "?"):
            least = 1 if character == "+" else 0
            most = 1 if character == "?" else least + _MORE
            self._at += 1
        elif character == "{" and self._pattern[self._at + 1].isdigit():
            end = self._pattern.index("}", self._at)
            low, comma, high = self._pattern[self._at + 1 : end].partition(",")
            least = int(low)
            most = int(high) if high else least + _MORE if comma else least
            self._at = end + 1
        else:
            return 1, 1
        if self._peek() == "?":  # not greedy
            self._at += 1
        return least, max(least, most)

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]
