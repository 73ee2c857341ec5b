"""Arguments for calls: keys of rows that exist, plain values, and the limits: NULL, a missing row, nothing in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pgproof.probes.calls.routine import Argument, Routine
from pgproof.probes.rows.body_hints import hints_of_body
from pgproof.probes.rows.hints import Hints
from pgproof.probes.rows.table import Table, TableName
from pgproof.probes.rows.values import named
from pgproof.probes.rows.world import World
from pgproof.sql.quote import literal

EXISTING, OTHER, NULL, MISSING, EMPTY = (
    "the key of an existing row",
    "other values",
    "NULL",
    "the key of no row",
    "empty values",
)
_PREFIX = re.compile(r"^(?:_+|(?:p|in|arg|v|param|target|new|old|current)_)|_+$")
_EMPTY = {
    "text": "",
    "character varying": "",
    "jsonb": "{}",
    "json": "{}",
    "integer": "0",
    "bigint": "0",
    "numeric": "0",
}


@dataclass(frozen=True, slots=True)
class Case:
    """The arguments of one call, as SQL expressions; `texts` are the values that were made up, as they stand there."""

    name: str
    values: tuple[str, ...]
    texts: tuple[str, ...]


def cases(world: World, routine: Routine) -> list[Case]:
    """Return the calls to try, each with other arguments than those before it."""
    if not any(not argument.is_out for argument in routine.arguments):
        return [Case("no arguments", tuple("null" for _ in routine.arguments), ())]
    mentioned = tables_mentioned(world, routine.body)
    hints = hints_of_body(routine.body)
    choosers: dict[str, Callable[[Argument], str | None]] = {
        EXISTING: lambda argument: _existing(world, argument, mentioned, hints),
        NULL: lambda _: None,
        MISSING: lambda argument: _missing(world, argument, routine, mentioned, hints),
        EMPTY: lambda argument: _empty(world, argument, hints),
        OTHER: lambda argument: _other(world, argument, hints),
    }
    found: dict[tuple[str, ...], Case] = {}
    for name, choose in choosers.items():
        texts = [None if argument.is_out else choose(argument) for argument in routine.arguments]
        values = tuple(_sql(argument, text) for argument, text in zip(routine.arguments, texts, strict=True))
        found.setdefault(values, Case(name, values, tuple(text for text in texts if text)))
    return list(found.values())


def tables_mentioned(world: World, body: str) -> list[Table]:
    """Return the tables that hold rows and whose names stand in a body, in the order of the text."""
    words = {word: n for n, word in reversed(list(enumerate(re.findall(r"[\w$]+", body))))}
    found = [name for name in world.tables if name[1] in words and world.stored[name]]
    return [world.tables[name] for name in sorted(found, key=lambda name: (words[name[1]], name))]


def _sql(argument: Argument, text: str | None) -> str:
    if argument.is_out:
        return "null"
    return f"null::{argument.type}" if text is None else f"{literal(text)}::{argument.type}"


def _existing(world: World, argument: Argument, mentioned: list[Table], hints: Hints) -> str | None:
    return next(_stored_values(world, argument, mentioned), None) or _candidate(world, argument, hints, 0)


def _stored_values(world: World, argument: Argument, mentioned: list[Table]) -> Iterator[str]:
    """Yield values of stored rows that an argument may be meant for, by its name and type, the likeliest first."""
    stem = _PREFIX.sub("", argument.name.lower())
    places = [(table, stem) for table in mentioned]
    places += [(table, "id") for table in _tables_called(world, stem)]
    if stem in ("id", "uuid", "key", ""):
        places += [(table, "id") for table in mentioned]
    others = [table for table in world.tables.values() if stem in table.columns and table not in mentioned]
    places += [(table, stem) for table in others]
    for table, name in places:
        column = table.columns.get(name)
        if column is not None and named(column.type).base == named(argument.type).base:
            yield from (value for row in world.stored[table.name] if (value := row.get(name)) is not None)


def _tables_called(world: World, stem: str) -> list[Table]:
    """Return the tables whose key `campaign_id` may be: `campaign`, `campaigns`, `outreach_campaigns`."""
    noun = re.sub(r"_?(?:uu)?ids?$", "", stem).rstrip("s")
    if not noun:
        return []

    def rank(name: TableName) -> int:
        singular = name[1].lower().rstrip("s")
        if singular in (noun, noun.rstrip("y") + "ie"):
            return 0
        return 1 if singular.endswith(f"_{noun}") else 2

    return [world.tables[name] for name in sorted(world.tables, key=lambda n: (rank(n), n)) if rank(name) < 2]


def _candidate(world: World, argument: Argument, hints: Hints, number: int) -> str | None:
    wanted = Hints(weak=hints.strong, patterns=hints.patterns, shape=hints.shape)
    accepted = world.judge.canonical({argument.type: world.values.candidates(argument.type, wanted)[:20]})[
        argument.type
    ]
    return accepted[min(number, len(accepted) - 1)] if accepted else None


def _other(world: World, argument: Argument, hints: Hints) -> str | None:
    said = {value: None for value in hints.strong if value}
    wanted = Hints(strong=said, patterns=hints.patterns, shape=hints.shape)
    accepted = world.judge.canonical({argument.type: world.values.candidates(argument.type, wanted)[:20]})[
        argument.type
    ]
    return accepted[0] if accepted else None


def _missing(world: World, argument: Argument, routine: Routine, mentioned: list[Table], hints: Hints) -> str | None:
    """Return a key that no row has for what looks like a key, else what the other calls pass."""
    fresh = world.values.fresh(argument.type, f"nobody {routine.name} {argument.name}")
    is_key = next(_stored_values(world, argument, mentioned), None) is not None
    return fresh if fresh and is_key else _candidate(world, argument, hints, 0)


def _empty(world: World, argument: Argument, hints: Hints) -> str | None:
    if argument.type.endswith("[]"):
        return "{}"
    empty = _EMPTY.get(named(argument.type).short)
    return empty if empty is not None else _candidate(world, argument, hints, 1)
