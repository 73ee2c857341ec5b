"""Two catalogs compared object by object, attribute by attribute, without knowing a kind by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from pgproof.catalog.difference import Action, Difference, Unreadable
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import NOT_READABLE, Catalog, Object, Value
from pgproof.catalog.owners import renamed_grantees, renamed_role
from pgproof.model import ObjectName

SINCE = {"MAINTAIN": 17}
"""The major version that brought a privilege to objects that older versions have too (manual, section 5.8)."""


def compare(declared: Catalog, live: Catalog, owners: Mapping[str, str] | None = None) -> list[Difference]:
    """Return what distinguishes `live` from `declared`, sorted.

    `owners` maps roles of the declared side to those of the live side (see `owners.corresponding`). An object whose
    parent is missing or extra as well is counted there and not listed. Two texts that are spelled differently are a
    difference here; `fixpoint.survivors` removes those that mean the same. What a role could not read is not compared
    (see `unreadable`), nor is an attribute that the version of one side does not have.
    """
    ours = _with_live_roles(declared, owners or {})
    theirs = live.objects
    major = min(declared.major, live.major)
    missing = _roots(ours, ours.keys() - theirs.keys())
    extra = _roots(theirs, theirs.keys() - ours.keys())
    found: list[Difference] = []
    for old, new in _renamed(ours, missing, theirs, extra):
        found.append(rename(old, new))
        found += _changes(ours[old], theirs[new], major)
        del missing[old], extra[new]
    found += _alone("missing", missing)
    found += _alone("extra", extra)
    common = ours.keys() & theirs.keys()
    changed = {name: list(_changes(ours[name], theirs[name], major)) for name in common}
    found += (one for name, several in changed.items() for one in several if not _inherited(one, ours[name], changed))
    found += _reordered(ours, theirs, common)
    return sorted(found, key=lambda difference: difference.order)


def unreadable(catalog: Catalog) -> list[Unreadable]:
    """Return the attributes that the role which read the catalog may not see, sorted."""
    return sorted(
        Unreadable(name, attribute)
        for name, thing in catalog.objects.items()
        for attribute, value in thing.attributes.items()
        if value == NOT_READABLE
    )


def parents(thing: Object) -> list[ObjectName]:
    """Return the objects that this one lives and dies with (those that may exist; it has none or several)."""
    kind = BY_NAME[thing.name.kind]
    return [*(ObjectName(parent, thing.name.parts[:-1]) for parent in kind.parent), *kind.belongs(thing)]


def rename(old: ObjectName, new: ObjectName) -> Difference:
    """Return the difference between two objects that are one under two names."""
    return Difference(old, "renamed", "name", old.parts[-1], new.parts[-1], Effect.COSMETIC)


def _with_live_roles(declared: Catalog, owners: Mapping[str, str]) -> Mapping[ObjectName, Object]:
    if all(role == other for role, other in owners.items()):
        return declared.objects
    rename = {Effect.ROLE: renamed_role, Effect.ROLES: renamed_grantees}
    of_kind = {
        name: [
            (a, rename[e & (Effect.ROLE | Effect.ROLES)])
            for a, e in kind.attributes.items()
            if e & (Effect.ROLE | Effect.ROLES)
        ]
        for name, kind in BY_NAME.items()
    }
    objects = dict(declared.objects)
    for name, thing in declared.objects.items():
        renamed = {a: call(thing.attributes[a], owners) for a, call in of_kind[name.kind] if thing.attributes.get(a)}
        if renamed:
            objects[name] = Object(name, {**thing.attributes, **renamed})
    return objects


def _roots(objects: Mapping[ObjectName, Object], absent: Iterable[ObjectName]) -> dict[ObjectName, int]:
    """Return the absent objects that have no absent parent, each with the number of those that have it above them."""
    above: dict[ObjectName, ObjectName | None] = dict.fromkeys(absent)
    for name in above:
        above[name] = next((parent for parent in parents(objects[name]) if parent in above and parent != name), None)
    hidden = Counter(_top(name, above) for name, parent in above.items() if parent)
    return {name: hidden[name] for name, parent in above.items() if parent is None}


def _top(name: ObjectName, above: Mapping[ObjectName, ObjectName | None]) -> ObjectName:
    seen = {name}
    while (parent := above[name]) is not None and parent not in seen:
        seen.add(parent)
        name = parent
    return name


def _alone(action: Action, roots: Mapping[ObjectName, int]) -> Iterator[Difference]:
    for name, hidden in roots.items():
        yield Difference(name, action, effect=BY_NAME[name.kind].existence, hidden=hidden)


def _renamed(
    ours: Mapping[ObjectName, Object],
    missing: Iterable[ObjectName],
    theirs: Mapping[ObjectName, Object],
    extra: Iterable[ObjectName],
) -> list[tuple[ObjectName, ObjectName]]:
    """Pair missing with extra objects that agree in everything but the name (and in what is cosmetic)."""
    spare: dict[str, list[ObjectName]] = {}
    for name in sorted(extra, reverse=True):
        if BY_NAME[name.kind].renames:
            spare.setdefault(definition(theirs[name]), []).append(name)
    pairs = []
    for name in sorted(missing):
        if BY_NAME[name.kind].renames and (candidates := spare.get(definition(ours[name]))):
            pairs.append((name, candidates.pop()))
    return pairs


def definition(thing: Object, without: Effect = Effect.COSMETIC | Effect.SOFT) -> str:
    """Return what the object is besides its own name, leaving out the attributes that have one of these effects."""
    kind = BY_NAME[thing.name.kind]
    compared = {
        attribute: thing.attributes.get(attribute)
        for attribute, effect in kind.attributes.items()
        if _compared(effect) and not effect & without
    }
    return json.dumps([kind.name, thing.name.parts[:-1], compared], sort_keys=True)


def _inherited(difference: Difference, ours: Object, changed: Mapping[ObjectName, list[Difference]]) -> bool:
    """Say whether an object of the same kind that this one comes from (a partitioned table's column) changed alike."""
    return any(
        replace(one, name=difference.name) == difference
        for parent in parents(ours)
        if parent.kind == difference.name.kind
        for one in changed.get(parent, ())
    )


def _compared(effect: Effect) -> bool:
    """Say whether values are compared one by one: not what is derived, nor what only orders siblings."""
    return effect != Effect.DERIVED and not effect & Effect.ORDER


def _changes(ours: Object, theirs: Object, major: int) -> Iterator[Difference]:
    if ours.attributes == theirs.attributes:
        return
    kind = BY_NAME[ours.name.kind]
    owner = _changed_owner(kind, ours, theirs)
    for attribute, effect in kind.attributes.items():
        if not _compared(effect) or attribute not in ours.attributes or attribute not in theirs.attributes:
            continue
        declared, live = ours.attributes[attribute], theirs.attributes[attribute]
        if NOT_READABLE in (declared, live) or (effect & Effect.ROLE and None in (declared, live)):
            continue  # an owned sequence has no owner of its own
        if effect & Effect.ROLES:
            declared, live = _shared(renamed_grantees(declared, owner), major), _shared(live, major)
        for key, one, other in _entries(declared, live):
            if one != other:
                yield Difference(ours.name, "changed", attribute, one, other, effect, key=key)


def _changed_owner(kind: Kind, ours: Object, theirs: Object) -> dict[str, str]:
    """Map the declared owner to another live one: what an owner may do goes with the ownership."""
    pairs = [(ours.attributes.get(a), theirs.attributes.get(a)) for a, e in kind.attributes.items() if e & Effect.ROLE]
    return {old: new for old, new in pairs if isinstance(old, str) and isinstance(new, str) and old != new}


def _shared(privileges: Value, major: int) -> Value:
    """Leave out the privileges that one of the two servers does not have, and the roles that are left with none."""
    if not isinstance(privileges, dict):
        return privileges
    lacking = {privilege for privilege, since in SINCE.items() if major < since}
    known = {
        role: [one for one in cast("list[Value]", held) if str(one).rstrip("*") not in lacking]
        for role, held in privileges.items()
    }
    return cast(Value, {role: held for role, held in known.items() if held})


def _entries(declared: Value, live: Value) -> Iterator[tuple[str, Value, Value]]:
    """Yield two values, or the two values of each key of a mapping; a whole mapping that is not there is one value."""
    mappings = [value for value in (declared, live) if isinstance(value, dict)]
    if len(mappings) == 2 or (mappings and None in (declared, live) and len(mappings[0]) == 1):
        ours, theirs = cast("dict[str, Value]", declared or {}), cast("dict[str, Value]", live or {})
        for key in sorted(ours.keys() | theirs.keys()):
            yield key, ours.get(key), theirs.get(key)
    else:
        yield "", declared, live


def _reordered(
    ours: Mapping[ObjectName, Object], theirs: Mapping[ObjectName, Object], common: Iterable[ObjectName]
) -> Iterator[Difference]:
    """Yield the parents whose common children stand in another order; what only one side has does not count."""
    siblings: dict[tuple[str, str, tuple[str, ...]], list[ObjectName]] = {}
    for name in common:
        for attribute, effect in BY_NAME[name.kind].attributes.items():
            if effect & Effect.ORDER:
                siblings.setdefault((name.kind, attribute, name.parts[:-1]), []).append(name)
    for (kind, attribute, path), names in siblings.items():
        orders = [
            [name.parts[-1] for name in sorted(names, key=lambda name: cast(int, side[name].attributes[attribute]))]
            for side in (ours, theirs)
        ]
        if orders[0] != orders[1]:
            parent = next(p for k in BY_NAME[kind].parent if (p := ObjectName(k, path)) in theirs)
            declared, live = cast("list[Value]", orders[0]), cast("list[Value]", orders[1])
            yield Difference(parent, "changed", f"{kind} order", declared, live, Effect.COSMETIC)
