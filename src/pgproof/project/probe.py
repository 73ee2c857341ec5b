"""`[[probe]]`: behaviour that was promised, which nobody could guess: set-up, a call, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pgproof.model import Location
from pgproof.project.keys import Key, Keys, Listed, Unfit, text, texts
from pgproof.project.lines import lines_of
from pgproof.project.sections import Mistake
from pgproof.project.toml import Document

_EXPECTATIONS = ("expect", "rows", "error")


@dataclass(frozen=True, slots=True)
class ProbeEntry:
    """One promise. `expect` is the only value of the answer; or so many `rows`; or an `error`: a SQLSTATE or a message.

    `then` is a query after the call whose answer counts instead of the call's own. `role` and `settings` hold for the
    call and for what comes after it.
    """

    name: str
    call: str
    location: Location
    setup: tuple[str, ...] = ()
    then: str = ""
    role: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    expect: str | float | None = None
    rows: int | None = None
    error: str = ""


def statements(value: Any) -> tuple[str, ...]:
    """Read one text of SQL, or a list of them."""
    try:
        return (text(value),) if isinstance(value, str) else texts(value)
    except Unfit:
        raise Unfit("a string of SQL, or a list of them") from None


def value(value: Any) -> str | float:
    """Read an expected value; booleans are told as PostgreSQL writes them."""
    if isinstance(value, bool):
        return "t" if value else "f"
    if not isinstance(value, str | int | float):
        raise Unfit("a text, a number, true or false")
    return value


def count(value: Any) -> int:
    """Read a number of rows."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Unfit("a number of rows, such as 0 or 1")
    return value


def settings(value: Any) -> Mapping[str, str]:
    """Read settings of the session, each a text."""
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Unfit('settings with their values as texts, such as { "request.jwt.claims" = "{}" }')
    return value


PROBES: Keys = {
    "probe": Listed(
        "probes",
        {
            "name": Key("name", text),
            "setup": Key("setup", statements),
            "call": Key("call", text),
            "then": Key("then", text),
            "role": Key("role", text),
            "settings": Key("settings", settings, secret=True),
            "expect": Key("expect", value),
            "rows": Key("rows", count),
            "error": Key("error", text),
        },
    )
}
"""What `pgproof.toml` may say of behaviour."""


def read_probes(document: Document, tables: list[dict[str, Any]]) -> tuple[tuple[ProbeEntry, ...], list[Mistake]]:
    """Return the entries of a configuration, and the mistakes that no key alone shows."""
    mistakes: list[Mistake] = []
    entries: list[ProbeEntry] = []
    lines = lines_of(document.text) if tables else {}
    prefix = tuple(filter(None, document.prefix.split(".")))
    for number, table in enumerate(tables):
        for key in ("name", "call"):
            if key not in table:
                mistakes.append(Mistake("probe", key, "is missing", number))
        said = [key for key in _EXPECTATIONS if key in table]
        if len(said) != 1:
            problem = (
                "is missing: say expect, rows or error" if not said else f"is said beside {' and '.join(said[1:])}"
            )
            mistakes.append(Mistake("probe", said[0] if said else "expect", problem, number))
        line = lines.get((*prefix, "probe", number), 0)
        if "name" in table and "call" in table:
            entries.append(ProbeEntry(location=Location(document.path, line), **table))
    return tuple(entries), mistakes
