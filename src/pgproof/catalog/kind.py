"""What the tool knows of one kind of object; each kind is a file in `kinds/` with a module constant `KIND`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto

from pgproof.catalog import names
from pgproof.catalog.object import Object
from pgproof.model import ObjectName


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
    ORDER = auto()
    """A number that orders the object among its siblings: only the relative order of common siblings is compared."""
    SOFT = auto()
    """Decided by the server or the platform more often than by migrations (an extension's version): never an error."""
    DERIVED = 0
    """Never compared, because it follows from other attributes or from the parent: it is there for who reads it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a server parses a deparsed text again, inside a transaction that is rolled back.

    `statements` make something temporary of the text; `read` is a query for one text: what the server made of it.
    """

    statements: tuple[str, ...]
    read: str


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
        SQL statements that make the object as it is (owner, privileges and comment are made generically). Takes the
        object, then its children of the kinds in `made_with`, in their order.
    made_with
        Kinds of children that `create` makes too, because the object cannot be made without them (a partitioned table
        needs its columns). A child's own `create` adds it to a parent that is there already.
    belongs
        Further objects that it lives and dies with, read from its attributes: an index's table, a sequence's column.
    follows
        What of this one object follows from its parent and is never compared, though it is compared for others of its
        kind (the type of a view's column); the empty text stands for its existence.
    goes_with
        Attributes that come and go with another one (an identity's options with the identity): when both are there on
        one side only, the other one tells.
    existence
        What it does when the object is missing or extra.
    renames
        Whether a missing and an extra object that belong to the same and agree in all attributes are one, renamed.
    trial
        From an object, the name of one of its EXPRESSION attributes and a text (the attribute, or a text inside of it):
        how a server parses that text again; `None` when nothing can (a body that is kept as text).
    word
        What SQL calls it in ALTER and COMMENT ON (`type` for an enum); the kind's name if empty.
    grant
        What SQL calls it in GRANT (`table` for a view); empty when it has no privileges.
    address
        How ALTER and COMMENT ON write its name.
    role_part
        Which part of the name is a role, renamed with owner mapping as attributes are; `None` when none is.
    last
        Whether it may act when others are made (an event trigger fires), so that it is made after all of them.
    """

    name: str
    catalog: str
    query: Callable[[int], str]
    attributes: Mapping[str, Effect]
    create: Callable[..., Iterator[str]]
    parent: tuple[str, ...] = ()
    made_with: tuple[str, ...] = ()
    belongs: Callable[[Object], Iterable[ObjectName]] = lambda _: ()
    follows: Callable[[Object], Collection[str]] = lambda _: ()
    goes_with: Mapping[str, str] = field(default_factory=dict)
    existence: Effect = Effect.INTEGRITY
    renames: bool = False
    trial: Callable[[Object, str, str], Trial | None] = lambda *_: None
    word: str = ""
    grant: str = ""
    address: Callable[[ObjectName], str] = names.address
    role_part: int | None = None
    last: bool = False
