"""Whole relations and types that are one under two names: found by what they consist of.

When a table is renamed, what belongs to it and what mentions it is spelled otherwise too: all that is one difference.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from pgproof.catalog.belonging import parents, roots
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object, Value
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

Objects = Mapping[ObjectName, Object]

RELATIONS = ("table", "foreign table", "view", "materialized view")
TYPES = ("enum", "composite type", "domain", "range type")
ENOUGH = 4
"""So many columns of the same names and types are no accident; fewer need a constraint or an index of the same name."""
ROUNDS = 3
"""A renamed table may bring its sequence along, and a view over both: more levels were never seen."""

_SHAPE = ("type", "not null", "generated", "identity")
_BELONGINGS = ("constraint", "index", "trigger", "policy", "rule")


@dataclass(frozen=True, slots=True)
class Renames:
    """The declared side as the live side spells it.

    `objects` are all declared objects, `pairs` the renamed ones, old name to new, `was` the declared names of those
    that are called otherwise now. `perhaps` are pairs that are alike, with too little to tell that they are one.
    """

    objects: Objects
    pairs: Mapping[ObjectName, ObjectName] = field(default_factory=dict)
    was: Mapping[ObjectName, ObjectName] = field(default_factory=dict)
    perhaps: Mapping[ObjectName, ObjectName] = field(default_factory=dict)


def find_renames(ours: Objects, theirs: Objects) -> Renames:
    """Find the relations and types of `ours` that `theirs` has under other names."""
    pairs: dict[ObjectName, ObjectName] = {}
    was: dict[ObjectName, ObjectName] = {}
    perhaps: dict[ObjectName, ObjectName] = {}
    for _ in range(ROUNDS):
        missing, extra = roots(ours, only_in(ours, theirs)), roots(theirs, only_in(theirs, ours))
        found, alike = _pairs(ours, missing, theirs, extra)
        perhaps |= alike
        if not found:
            break
        pairs |= found
        ours, names = _respelled(ours, theirs, found)
        was = {new: was.get(old, old) for old, new in names.items()} | {
            name: old for name, old in was.items() if name not in names
        }
    return Renames(ours, {was.get(old, old): new for old, new in pairs.items()}, was, perhaps)


def only_in(these: Objects, those: Objects) -> list[ObjectName]:
    """Return the names that only the first has, in its order. Whole sets, because names are slow to hash one by one."""
    alone = set(these).difference(those)
    return [name for name in these if name in alone] if alone else []


def _pairs(
    ours: Objects, missing: Collection[ObjectName], theirs: Objects, extra: Collection[ObjectName]
) -> tuple[dict[ObjectName, ObjectName], dict[ObjectName, ObjectName]]:
    """Return the pairs that are surely one, and those that may be."""
    found: dict[ObjectName, ObjectName] = {}
    perhaps: dict[ObjectName, ObjectName] = {}
    kinds = {name.kind for name in missing} & {name.kind for name in extra}
    if not kinds.intersection((*RELATIONS, *TYPES, "sequence")):
        return found, perhaps
    old, new = _shapes(ours, missing), _shapes(theirs, extra)
    for shape in old.keys() & new.keys():
        if len(old[shape]) == len(new[shape]) == 1:
            (one,), (other,) = old[shape], new[shape]
            is_sure = one.kind not in RELATIONS or _surely(ours, one, theirs, other)
            (found if is_sure else perhaps)[one] = other
    return found, perhaps


def _shapes(objects: Objects, names: Iterable[ObjectName]) -> dict[str, list[ObjectName]]:
    """Group relations and types by schema, kind and what they consist of, without their names."""
    wanted = {name for name in names if name.kind in (*RELATIONS, *TYPES, "sequence")}
    by_parts = {name.parts: name for name in wanted if name.kind in RELATIONS}
    columns: dict[ObjectName, list[Value]] = {name: [] for name in wanted if name.kind in RELATIONS}
    for name, thing in objects.items():
        if name.kind == "column" and (relation := by_parts.get(name.parts[:2])):
            columns[relation].append([name.parts[-1], thing.attributes.get("type")])
    shapes: dict[str, list[ObjectName]] = {}
    for name in sorted(wanted):
        consists: Value = sorted(columns[name], key=str) if name in columns else _own(objects[name])
        if consists:
            shapes.setdefault(json.dumps([name.kind, name.schema, consists], sort_keys=True), []).append(name)
    return shapes


def _own(thing: Object) -> Value:
    """Return what a type or a sequence is besides its name; a sequence that belongs to no column is like any other."""
    if thing.name.kind == "sequence" and not thing.attributes.get("owned by"):
        return None
    left_out = Effect.COSMETIC | Effect.SECURITY | Effect.SOFT
    known = BY_NAME[thing.name.kind].attributes.items()
    return cast(Value, {a: thing.attributes.get(a) for a, effect in known if effect and not effect & left_out})


def _surely(ours: Objects, one: ObjectName, theirs: Objects, other: ObjectName) -> bool:
    if (query := ours[one].attributes.get("definition")) and query == theirs[other].attributes.get("definition"):
        return True
    mine, yours = _below(ours, one), _below(theirs, other)
    if Counter(kind for kind, _ in mine)["column"] >= ENOUGH:
        return True
    return any(kind in _BELONGINGS for kind, _ in mine & yours)


def _below(objects: Objects, relation: ObjectName) -> set[tuple[str, str]]:
    return {(name.kind, name.parts[-1]) for name, thing in objects.items() if relation in parents(thing)}


def _respelled(
    ours: Objects, theirs: Objects, pairs: Mapping[ObjectName, ObjectName]
) -> tuple[Objects, dict[ObjectName, ObjectName]]:
    """Return the objects with the new names, wherever the old ones stand, and all names that changed by that."""
    spelling = _Spelling(pairs)
    objects: dict[ObjectName, Object] = {}
    names: dict[ObjectName, ObjectName] = {}
    for name, thing in ours.items():
        new = pairs.get(name) or spelling.name(thing)
        attributes = spelling.attributes(thing, theirs.get(new))
        objects[new] = thing if new == name and attributes is None else Object(new, attributes or thing.attributes)
        if new != name:
            names[name] = new
    return objects, names


class _Spelling:
    """How texts and names are written after objects were renamed."""

    def __init__(self, pairs: Mapping[ObjectName, ObjectName]) -> None:
        """`pairs` maps old names to new ones."""
        self._pairs = pairs
        self._whole = {qualified(old.parts): qualified(new.parts) for old, new in pairs.items()}
        self._last = {old.parts[-1]: new.parts[-1] for old, new in pairs.items()}
        self._words = {identifier(old): identifier(new) for old, new in self._last.items()}
        references = "|".join(re.escape(text) for text in sorted(self._whole, key=len, reverse=True))
        words = "|".join(re.escape(text) for text in sorted(self._words, key=len, reverse=True))
        self._reference = re.compile(rf'(?<![\w$".])(?:{references})(?![\w$"])')
        self._word = re.compile(rf'(?<![\w$"])(?:{words})(?![\w$"])')

    def name(self, thing: Object) -> ObjectName:
        """Return the new name of what belongs to something renamed, or has it in its arguments."""
        name = thing.name
        for parent in parents(thing) if len(name.parts) > 2 else ():
            if parent in self._pairs and name.parts[:2] == parent.parts:
                name = ObjectName(name.kind, (*self._pairs[parent].parts, *name.parts[2:]))
        own = 0 if name.kind == "cast" else 2
        return ObjectName(name.kind, (*name.parts[:own], *map(self._text, name.parts[own:])))

    def attributes(self, thing: Object, other: Object | None) -> dict[str, Value] | None:
        """Return the attributes in the new spelling, `None` when nothing changes.

        Where the `other` side writes an alias in place of the old name, the two texts are one: its text is taken.
        """
        changed: dict[str, Value] = {}
        belongs = {parent.parts[-1] for parent in parents(thing) if parent in self._pairs}
        for attribute, value in thing.attributes.items():
            if attribute == "table" and isinstance(value, str) and value in belongs:  # an index says where it is
                changed[attribute] = self._last[value]
            elif isinstance(value, (str, list, dict)):
                new = _each(value, self._text)
                theirs = other.attributes.get(attribute) if other else None
                if new != theirs and isinstance(theirs, (str, list, dict)) and self._bare(new) == self._bare(theirs):
                    new = theirs
                if new != value:
                    changed[attribute] = new
        return {**thing.attributes, **changed} if changed else None

    def _text(self, text: str) -> str:
        return self._reference.sub(lambda found: self._whole[found[0]], text)

    def _bare(self, value: Value) -> Value:
        """Return a value in which every old name is the new one, and an alias that repeats it is left out."""

        def bare(text: str) -> str:
            text = self._word.sub(lambda found: self._words[found[0]], text)
            for new in self._words.values():
                text = text.replace(f"{new} {new}", new)
            return text

        return _each(value, bare)


def _each(value: Value, change: Callable[[str], str]) -> Value:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _each(one, change) for key, one in value.items()}
    return value


def columns_alike(
    ours: Objects, missing: Iterable[ObjectName], theirs: Objects, extra: Iterable[ObjectName]
) -> Iterator[tuple[ObjectName, ObjectName]]:
    """Yield the missing and extra columns of one table that are alike in all but the name: perhaps one, renamed."""

    def shapes(objects: Objects, names: Iterable[ObjectName]) -> dict[str, list[ObjectName]]:
        found: dict[str, list[ObjectName]] = {}
        for name in names:
            if name.kind == "column":
                shape = [*name.parts[:-1], *(objects[name].attributes.get(attribute) for attribute in _SHAPE)]
                found.setdefault(json.dumps(shape, sort_keys=True), []).append(name)
        return found

    old, new = shapes(ours, missing), shapes(theirs, extra)
    for shape in sorted(old.keys() & new.keys()):
        if len(old[shape]) == len(new[shape]) == 1:
            yield old[shape][0], new[shape][0]
