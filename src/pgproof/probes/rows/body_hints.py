"""What the body of a function compares its arguments with, by a look at its text.

A validation function that a CHECK calls, or a trigger that rejects, says in its body which values it wants. The text is
not parsed: a hint that means nothing costs one candidate that the server refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Catalog
from pgproof.probes.rows.hints import LIKE, MOST_LENGTH, REGULAR, SQL_NAMES, Hints

_STRING = r"E?'((?:[^']|'')*)'"
_PATTERN = re.compile(rf"(!?~~?\*?|\b(?:not\s+)?(?:i?like|similar\s+to))\s*{_STRING}", re.IGNORECASE)
_KEY = re.compile(rf"(?:->>?|\?)\s*{_STRING}")
_TYPED = re.compile(
    rf"jsonb?_typeof\s*\([^()]*?->\s*{_STRING}\s*\)\s*(?:=|<>|!=|is\s+distinct\s+from)\s*{_STRING}", re.IGNORECASE
)
_WHOLE = re.compile(rf"jsonb?_typeof\s*\(\s*\w+\s*\)\s*(?:=|<>|!=|is\s+distinct\s+from)\s*{_STRING}", re.IGNORECASE)
_LENGTH = re.compile(
    r"length\s*\([^()]*(?:\([^()]*\))?[^()]*\)\s*(?:[<>=!]+|not\s+between|between)\s*(\d+)(?:\s+and\s+(\d+))?", re.I
)
_CAST = re.compile(r"::\s*(\w+)|\bcast\s*\([^()]*?\bas\s+(\w+)", re.IGNORECASE)
_ANY_STRING = re.compile(_STRING)
_NUMBER = re.compile(r"(?<![\w.$'])-?\d{1,12}(?:\.\d{1,6})?(?![\w'])")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_RAISE = re.compile(r"\braise\s+(?:exception|notice|warning|info|log|debug)\b[^;]*;", re.IGNORECASE)
_LONGEST = 80
_NEW = re.compile(r"\bnew\s*\.\s*(\"(?:[^\"]|\"\")+\"|\w+)", re.IGNORECASE)


def hints_of_body(body: str) -> Hints:
    """Return the constants, lengths, patterns and keys of documents that a body mentions."""
    text = _RAISE.sub(";", _COMMENT.sub(" ", body))
    hints = Hints()
    for operator, pattern in _PATTERN.findall(text):
        kind = REGULAR if "~" in operator and "~~" not in operator else LIKE
        hints.patterns[kind, _unquoted(pattern)] = None
    for key, kind in _TYPED.findall(text):
        hints.shape.at((_unquoted(key),)).types[kind] = None
    for key in _KEY.findall(text):
        hints.shape.at((_unquoted(key),))
    hints.shape.types |= dict.fromkeys(_WHOLE.findall(text))
    for low, high in _LENGTH.findall(text):
        for number in (int(n) for n in (low, high) if n):
            hints.lengths |= dict.fromkeys(n for n in (number, number + 1, max(number - 1, 0)) if n <= MOST_LENGTH)
    for names in _CAST.findall(text):
        name = (names[0] or names[1]).lower()
        hints.casts[SQL_NAMES.get(name, name)] = None
    said = (_unquoted(one) for one in _ANY_STRING.findall(text))
    hints.strong |= dict.fromkeys(one for one in said if len(one) <= _LONGEST)
    hints.strong |= dict.fromkeys(_NUMBER.findall(_ANY_STRING.sub(" ", text)))
    return hints


def hints_of_bodies(catalog: Catalog) -> dict[tuple[str, str], Hints]:
    """Return the hints of every function that is not a trigger's, by schema and name."""
    found: dict[tuple[str, str], Hints] = {}
    for thing in catalog.of("function"):
        if thing.attributes["result"] != "trigger" and thing.attributes["language"] in ("sql", "plpgsql"):
            body = str(thing.attributes["body"] or "")
            hints = found.setdefault((thing.name.parts[0], thing.name.parts[1]), Hints())
            hints.add(hints_of_body(body))
            hints.casts[str(thing.attributes["result"])] = None  # a conversion takes what its result can be
    return found


def columns_of_trigger(body: str) -> Iterator[str]:
    """Yield the columns that a trigger function's body names as `NEW.…`."""
    for name in dict.fromkeys(_NEW.findall(_COMMENT.sub(" ", body))):
        yield name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def trigger_hints(catalog: Catalog) -> dict[tuple[str, str], dict[str, Hints]]:
    """Return, by table, what its triggers' functions may want of its columns."""
    bodies = {
        thing.name.parts[:2]: str(thing.attributes["body"] or "")
        for thing in catalog.of("function")
        if thing.attributes["result"] == "trigger"
    }
    found: dict[tuple[str, str], dict[str, Hints]] = {}
    for trigger in catalog.of("trigger"):
        body = bodies.get(parts_of(str(trigger.attributes["function"])), "")
        of = found.setdefault(cast("tuple[str, str]", trigger.name.parts[:2]), {})
        hints = hints_of_body(body)
        for name in columns_of_trigger(body):
            of.setdefault(name, Hints()).add(Hints(weak=hints.strong, patterns=hints.patterns, casts=hints.casts))
    return found


def _unquoted(text: str) -> str:
    return text.replace("''", "'")
