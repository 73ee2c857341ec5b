"""A team's own registry of features (JSON, or YAML), read as features by a mapping of its words.

[[import]]
file = "engine/features.json"
features = "features"      # where the list stands; dots lead inside
name = "key"               # the words of the registry for what a feature is …
owner = "owner"
reads = "reads"            # … and needs: an object of tables with lists of columns,
writes = "writes"
calls = "calls"            # a list of functions,
tables = "tables"          # a list of tables
optional_when = { status = ["planned"] }
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pgproof.contract.contract import Feature, Said
from pgproof.contract.grammar import parse
from pgproof.contract.words import Unreadable
from pgproof.model import Location
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean
from pgproof.project.keys import Key, Keys, Named, text, texts

_TEXTS = ("title", "owner", "tier")
_LISTS = ("files", "routes")
_NEEDS = ("needs", "tables", "calls")
_COLUMNS = ("reads", "writes", "columns")
REGISTRY: Keys = {
    "file": Key("file", text),
    "features": Key("features", text),
    "name": Key("name", text),
    **{word: Key(word, text) for word in (*_TEXTS, *_LISTS, *_NEEDS, *_COLUMNS)},
    "optional_when": Named("optional_when", texts),
}
SHOWN = 20
"""Broken entries that are told; of the others only the number."""


def read_registry(said: Mapping[str, Any], root: Path, place: Location) -> tuple[list[Feature], list[str]]:
    """Return the features of the registry that a section `[[import]]` names, and what is wrong in it.

    Every broken entry is told; the others are read.
    """
    if "file" not in said:
        return [], ["is missing"]
    path = said["file"]
    file = root / path
    if Path(path).is_absolute() or ".." in Path(path).parts or not file.is_file():
        return [], [f"names no file of the project: {path}"]
    try:
        source = file.read_text("utf-8-sig")
        entries = _entries(_load(path, source), said.get("features", ""))
    except (OSError, ValueError, RecursionError) as error:
        return [], [f"cannot be read: {path}: {error}"]
    reader = _Reader(said, path, source)
    features = [feature for number, entry in enumerate(entries) if (feature := reader.feature(number, entry))]
    problems = reader.problems[:SHOWN]
    if hidden := len(reader.problems) - len(problems):
        problems.append(f"has {hidden} more broken entries: {path}")
    return features, problems


def _load(path: str, source: str) -> Any:
    if not path.endswith((".yaml", ".yml")):
        return json.loads(source)
    try:
        import yaml
    except ImportError:
        raise UsageError(
            f"{path} is YAML, and no library for it is installed",
            "pip install 'pgproof[yaml]', or give the registry as JSON.",
        ) from None
    try:
        return yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise ValueError(f"it is not YAML ({error})") from error


def _entries(document: Any, where: str) -> list[tuple[str, Any]]:
    """Return the entries with their names, where the registry is an object of them (`""` in a list)."""
    for step in filter(None, where.split(".")):
        if not isinstance(document, dict) or step not in document:
            hint = did_you_mean(step, document) if isinstance(document, dict) else ""
            raise ValueError(f"there is no {step}{hint} in it")
        document = document[step]
    if isinstance(document, dict):
        return list(document.items())
    if isinstance(document, list):
        return [("", entry) for entry in document]
    raise ValueError(f"{where or 'it'} should be a list or an object of features")


class _Reader:
    """Reads entries by the mapping of their words, and keeps what is wrong."""

    def __init__(self, said: Mapping[str, Any], path: str, source: str) -> None:
        self._said = said
        self._path = path
        self._source = source
        self.problems: list[str] = []

    def feature(self, number: int, named: tuple[str, Any]) -> Feature | None:
        """Return one entry as a feature; `None` when nothing of it can be used."""
        name, entry = named
        at = f"{self._said.get('features', '')}[{json.dumps(name) if name else number}]"
        if not isinstance(entry, dict):
            self._wrong(at, f"should be an object, not {_shown(entry)}")
            return None
        name = name or entry.get(self._said.get("name", "name"), "")
        if not isinstance(name, str) or not name:
            self._wrong(at, f"has no name ({self._said.get('name', 'name')})")
            return None
        place = Location(self._path, self._line(name))
        required = not self._optional(entry)
        needs = []
        for key, sentence in self._sentences(entry, at):
            try:
                needs.append(Said(parse(sentence), place, required))
            except Unreadable as unreadable:
                self._wrong(f"{at}.{key}", f"cannot be read: {sentence}: {unreadable.problem}")
        texts = {word: self._text(entry, word, at) for word in _TEXTS}
        lists = {word: tuple(self._list(entry, word, at)) for word in _LISTS}
        return Feature(name, place, tuple(dict.fromkeys(needs)), **texts, **lists)  # type: ignore[arg-type]

    def _sentences(self, entry: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
        for word in _NEEDS:
            for item in self._list(entry, word, at):
                yield self._said[word], f"function {item}" if word == "calls" and "(" not in item else item
        for word in _COLUMNS:
            key = self._said.get(word)
            tables = entry.get(key, {}) if key else {}
            if not isinstance(tables, dict):
                self._wrong(f"{at}.{key}", f"should be an object of tables, not {_shown(tables)}")
                continue
            for table, columns in tables.items():
                yield str(key), table
                if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
                    self._wrong(f"{at}.{key}.{table}", f"should be a list of columns, not {_shown(columns)}")
                    continue
                yield from ((str(key), f"{table}.{column}") for column in columns)

    def _list(self, entry: Mapping[str, Any], word: str, at: str) -> list[str]:
        key = self._said.get(word)
        value = entry.get(key, []) if key else []
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self._wrong(f"{at}.{key}", f"should be a list of texts, not {_shown(value)}")
            return []
        return value

    def _text(self, entry: Mapping[str, Any], word: str, at: str) -> str:
        key = self._said.get(word)
        value = entry.get(key, "") if key else ""
        if not isinstance(value, str):
            self._wrong(f"{at}.{key}", f"should be a text, not {_shown(value)}")
            return ""
        return value

    def _optional(self, entry: Mapping[str, Any]) -> bool:
        return any(entry.get(key) in values for key, values in self._said.get("optional_when", {}).items())

    def _line(self, name: str) -> int:
        found = self._source.find(json.dumps(name, ensure_ascii=False))
        found = found if found >= 0 else self._source.find(name)
        return self._source.count("\n", 0, found) + 1 if found >= 0 else 0

    def _wrong(self, at: str, problem: str) -> None:
        self.problems.append(f"has a broken entry: {self._path}: {at} {problem}")


def _shown(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)[:60]
