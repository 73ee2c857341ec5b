"""Two schemas compared, as it is shown: plain words, ready for every report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgproof.model import Gap, Location


class Weight(StrEnum):
    """What a difference does, the worst first."""

    SECURITY = "security"
    INTEGRITY = "integrity"
    PERFORMANCE = "performance"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two sides: how the user named it (without a password), what it is, and how many objects it has."""

    name: str
    what: str
    major: int
    objects: int


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference, or several that are alike in all but the object's name.

    Parameters
    ----------
    kind, name
        The object, named as SQL writes it; of several the first one. Of a renamed one its name on the first side.
    action
        `only in A`, `only in B`, `changed` or `renamed`.
    attribute, key
        What changed, and which entry of it (the role of a privilege).
    before, after
        The values on the two sides, as people write them; `None`: nothing is there.
    weight
        What it does.
    hidden
        How many more objects are on one side only because this one is; of a renamed one, how many more names follow.
    along
        Those objects, each with its kind; of a renamed one the other names that follow.
    others
        The other objects that changed alike.
    note
        What else is known: a possible rename, or why two texts could not be compared by what they mean.
    location
        Where migrations, or a dump, made the object what it is.
    """

    kind: str
    name: str
    action: str
    attribute: str
    key: str
    before: str | None
    after: str | None
    weight: Weight
    hidden: int = 0
    along: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    note: str = ""
    location: Location | None = None

    def __len__(self) -> int:
        """Return how many differences it stands for."""
        return 1 + len(self.others)


@dataclass(frozen=True, slots=True)
class SchemaDiff:
    """What distinguishes two schemas, the worst first; `objects` were compared.

    `ignored` counts the differences that the user asked not to see.
    """

    sides: tuple[Compared, Compared]
    changes: tuple[Changed, ...]
    objects: int
    ignored: int = 0
    gaps: tuple[Gap, ...] = ()

    @property
    def same(self) -> bool:
        """Whether no difference is left."""
        return not self.changes

    @property
    def undecided(self) -> bool:
        """Whether nothing differs, but a side could not be read whole."""
        return self.same and any(gap.blocking for gap in self.gaps)

    def of(self, weight: Weight) -> list[Changed]:
        """Return the differences of one weight."""
        return [change for change in self.changes if change.weight is weight]
