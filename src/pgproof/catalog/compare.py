"""Two catalogs compared object by object, attribute by attribute, without knowing a kind by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from pgproof.catalog.belonging import parents, roots
from pgproof.catalog.difference import Action, Difference, Unreadable
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import ALL, BY_NAME
from pgproof.catalog.object import NOT_READABLE, Catalog, Object, Value
from pgproof.catalog.owners import renamed_grantees, with_live_roles
from pgproof.catalog.privileges import PUBLIC
from pgproof.catalog.renames import columns_alike, find_renames, only_in
from pgproof.model import ObjectName

SINCE = {"MAINTAIN": 17}
"""The major version that brought a privilege to objects that older versions have too (manual, section 5.8)."""

CLOSED_SINCE = 15
"""The major version since which not everybody may create objects in the schema `public` of a new database."""

ORDERED = {kind.name: a for kind in ALL for a, effect in kind.attributes.items() if effect & Effect.ORDER}
"""The attribute that orders the objects of a kind among their siblings."""

OWNER = {kind.name: a for kind in ALL for a, effect in kind.attributes.items() if effect & Effect.ROLE}
"""The attribute that says whose an object of a kind is."""

COMPARED = {
    kind.name: {a: e for a, e in kind.attributes.items() if e != Effect.DERIVED and not e & Effect.ORDER}
    for kind in ALL
}
"""The attributes of each kind that are compared one by one."""

Objects = Mapping[ObjectName, Object]


def compare(declared: Catalog, live: Catalog, owners: Mapping[str, str] | None = None) -> list[Difference]:
    """Return what distinguishes `live` from `declared`, sorted.

    `owners` maps roles of the declared side to those of the live side (see `owners.corresponding`). An object whose
    parent is missing or extra as well is counted there and not listed. Two texts that are spelled differently are a
    difference here; `fixpoint.survivors` removes those that mean the same. What a role could not read is not compared
    (see `unreadable`), nor is an attribute that the version of one side does not have.
    """
    ours, theirs = with_live_roles(declared, owners or {}), live.objects
    major = min(declared.major, live.major)
    if (declared.major < CLOSED_SINCE) != (live.major < CLOSED_SINCE):
        ours, theirs = _closed(ours), _closed(theirs)
    renames = find_renames(ours, theirs)
    ours = renames.objects
    missing, extra = roots(ours, only_in(ours, theirs)), roots(theirs, only_in(theirs, ours))
    found = [rename(old, new) for old, new in renames.pairs.items()]
    for old, new in _renamed(ours, missing, theirs, extra):
        found += [rename(old, new)] * (not _named_by_the_server(ours[old]))
        found += _changes(ours[old], theirs[new], major, _changed_owner(ours[old], theirs[new], ours, theirs))
        del missing[old], extra[new]
    perhaps = {**renames.perhaps, **dict(columns_alike(ours, missing, theirs, extra))}
    found += _alone("missing", missing, ours, perhaps)
    found += _alone("extra", extra, theirs, {new: old for old, new in perhaps.items()})
    differing = _differing(ours, theirs)
    found += _changed(differing, ours, theirs, major)
    found += _reordered(differing, ours, theirs)
    found = [_as_declared(one, renames.was) for one in found] if renames.was else found
    return sorted(found, key=lambda difference: difference.order)


def _differing(ours: Objects, theirs: Objects) -> list[ObjectName]:
    """Return the names of both whose attributes differ; one object on both sides (`kept.Kept`) is not looked at."""
    shared = set(map(id, theirs.values()))
    return [
        name
        for name, one in ours.items()
        if id(one) not in shared and (other := theirs.get(name)) and one.attributes != other.attributes
    ]


def unreadable(catalog: Catalog) -> list[Unreadable]:
    """Return the attributes that the role which read the catalog may not see, sorted."""
    several = {id(thing.attributes): thing.attributes for thing in catalog.objects.values()}  # many objects share them
    hiding = {place for place, attributes in several.items() if NOT_READABLE in attributes.values()}
    return sorted(
        Unreadable(thing.name, attribute)
        for thing in (catalog.objects.values() if hiding else ())
        if id(thing.attributes) in hiding
        for attribute, value in thing.attributes.items()
        if value == NOT_READABLE
    )


def rename(old: ObjectName, new: ObjectName) -> Difference:
    """Return the difference between two objects that are one under two names."""
    kind = BY_NAME[old.kind]
    effect = Effect.COSMETIC if kind.renames else kind.existence  # who names it fails
    return Difference(old, "renamed", "name", old.parts[-1], new.parts[-1], effect)


def definition(thing: Object, without: Effect = Effect.COSMETIC | Effect.SOFT) -> str:
    """Return what the object is besides its own name, leaving out the attributes that have one of these effects."""
    compared = COMPARED[thing.name.kind].items()
    kept = {attribute: thing.attributes.get(attribute) for attribute, effect in compared if not effect & without}
    return json.dumps([thing.name.kind, thing.name.parts[:-1], kept], sort_keys=True)


def _alone(
    action: Action,
    alone: Mapping[ObjectName, list[ObjectName]],
    objects: Objects,
    perhaps: Mapping[ObjectName, ObjectName],
) -> Iterator[Difference]:
    for name, along in alone.items():
        kind = BY_NAME[name.kind]
        if "" not in kind.follows(objects[name]):
            yield Difference(
                name,
                action,
                effect=kind.existence,
                hidden=len(along),
                perhaps=perhaps.get(name),
                along=tuple(sorted(along)),
            )


def _as_declared(difference: Difference, was: Mapping[ObjectName, ObjectName]) -> Difference:
    """Return a difference in something that belongs to what was renamed, under its declared name."""
    if difference.action == "extra" or difference.name not in was:
        return difference
    other = difference.name if difference.action == "changed" else None
    return replace(difference, name=was[difference.name], other=other)


def _renamed(
    ours: Objects, missing: Iterable[ObjectName], theirs: Objects, extra: Iterable[ObjectName]
) -> list[tuple[ObjectName, ObjectName]]:
    """Pair missing with extra objects that agree in everything but the name (and in what is cosmetic)."""
    spare: dict[str, list[ObjectName]] = {}
    for name in sorted(extra, reverse=True):
        if BY_NAME[name.kind].renames:
            spare.setdefault(definition(theirs[name]), []).append(name)
    pairs = []
    for name in sorted(missing) if spare else ():
        if BY_NAME[name.kind].renames and (candidates := spare.get(definition(ours[name]))):
            pairs.append((name, candidates.pop()))
    return pairs


def _named_by_the_server(thing: Object) -> bool:
    """Whether it came with a partitioned table's foreign key: a dump leaves it out, and its restore may rename it."""
    return thing.attributes.get("type") == "foreign key" and bool(thing.attributes.get("partition of"))


def _changed(differing: Iterable[ObjectName], ours: Objects, theirs: Objects, major: int) -> Iterator[Difference]:
    changed = {}
    for name in differing:
        one, other = ours[name], theirs[name]
        changed[name] = list(_changes(one, other, major, _changed_owner(one, other, ours, theirs)))
    for name, several in changed.items():
        yield from (one for one in several if not _inherited(one, ours[name], changed))


def _inherited(difference: Difference, ours: Object, changed: Mapping[ObjectName, list[Difference]]) -> bool:
    """Say whether an object of the same kind that this one comes from (a partitioned table's column) changed alike."""
    return any(
        replace(one, name=difference.name) == difference
        for parent in parents(ours)
        if parent.kind == difference.name.kind
        for one in changed.get(parent, ())
    )


def _changes(ours: Object, theirs: Object, major: int, owner: Mapping[str, str]) -> Iterator[Difference]:
    compared = COMPARED[ours.name.kind]
    follows = BY_NAME[ours.name.kind].follows(ours)
    for attribute, effect in compared.items():
        if attribute not in ours.attributes or attribute not in theirs.attributes or attribute in follows:
            continue
        declared, live = ours.attributes[attribute], theirs.attributes[attribute]
        if declared == live or _comes_with_another(attribute, ours, theirs):
            continue
        if NOT_READABLE in (declared, live) or (effect & Effect.ROLE and None in (declared, live)):
            continue  # an owned sequence has no owner of its own
        if effect & Effect.ROLES:
            declared, live = _shared(renamed_grantees(declared, owner), major), _shared(live, major)
        for key, one, other in _entries(declared, live):
            if one != other:
                yield Difference(ours.name, "changed", attribute, one, other, effect, key=key)


def _comes_with_another(attribute: str, ours: Object, theirs: Object) -> bool:
    """Whether it is there on one side only, together with the attribute that says so."""
    other = BY_NAME[ours.name.kind].goes_with.get(attribute)
    return (
        other is not None
        and any(one.attributes.get(attribute) is None and one.attributes.get(other) is None for one in (ours, theirs))
        and ours.attributes.get(other) != theirs.attributes.get(other)
    )


def _closed(objects: Objects) -> Objects:
    """Return the objects without everybody's right to create in the schema `public`: the server gave it, or did not."""
    name = ObjectName("schema", ("public",))
    schema = objects.get(name)
    privileges = schema.attributes.get("privileges") if schema else None
    if schema is None or not isinstance(privileges, dict) or not isinstance(held := privileges.get(PUBLIC), list):
        return objects
    closed = {**privileges, PUBLIC: [privilege for privilege in held if privilege != "CREATE"]}
    return {**objects, name: replace(schema, attributes={**schema.attributes, "privileges": closed})}


def _changed_owner(one: Object, other: Object, ours: Objects, theirs: Objects) -> dict[str, str]:
    """Map the declared owner to another live one: what an owner may do goes with the ownership."""
    old, new = _owner(one, ours), _owner(other, theirs)
    return {old: new} if old and new and old != new else {}


def _owner(thing: Object, objects: Objects) -> str:
    """Return who owns an object; a sequence that a column owns belongs to the table's owner."""
    attribute = OWNER.get(thing.name.kind)
    if attribute is None:
        return ""
    if isinstance(owner := thing.attributes.get(attribute), str):
        return owner
    closest = objects.get(parents(thing)[-1]) if parents(thing) else None
    return _owner(closest, objects) if closest else ""


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


def _inherits(table: Object) -> bool:
    return bool(table.attributes.get("inherits")) and not table.attributes.get("partition bound")


def _reordered(differing: Iterable[ObjectName], ours: Objects, theirs: Objects) -> Iterator[Difference]:
    """Yield the parents whose common children stand in another order; what only one side has does not count.

    A table that inherits has the columns of its parents first when it is made anew, as from a dump (manual, section
    5.11): its order says nothing. A partition keeps its own.
    """
    moved: dict[tuple[str, tuple[str, ...]], list[ObjectName]] = {
        (name.kind, name.parts[:-1]): []
        for name in differing
        if name.kind in ORDERED and ORDERED[name.kind] not in BY_NAME[name.kind].follows(ours[name])
    }
    for name in ours if moved else ():
        if (name.kind, name.parts[:-1]) in moved and name in theirs:
            moved[name.kind, name.parts[:-1]].append(name)
    for (kind, path), names in moved.items():
        before, after = (
            [name.parts[-1] for name in sorted(names, key=lambda name: cast(int, side[name].attributes[ORDERED[kind]]))]
            for side in (ours, theirs)
        )
        parent = next(p for one in BY_NAME[kind].parent if (p := ObjectName(one, path)) in theirs)
        if before != after and not _inherits(theirs[parent]):
            orders = (cast(Value, before), cast(Value, after))
            yield Difference(parent, "changed", f"{kind} order", *orders, Effect.COSMETIC)
