"""Promises in numbers as TOML: a total, and parts of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pgproof.contract.counting import COUNTABLE
from pgproof.contract.need import Compare, Rows
from pgproof.contract.promise import Number, Promise, Said
from pgproof.contract.words import Sentence, Unreadable
from pgproof.project.keys import Key, Keys, Named, Section, Tables, Unfit, milliseconds, text, texts
from pgproof.project.places import Places
from pgproof.project.sections import Mistake

_NUMBER = re.compile(r"(>=|<=|=)? ?([+-]?)(\d{1,9})(\+?)")


def number(value: Any) -> tuple[Compare, int, bool]:
    """Read a promised number: `59`, `">= 82"`, `"82+"`, or `"+16"` more than before."""
    expected = 'a number such as 59, ">= 82", or "+16" for so many more than in the state before'
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Compare.EXACTLY, value, False
    match = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or (match[1] and match[4]):
        raise Unfit(expected)
    compare = Compare.AT_LEAST if match[4] else Compare(match[1] or "=")
    return compare, int(match[2] + match[3]), bool(match[2])


_PROMISE: Keys = {
    **{word: Key(word, number) for word in COUNTABLE},
    "rows": Named("rows", number),
    "names": Section("names", {word: Key(word, texts) for word in COUNTABLE}),
    "migration": Key("migration", text),
    "in_schemas": Key("in_schemas", texts),
    "before": Key("before", text),
    "time": Key("budget_ms", milliseconds),
}
PROMISES: Keys = {**_PROMISE, "part": Tables("parts", _PROMISE)}


def read_promises(said: Mapping[str, Any], places: Places, wrong: Callable[[Mistake], None]) -> Iterator[Promise]:
    """Yield the total and the parts of a section `[promises]`; `wrong` is told what is wrong in it."""
    total = {key: value for key, value in said.items() if key != "parts"}
    if total:
        yield _promise("", total, places, ("promises",), wrong)
    for name, part in said.get("parts", {}).items():
        yield _promise(name, part, places, ("promises", "part", name), wrong)


def _promise(
    name: str,
    said: Mapping[str, Any],
    places: Places,
    path: tuple[str | int, ...],
    wrong: Callable[[Mistake], None],
) -> Promise:
    rows: list[Said] = []
    for relation, (compare, value, delta) in said.get("rows", {}).items():
        try:
            sentence = Sentence(relation)
            rows.append(Said(Rows(sentence.path(), value, compare), places.at(*path, "rows", relation)))
            sentence.finish()
            problem = "cannot count from a state before: a snapshot has no rows" if delta else ""
        except Unreadable as unreadable:
            problem = f"is no table: {unreadable.problem}"
        if problem:
            section = ".".join((*map(str, path), "rows"))
            wrong(Mistake(section, relation, problem, line=places.of(*path, "rows", relation)))
    return Promise(
        name,
        places.at(*path),
        {
            word: Number(value, places.at(*path, word), compare, delta)
            for word, (compare, value, delta) in ((word, said[word]) for word in COUNTABLE if word in said)
        },
        said.get("names", {}),
        tuple(rows),
        said.get("migration", ""),
        said.get("in_schemas", ()),
        said.get("before", ""),
        said.get("budget_ms"),
    )
