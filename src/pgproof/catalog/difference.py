"""What distinguishes two catalogs, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgproof.catalog.kind import Effect
from pgproof.catalog.object import Value
from pgproof.model import ObjectName

Action = Literal["missing", "extra", "changed", "renamed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a declared and a live catalog.

    Parameters
    ----------
    name
        The object; of a renamed one its declared name.
    action
        `missing`: declared and not live; `extra`: live and not declared; `changed`: an attribute differs; `renamed`: an
        object of the same definition has another name.
    attribute
        What changed: an attribute of the kind, `name` of a renamed object, `column order` of a table; else empty.
    key
        The entry of the attribute that differs, when the attribute is a mapping: the role of `privileges`, the name of
        a domain's check, a setting.
    declared, live
        The two values, as the two servers spelled them; roles of the declared side are named as the live side names
        them. `None` is "not there".
    effect
        What it does: that of the attribute, or that of the object's existence.
    hidden
        How many more objects are missing (or extra) only because this one is.
    perhaps
        The object on the other side that this one may be under another name: alike, but not known to be one.
    other
        The name on the live side, of what belongs to something that was renamed.
    along
        The objects that `hidden` counts.
    reason
        Why two texts could not be compared by what they mean, when they could not.
    """

    name: ObjectName
    action: Action
    attribute: str = ""
    declared: Value = None
    live: Value = None
    effect: Effect = Effect.INTEGRITY
    hidden: int = 0
    key: str = ""
    reason: str = ""
    perhaps: ObjectName | None = None
    other: ObjectName | None = None
    along: tuple[ObjectName, ...] = ()

    @property
    def order(self) -> tuple[ObjectName, str, str, str]:
        """Where the difference stands in a sorted list."""
        return (self.name, self.action, self.attribute, self.key)


@dataclass(frozen=True, slots=True, order=True)
class Unreadable:
    """An attribute that the role which read the catalog may not see."""

    name: ObjectName
    attribute: str
