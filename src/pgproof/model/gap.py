"""What could not be verified."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgproof.model.location import Location


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not verified, and why.

    `blocking` means that evidence which was offered could not be used (the verdict becomes UNDECIDED); otherwise it is
    a matter of coverage. `way_out` says what the user can do. `database` is the one of several that it is about.
    """

    reason: str
    blocking: bool = False
    location: Location | None = None
    way_out: str = ""
    database: str = field(default="", metadata={"added": True})
