"""A schema as data: objects with attributes, names instead of OIDs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgproof.model import ObjectName

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
"""A JSON value: what an attribute may hold."""

Address = tuple[str, int, int]
"""(catalog such as `pg_class`, OID, sub-object number): how event triggers and pg_depend name an object."""

NOT_READABLE = {"not readable": True}
"""The value of an attribute that this role may not read; never equal to "absent", never compared."""


@dataclass(frozen=True, slots=True)
class Object:
    """One database object: its name and its attributes by name."""

    name: ObjectName
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All objects of one database.

    `major` is the server's major version; `owner` the database's owner; `database` its name (for messages only, never
    compared). `addresses` maps the address of each object to its name: known only for a catalog that was read from a
    server, never stored in a snapshot file and never compared.
    """

    major: int
    owner: str
    objects: Mapping[ObjectName, Object]
    database: str = ""
    addresses: Mapping[Address, ObjectName] = field(default_factory=dict, compare=False, repr=False)

    def of(self, *kinds: str) -> list[Object]:
        """Return the objects of these kinds, sorted by name."""
        return sorted((o for n, o in self.objects.items() if n.kind in kinds), key=lambda o: o.name)

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.objects)
