"""What the tool knows of one kind of object; each kind is a file in `kinds/` with a module constant `KIND`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Flag, auto

from pgproof.catalog.object import Object


class Effect(Flag):
    """What a difference in an attribute does, and how it is compared."""

    SECURITY = auto()
    INTEGRITY = auto()
    PERFORMANCE = auto()
    COSMETIC = auto()
    EXPRESSION = auto()
    """Deparsed SQL: two texts that differ are compared at the fixpoint."""
    ROLE = auto()
    """A role's name: compared after owner mapping."""
    ROLES = auto()
    """A mapping from role (`public` for everyone) to sorted privileges: compared role by role after owner mapping."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object.

    Parameters
    ----------
    name
        The kind's word in PostgreSQL's own terms (`materialized view`), also `ObjectName.kind`.
    parent
        The kinds that it belongs to: when the parent is missing, its children are not reported. `ObjectName.parts[:-1]`
        is the parent's parts.
    catalog
        The system catalog whose OIDs `query` returns (`pg_policy`).
    query
        Maps the server's version number to one set-based query, every name qualified, `pg_catalog` only. Its columns:
        `oid`, `subid`, `name` (text[]: the parts), then one column per attribute, named like it. Members of extensions
        are left out by pg_depend with the class matched; system schemas and temporary objects too.
    attributes
        Each attribute with its effect.
    create
        SQL statements that make the object as it is (owner, privileges and comment are made generically).
    """

    name: str
    catalog: str
    query: Callable[[int], str]
    attributes: Mapping[str, Effect]
    create: Callable[[Object], Iterator[str]]
    parent: tuple[str, ...] = ()
