"""The whole schema that upgrades start from, or that holds what they do, kept in the same repository.

Migrations whose first change is one of a table that none of them makes are upgrades of a schema that stands elsewhere.
Its text tells where it stands among them: it has the tables, columns, types and indexes that the ones before it add,
and none of what the later ones add.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.layouts import layouts
from pgproof.platforms import load, names
from pgproof.sql.include import locate

_ONE = r'(?:"(?:[^"\n]|"")+"|[\w$]+)'
_NAME = rf"(?:only\s+)?(?:if\s+(?:not\s+)?exists\s+)?(?P<name>{_ONE}(?:\s*\.\s*{_ONE})?)"
_INCLUDES = re.compile(r"\\i(?:nclude)?(?P<relative>r|_relative)?\s+'?(?P<target>[^\s';]+)")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_TABLE = re.compile(
    rf"\bcreate\s+(?:(?:unlogged|foreign|temp|temporary|global|local)\s+)*table\s+{_NAME}(?P<rest>[^;]*)", re.I
)
_OTHER = re.compile(rf"\bcreate\s+(?:view|materialized\s+view|type|sequence)\s+{_NAME}", re.I)
_INDEX = re.compile(rf"\bcreate\s+(?:unique\s+)?index(?:\s+concurrently)?\s+{_NAME}", re.I)
_REPLACED = re.compile(rf"\bcreate\s+or\s+replace\s+view\s+{_NAME}", re.I)
_ALTER = re.compile(rf"\balter\s+table\s+{_NAME}(?P<rest>[^;]*)", re.I)
_UPDATED = _NAME.replace("name", "updated")
_CHANGE = re.compile(
    rf"\b(?:insert\s+into|references)\s+{_NAME}|\bupdate\s+{_UPDATED}\s+(?:(?:as\s+)?\w+\s+)?set\b", re.I
)
_DROP = re.compile(rf"\bdrop\s+(?:table|view|materialized\s+view|type|index|sequence)\s+{_NAME}", re.I)
_ADD = re.compile(rf"\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?P<name>{_ONE})", re.I)
_LOSE = re.compile(rf"\b(?:drop\s+(?:column\s+)?(?:if\s+exists\s+)?|rename\s+(?:column\s+)?)(?P<name>{_ONE})", re.I)
_RENAME_COLUMN = re.compile(rf"\brename\s+(?:column\s+)?(?!to\b){_ONE}\s+to\s+(?P<name>{_ONE})", re.I)
_RENAME_TABLE = re.compile(rf"\brename\s+to\s+(?P<name>{_ONE})", re.I)
_WORD = re.compile(r"[\w$]+")
_NO_COLUMN = frozenset({"check", "constraint", "exclude", "foreign", "primary", "unique", "value", "generated", "to"})
_NO_TABLE = frozenset({"set", "of", "on", "cascade", "select", "or"})
_SOME = 1 / 4
"""The share of the tables which the upgrades lack, or which a schema itself does, that may be missing from it."""
_AT_ODDS = 1 / 4
"""The share of what the upgrades add that may contradict the place which the schema has among them."""

Made = tuple[str, str]
"""A table and its column, or something of its own (a table, a type) and `""`; without schemas."""
_OF_AN_INDEX = "index of"
"""Stands for the column of an index: that it is there says something, that it is not may come of a table's end."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text makes, takes away, and needs; and the words with which it defines each table."""

    makes: frozenset[Made]
    loses: frozenset[Made]
    needs: frozenset[str]
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has(self, made: Made) -> bool:
        """Whether it makes this."""
        return made in self.makes or made[1] in self.words.get(made[0], ())


def with_origin(
    root: Path, upgrades: MigrationDirectory, candidates: Iterable[MigrationDirectory]
) -> MigrationDirectory | None:
    """Return what stands for upgrades of a schema that is kept elsewhere; `None` when none of the candidates is it.

    That is the schema itself when it has all that they do, else the upgrades, with it before those that it lacks. What
    is believed for that, and what is not looked at, is said in `assumed` and `unverified`.
    """
    if any(file.code or file.absent for file in upgrades.files) or not _begins_elsewhere(upgrades.files):
        return None
    said = [_said([file.text]) for file in upgrades.files]
    dropped = frozenset().union(*(one.loses for one in said))
    lost = dropped.union(one for each in said for one in each.makes if (one[0], "") in dropped)
    needed = _needed(said, lost)
    found: list[tuple[int, int, MigrationDirectory, int]] = []
    for one in candidates:
        schema = _said(text for file in one.files for text in _texts(root, file))
        own = {name for name, column in schema.makes if not column}
        rest = needed - own
        if rest == needed or len(rest) > max(1, len(needed) * _SOME) or len(_needed([schema])) > len(own) * _SOME:
            continue
        held = _held(said, lost, schema)
        if held is not None and (held or len(rest) <= len(needed) * _SOME):
            found.append((-len(rest), _near(one.path, upgrades.path), one, held))
    if not found:
        return None
    *_, schema_of_all, held = max(found, key=lambda one: (one[0], one[1], len(one[2].files), one[2].path))
    return _composed(upgrades, schema_of_all, held)


def _begins_elsewhere(files: Sequence[MigrationFile]) -> bool:
    """Whether the first migration that changes a table of another one changes a table that none of them makes."""
    said = (_said([file.text]) for file in files)
    others = (one.needs - {name for name, column in one.makes if not column} for one in said)
    unmade = set(next(filter(None, others), ())) - _bookkeeping()
    for text in (file.text for file in files):
        if not unmade:
            break
        lower = text.lower()
        if any(table in lower for table in unmade):
            unmade -= {name for name, column in _said([text]).makes if not column}
    return bool(unmade)


def _needed(said: Sequence[_Said], lost: frozenset[Made] = frozenset()) -> frozenset[str]:
    """Return the tables that texts change and never make, nor take away."""
    made = frozenset().union(*(one.makes for one in said))
    changed = frozenset().union(*(one.needs for one in said))
    return frozenset(table for table in changed - _bookkeeping() if (table, "") not in made | lost)


def _texts(root: Path, file: MigrationFile) -> Iterator[str]:
    """Yield the text of a script, and of those that it includes."""
    waiting, seen = [(file.text, file.on_disk)], {file.on_disk}
    while waiting:
        text, path = waiting.pop()
        yield text
        for command in _INCLUDES.finditer(text) if "\\" in text else ():
            try:
                included = locate(root, path, command["target"], command["relative"] is not None).file
                name = included.relative_to(root).as_posix() if included else path
                if included and name not in seen:
                    seen.add(name)
                    waiting.append((included.read_bytes().decode(errors="replace"), name))
            except (OSError, ValueError):
                continue


def builds_on(one: MigrationDirectory, other: MigrationDirectory) -> bool:
    """Whether the first change of migrations is one of a table that they do not make, and the other directory does."""
    if not _begins_elsewhere(one.files):
        return False
    made = {name for file in other.files for name, column in _said([file.text]).makes if not column}
    return bool(_needed([_said([file.text]) for file in one.files]) & made)


def _composed(upgrades: MigrationDirectory, schema: MigrationDirectory, held: int) -> MigrationDirectory | None:
    """Put the schema in the place of the upgrades that it holds."""
    where = schema.files[0].on_disk if len(schema.files) == 1 else schema.path
    if held == len(upgrades):
        beside = f"the {held} upgrades of {upgrades.path}: {where} already holds what they do, and is looked at instead"
        return replace(schema, unverified=beside)
    if held and upgrades.layout != "numbered":  # a tool that knows its files has run them, or has not
        return None
    last = f", and holds what {upgrades.files[held - 1].path} and those before it do" if held else ""
    standing = tuple(
        replace(file, standing=True, transactional=False, version=file.path, source="") for file in schema.files
    )
    within = tuple(replace(file, text="") for file in upgrades.files[:held])
    return replace(
        upgrades,
        files=(*standing, *within, *upgrades.files[held:]),
        assumed=f"{where} was there before the migrations of {upgrades.path}{last}",
    )


def _held(upgrades: Sequence[_Said], lost: frozenset[Made], schema: _Said) -> int | None:
    """Return how many of the upgrades the schema holds; `None` when it stands nowhere among them."""
    marks = [
        [there for one in said.makes - lost if (there := schema.has(one)) or one[1] != _OF_AN_INDEX]
        for said in upgrades
    ]
    having, total = list(map(sum, marks)), list(map(len, marks))
    if not sum(total):
        return 0
    odds = [sum(total[:at]) - sum(having[:at]) + sum(having[at:]) for at in range(len(marks) + 1)]
    least = min(odds)
    if least > sum(total) * _AT_ODDS:
        return None
    at = odds.index(least)
    return at if sum(total[at:]) > sum(having[at:]) else len(upgrades)


def _near(path: str, other: str) -> int:
    """Return how many folders two paths share."""
    shared = 0
    for one, two in zip(path.split("/"), other.split("/"), strict=False):
        if one != two:
            break
        shared += 1
    return shared


def _said(texts: Iterable[str]) -> _Said:
    makes: set[Made] = set()
    loses: set[Made] = set()
    needs: set[str] = set()
    words: dict[str, frozenset[str]] = {}
    for text in (_COMMENT.sub(" ", text) for text in texts):
        for found in _TABLE.finditer(text):
            table = _bare(found["name"])
            makes.add((table, ""))
            words[table] = words.get(table, frozenset()).union(_WORD.findall(found["rest"].lower()))
        makes.update((_bare(found["name"]), "") for pattern in (_OTHER, _REPLACED) for found in pattern.finditer(text))
        makes.update((_bare(found["name"]), _OF_AN_INDEX) for found in _INDEX.finditer(text))
        loses.update((_bare(found["name"]), "") for found in _DROP.finditer(text))
        for found in _ALTER.finditer(text):
            table, rest = _bare(found["name"]), found["rest"]
            needs.update(_of_the_project(found["name"]))
            makes.update((table, name) for name in _columns(_ADD, rest))
            makes.update((table, name) for name in _columns(_RENAME_COLUMN, rest))
            loses.update((table, name) for name in _columns(_LOSE, rest))
            for renamed in _RENAME_TABLE.finditer(rest):
                makes.add((_bare(renamed["name"]), ""))
                loses.add((table, ""))
        for found in _CHANGE.finditer(text):
            needs.update(_of_the_project(found["name"] or found["updated"]))
    return _Said(frozenset(makes), frozenset(loses), frozenset(needs), words)


def _columns(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (name for found in pattern.finditer(text) if (name := _bare(found["name"])) not in _NO_COLUMN)


def _of_the_project(name: str) -> Iterator[str]:
    """Yield the name of a table, unless it is the system's or a platform's."""
    schema, bare = name.rpartition(".")[0].strip().strip('"').lower(), _bare(name)
    if schema not in _foreign() and bare not in _NO_TABLE and not bare.startswith("pg_"):
        yield bare


def _bare(name: str) -> str:
    return name.rpartition(".")[2].strip().strip('"').lower()


@cache
def _foreign() -> frozenset[str]:
    """Return the schemas of the system and of all platforms."""
    return frozenset({"pg_catalog", "information_schema"}).union(*(load(name).schemas for name in names()))


@cache
def _bookkeeping() -> frozenset[str]:
    """Return the tables in which the tools record what they did."""
    return frozenset(table for one in layouts().values() if one.history for _, table in one.history.tables)
