"""What the code names and the database does not have: calls of clients that build the query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pgproof.code.match.calls import match_call
from pgproof.code.match.mismatch import Kind, Mismatch, Unsure
from pgproof.code.match.tables import match_table
from pgproof.code.reading import Reading
from pgproof.code.source import Role
from pgproof.code.usage import Call, TableUse, Unread
from pgproof.evidence.elsewhere import Elsewhere
from pgproof.evidence.part import gathers
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.evidence.wording import counted
from pgproof.model import Gap, Method, Proof, Subject

_SITES = ("table", "function")
"""What an Unread is about that stands for a whole call."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A mismatch and the role of the file that it is in."""

    mismatch: Mismatch
    role: Role


@dataclass(frozen=True, slots=True)
class Mismatches:
    """Every place, in the order of the files; `sites` calls were matched, of all in code that is shipped."""

    items: tuple[Misplaced, ...]
    sites: int
    resolved: int
    total: int
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return how many calls were matched."""
        return self.sites

    def of(self, *kinds: Kind) -> list[Misplaced]:
        """Return the mismatches of some kinds."""
        return [one for one in self.items if one.mismatch.kind in kinds]


@gathers(Mismatches, Proof(Method.PARSED, (Subject.FILES,)))
def match_code(usages: Usages, target: Target, elsewhere: Elsewhere) -> Mismatches:
    """Match every call with the database. Nothing is matched when its base is missing."""
    read = [reading for reading in usages.readings if target.owns(reading.path) and not target.absent]
    items: list[Misplaced] = []
    unsure: list[Unsure] = []
    sites = 0
    for reading in read:
        for found in reading.found:
            if not isinstance(found, TableUse | Call):
                continue
            sites += 1
            matched = (
                match_table(target.schema, found) if isinstance(found, TableUse) else match_call(target.schema, found)
            )
            for one in matched:
                if isinstance(one, Mismatch):
                    items.append(Misplaced(one, reading.role))
                elif reading.role in SHIPPED:
                    unsure.append(one)
    shipped = [reading for reading in usages.readings if reading.role in SHIPPED]
    calls = [found for reading in shipped for found in reading.found if isinstance(found, TableUse | Call)]
    lost = [
        found for reading in shipped for found in reading.found if isinstance(found, Unread) and found.what in _SITES
    ]
    resolved = sum(not call.unread for call in calls)
    gaps = (*_unread(shipped), *_unsure(unsure, elsewhere))
    return Mismatches(tuple(items), sites, resolved, len(calls) + len(lost), gaps)


def _unread(readings: list[Reading]) -> Iterator[Gap]:
    """Say for each reason how much of the calls is not known, and where first."""
    reasons: dict[tuple[str, str], list[Unread]] = {}
    for reading in readings:
        for found in reading.found:
            parts = found.unread if isinstance(found, TableUse | Call) else ()
            for one in (found,) if isinstance(found, Unread) else parts:
                if one.what != "query":
                    reasons.setdefault((one.what, one.reason), []).append(one)
    for (what, reason), places in sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Gap(f"{counted(len(places), _NOUNS.get(what, what))} in the code: {reason}", location=places[0].location)


_NOUNS = {
    "table": "table name",
    "function": "function name",
    "select": "select list",
    "filter": "filter",
    "values": "row that is written",
    "arguments": "list of arguments",
    "file": "file",
}


def _unsure(unsure: list[Unsure], elsewhere: Elsewhere) -> Iterator[Gap]:
    """Name what the code uses and what may be there although the catalog does not have it."""
    loose: dict[str, set[str]] = {}
    rest: set[str] = set()
    for one in unsure:
        kind = "function" if one.subject.kind == "function" else "relation"
        place = elsewhere.place(kind, one.subject.parts[1]) if one.subject.kind != "column" else None
        if place:
            loose.setdefault(place.path, set()).add(one.subject.parts[1])
        else:
            rest.add(f"{one.subject.kind} {'.'.join(part for part in one.subject.parts if part)}")
    for path, names in sorted(loose.items()):
        yield Gap(f"what the code does with {_listed(names)}: {path} makes it, which is no migration")
    if rest:
        yield Gap(f"what the code does with {_listed(rest)}: the replay cannot know")


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
