"""Which columns a trigger may set before a row is stored."""

from __future__ import annotations

import re

from pgproof.catalog.object import Object

ANY = frozenset({"*"})
"""A trigger that may set any column."""

_NEW_COLUMN = re.compile(r'\bnew\s*\.\s*(?:"((?:[^"]|"")+)"|(\w+))', re.I)
_WHOLE_ROW = re.compile(r"\bnew\s*:?=|\binto\s+(?:strict\s+)?new\b(?!\s*\.)|\breturn\s+(?!new\b|old\b|null\b)\S", re.I)
_ARGUMENT = re.compile(r"'((?:[^']|'')*)'")
_TIMED = "moddatetime"
"""A function of the extension of that name, which sets the column that its argument names."""


def events(trigger: Object) -> frozenset[str]:
    """Return of `INSERT` and `UPDATE` those before which, or instead of which, the trigger fires."""
    timing = str(trigger.attributes["definition"]).upper().partition(" ON ")[0]
    if timing.startswith("AFTER") or trigger.attributes["state"] == "disabled":
        return frozenset()
    return frozenset(event for event in ("INSERT", "UPDATE") if event in timing)


def columns_set(trigger: Object, function: Object | None) -> frozenset[str]:
    """Return the columns of NEW that a trigger's function names at all, `ANY` when it may set others too."""
    if str(trigger.attributes["function"]).rpartition(".")[2] == _TIMED:
        return frozenset(_ARGUMENT.findall(str(trigger.attributes["definition"])))
    if function is None or function.attributes["language"] != "plpgsql":
        return ANY
    body = str(function.attributes["body"])
    if _WHOLE_ROW.search(body):
        return ANY
    return frozenset(quoted.replace('""', '"') or plain.lower() for quoted, plain in _NEW_COLUMN.findall(body))
