"""Which database the files of a repository talk to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pgproof.code.queries.examine import Tried
from pgproof.code.queries.makers import of_table
from pgproof.code.queries.surroundings import Surroundings, is_meant, is_part
from pgproof.code.queries.verdict import Kind
from pgproof.code.reading import Reading
from pgproof.code.usage import Query

_NAMED = re.compile(r"""\b(?:from|join|into|update|only)\s+(?:"?\w+"?\s*\.\s*)?"?(\w+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which database each file and folder talks to: how many statements name tables of the migrations, how many not.

    A repository may work with several databases. `mixed` are the packages of which that is likely, `other` the folders
    of whose tables the migrations make the lesser part: they are not the whole schema, or another's.
    """

    present: Mapping[str, int]
    absent: Mapping[str, int]
    mixed: Collection[str]
    other: Collection[str] = ()

    def of_file(self, path: str) -> bool:
        """Whether a file certainly talks to this database."""
        return self.present.get(path, 0) > 0 and self.present.get(path, 0) >= self.absent.get(path, 0)

    def elsewhere(self, path: str) -> bool:
        """Whether more of a file's statements name tables that are not there than tables that are."""
        return self.absent.get(path, 0) > self.present.get(path, 0)

    def of_surroundings(self, reading: Reading) -> bool:
        """Whether the files beside it do, or the whole package."""
        if reading.package in self.mixed:
            return False
        return any(
            self.present.get(one, 0) > self.absent.get(one, 0) for one in (folder(reading.path), f"{reading.package}/*")
        )


_SEVERAL = 4
"""As many tables that nobody makes say that a package talks to another database, too."""


def reach(
    around: Surroundings, accepted: Iterable[tuple[Reading, Query]], refused: Iterable[tuple[Reading, Tried]]
) -> Reach:
    """Count by file (`a/b.py`), folder (`a/`) and package (`a/*`)."""
    own = {parts[-1].lower() for parts in around.relations}
    present: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    names: dict[str, set[str]] = {}
    lacking: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    for reading, query in accepted:
        if found := own.intersection(map(str.lower, _NAMED.findall(query.text))):
            present.update((reading.path, folder(reading.path), f"{reading.package}/*"))
            known.setdefault(folder(reading.path), set()).update(found)
    for reading, tried in refused:
        places = (reading.path, folder(reading.path), f"{reading.package}/*")
        missing = tried.verdict.missing
        found = own.intersection(map(str.lower, _NAMED.findall(tried.query.text)))
        known.setdefault(folder(reading.path), set()).update(found)
        if tried.verdict.kind is not Kind.TABLE or missing is None or is_meant(tried, missing, around):
            continue
        if is_part(missing, reading, around) or around.modelled(missing.name, ""):
            continue
        if not of_table(missing, around, around.made[reading.role]):
            absent.update(places)
            names.setdefault(reading.package, set()).add(missing.name)
            lacking.setdefault(folder(reading.path), set()).add(missing.name)
    mixed = frozenset(one for one, several in names.items() if len(several) >= _SEVERAL)
    other = {one: several for one, several in lacking.items() if len(several) >= _SEVERAL}
    return Reach(present, absent, mixed, frozenset(one for one in other if len(other[one]) > len(known.get(one, ()))))


def folder(path: str) -> str:
    """Return the folder of a path, as `reach` counts by it."""
    return path.rpartition("/")[0] + "/"
