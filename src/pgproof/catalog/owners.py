"""Which role of the live database stands for the role that the migrations were replayed as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import ALL
from pgproof.catalog.object import NOT_READABLE, Catalog, Object, Value
from pgproof.catalog.privileges import PUBLIC
from pgproof.model import ObjectName

DATABASE_OWNER = "pg_database_owner"


def corresponding(declared: Catalog, live: Catalog, roles: Iterable[str] = ()) -> dict[str, str]:
    """Return the live role for the declared database's owner, and for further `roles` that only the replay has.

    A replay runs as a role of its own, while on the live side some other role ran the migrations. It is the one that
    owns most of the objects that exist on both sides and belong to the replay's role; without any, live's own owner.
    Other roles keep their names: that migrations gave an object to a role, and live has not, is a difference. But who
    owns a database is a member of `pg_database_owner` (manual, section 22.5): the schema `public` belongs to the one or
    the other, depending on who made it.
    """
    found = {role: _most_frequent_owner(declared, live, role) for role in dict.fromkeys((declared.owner, *roles))}
    if _owner_of_public(live) == live.owner:
        found[DATABASE_OWNER] = live.owner
    return found


def between(one: Catalog, other: Catalog) -> dict[str, str]:
    """Return which role of `other` stands for which of `one`, when both are real databases.

    The database's owner stands for the database's owner where the other server does not know him. Nobody else is
    mapped: what belongs to someone else on the two sides is a difference.
    """
    found = {one.owner: other.owner} if one.owner not in roles(other) else {}
    if _owner_of_public(other) == other.owner:
        found[DATABASE_OWNER] = other.owner
    return found


def _owner_of_public(catalog: Catalog) -> Value:
    public = catalog.objects.get(ObjectName("schema", ("public",)))
    return public.attributes["owner"] if public else None


def _most_frequent_owner(declared: Catalog, live: Catalog, role: str) -> str:
    owners: Counter[str] = Counter()
    for name, thing in declared.objects.items():
        if thing.attributes.get("owner") == role and name in live.objects:
            owner = live.objects[name].attributes.get("owner")
            if isinstance(owner, str):
                owners[owner] += 1
    if not owners:
        return live.owner
    return min(owners, key=lambda owner: (-owners[owner], owner != live.owner, owner))


def roles(catalog: Catalog) -> list[str]:
    """Return every role that the catalog mentions, sorted: owners, grantees and those that policies are for."""
    found = {catalog.owner}
    for thing in catalog.objects.values():
        for attribute in _RENAME[thing.name.kind]:
            if isinstance(value := thing.attributes.get(attribute), str):
                found.add(value)
            elif value and value != NOT_READABLE:
                found.update(cast("Iterable[str]", value))
        if (place := _ROLE_PART[thing.name.kind]) is not None:
            found.add(thing.name.parts[place])
    return sorted(found - {PUBLIC})


def with_live_roles(declared: Catalog, owners: Mapping[str, str]) -> Mapping[ObjectName, Object]:
    """Return the objects with every role named as the live side names it."""
    if all(role == other for role, other in owners.items()):
        return declared.objects
    objects = dict(declared.objects)
    for name, thing in declared.objects.items():
        renamed = {
            attribute: rename(value, owners)
            for attribute, rename in _RENAME[name.kind].items()
            if (value := thing.attributes.get(attribute))
        }
        if (new_name := live_name(name, owners)) != name:
            del objects[name]
        if renamed or new_name != name:
            objects[new_name] = Object(new_name, {**thing.attributes, **renamed})
    return objects


def live_name(name: ObjectName, owners: Mapping[str, str]) -> ObjectName:
    """Return the name with the role in it, if there is one, named as the live side names it."""
    place = _ROLE_PART[name.kind]
    if place is None or name.parts[place] not in owners:
        return name
    return ObjectName(name.kind, (*name.parts[:place], owners[name.parts[place]], *name.parts[place + 1 :]))


def renamed_role(role: Value, owners: Mapping[str, str]) -> Value:
    """Return a role's name, or a list of them, as the live side calls them."""
    if isinstance(role, list):
        return cast(Value, sorted({owners.get(str(one), str(one)) for one in role}))
    return owners.get(role, role) if isinstance(role, str) else role


def renamed_grantees(privileges: Value, owners: Mapping[str, str]) -> Value:
    """Return privileges with the roles named as the live side names them; two roles that become one join theirs."""
    if not isinstance(privileges, dict):
        return privileges
    joined: dict[str, set[str]] = {}
    for role, held in privileges.items():
        joined.setdefault(owners.get(role, role), set()).update(map(str, cast("list[Value]", held)))
    return cast(Value, {role: sorted(held) for role, held in joined.items()})


_RENAME = {
    kind.name: {
        attribute: renamed_grantees if effect & Effect.ROLES else renamed_role
        for attribute, effect in kind.attributes.items()
        if effect & (Effect.ROLE | Effect.ROLES)
    }
    for kind in ALL
}
"""How the roles in each attribute of each kind are renamed; attributes without roles are not there."""

_ROLE_PART = {kind.name: kind.role_part for kind in ALL}
