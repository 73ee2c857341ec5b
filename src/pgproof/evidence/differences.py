"""What the live database has otherwise than its migrations make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgproof.catalog.difference import Difference
from pgproof.model import Gap, Location, ObjectName


@dataclass(frozen=True, slots=True)
class Differences:
    """The differences, how many objects were compared, and where the migrations declare each object."""

    items: tuple[Difference, ...]
    compared: int
    migrations: int
    origins: Mapping[ObjectName, Location]
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of objects compared."""
        return self.compared

    def origin(self, name: ObjectName) -> Location | None:
        """Return the place of the statement that made the object what it is: its own, or that of what it belongs to."""
        while name not in self.origins and len(name.parts) > 2:
            name = ObjectName("table", name.parts[:-1])
        return self.origins.get(name)
