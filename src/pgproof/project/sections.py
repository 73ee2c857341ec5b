"""Sections of a configuration read by their keys, and every mistake in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pgproof.model.spelling import did_you_mean
from pgproof.project.keys import Entries, Key, Keys, Listed, Named, Section, Tables, Unfit

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: `problem` continues a sentence that begins with the key."""

    section: str
    key: str
    problem: str
    number: int = 0
    """Which of several sections of that name, from 0."""
    line: int = 0
    """The line, when it is known better than by the key."""

    def __str__(self) -> str:
        """Return the key with its section, and the problem, in one line."""
        if not self.key:
            return self.problem
        key = self.key if _BARE.fullmatch(self.key) else json.dumps(self.key, ensure_ascii=False)
        return f"[{self.section}] {key} {self.problem}" if self.section else f"{key} {self.problem}"


def decode(table: Mapping[str, Any], keys: Keys, section: str = "") -> tuple[dict[str, Any], list[Mistake]]:
    """Return the values of `table` by field of Config, and every mistake in it."""
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name, value in table.items():
        expected = keys.get(name)
        below = f"{section}.{name}" if section else name
        wrong: list[Mistake] = []
        if expected is None:
            wrong = [Mistake(section, name, f"is not known{did_you_mean(name, keys)} (known are {', '.join(keys)})")]
        elif isinstance(expected, Key):
            try:
                values[expected.field] = expected.read(value)
            except Unfit as unfit:
                told = "" if expected.secret else f", not {_shown(value)}"
                wrong = [Mistake(section, name, f"should be {unfit.expected}{told}{unfit.hint}")]
        elif isinstance(expected, Listed):
            values[expected.field], wrong = _listed(value, expected, below)
        elif not isinstance(value, dict):
            wrong = [Mistake(section, name, f"should be a section: [{below}]")]
        elif isinstance(expected, Named):
            words = {word: Key(word, expected.read, expected.secret) for word in value}
            values[expected.field], wrong = decode(value, words, below)
        elif isinstance(expected, Entries):
            values[expected.field], wrong = _entries(value, expected, below)
        elif isinstance(expected, Section):
            values[expected.field], wrong = decode(value, expected.keys, below)
        elif isinstance(expected, Tables):
            values[expected.field], wrong = _tables(value, expected, below)
        else:
            inner, wrong = decode(value, expected, below)
            values |= inner
        mistakes += wrong
    return values, mistakes


def _entries(
    words: Mapping[str, Any], expected: Entries, section: str
) -> tuple[dict[str, list[dict[str, Any]]], list[Mistake]]:
    values: dict[str, list[dict[str, Any]]] = {}
    mistakes: list[Mistake] = []
    for word, said in words.items():
        tables = said if isinstance(said, list) and said else [said]
        below = f"{section}.{word}"
        for number, table in enumerate(tables):
            if isinstance(table, str) and table.strip():
                table = {expected.short: table}
            if not isinstance(table, dict):
                problem = f"should be the {expected.short}, or a table [{below}] with it, not {_shown(table)}"
                mistakes.append(Mistake(section, word, problem))
                continue
            read, wrong = decode(table, expected.keys, below)
            if expected.short not in table:
                wrong.append(Mistake(below, expected.short, "is missing"))
            mistakes += [replace(one, number=number) for one in wrong]
            values.setdefault(word, []).append(read)
    return values, mistakes


def _tables(words: Mapping[str, Any], expected: Tables, section: str) -> tuple[dict[str, Any], list[Mistake]]:
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for word, table in words.items():
        below = f"{section}.{written(word)}"
        if not isinstance(table, dict):
            mistakes.append(Mistake(section, word, f"should be a section: [{below}]"))
            continue
        values[word], wrong = decode(table, expected.keys, below)
        mistakes += wrong
    return values, mistakes


def _listed(tables: Any, expected: Listed, section: str) -> tuple[list[dict[str, Any]], list[Mistake]]:
    above, _, name = section.rpartition(".")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return [], [Mistake(above, name, f"should be sections: [[{section}]]")]
    values: list[dict[str, Any]] = []
    mistakes: list[Mistake] = []
    for number, table in enumerate(tables):
        read, wrong = decode(table, expected.keys, section)
        values.append(read)
        mistakes += [replace(one, number=number) for one in wrong]
    return values, mistakes


def written(word: str) -> str:
    """Return a key as TOML writes it in a header."""
    return word if _BARE.fullmatch(word) else json.dumps(word, ensure_ascii=False)


def _shown(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)[:60]
