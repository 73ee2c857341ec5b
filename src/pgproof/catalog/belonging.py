"""Which objects live and die with which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Object
from pgproof.model import ObjectName


def parents(thing: Object) -> list[ObjectName]:
    """Return the objects that this one lives and dies with, the closest last; not each of them need exist."""
    kind = BY_NAME[thing.name.kind]
    return [*(ObjectName(parent, thing.name.parts[:-1]) for parent in kind.parent), *kind.belongs(thing)]


def roots(objects: Mapping[ObjectName, Object], absent: Iterable[ObjectName]) -> dict[ObjectName, list[ObjectName]]:
    """Return the absent objects that have no absent parent, each with those that have it above them."""
    above: dict[ObjectName, ObjectName | None] = dict.fromkeys(absent)
    for name in above:
        above[name] = next((parent for parent in parents(objects[name]) if parent in above), None)
    found: dict[ObjectName, list[ObjectName]] = {name: [] for name, parent in above.items() if parent is None}
    for name, parent in above.items():
        if parent is not None:
            found[_top(name, above)].append(name)
    return found


def _top(name: ObjectName, above: Mapping[ObjectName, ObjectName | None]) -> ObjectName:
    while (parent := above[name]) is not None:
        name = parent
    return name
