"""Which code works with which of a repository's databases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pgproof.code.project import Files
from pgproof.code.reading import Reading
from pgproof.code.usage import Query, TableUse
from pgproof.evidence.directories import Directories
from pgproof.evidence.independent import MANIFESTS, tables_of
from pgproof.migrations.discover import surely_migrations

_WORD = re.compile(r"\w+")
_NAMED = re.compile(r'^\s*(?:module\s+([\w./-]+)|name\s*=\s*"([^"\n]+)")', re.MULTILINE)
"""What go.mod, Cargo.toml and pyproject.toml call a package."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Which directory of migrations makes the database that a file's code works with.

    The code of a package or service with migrations of its own works with those. Other code works with the only
    database there is, with that of the repository's root, or with the one whose package its own package depends on;
    where no dependency tells, with the only one that has any of the tables that its package names.

    `places` are folders with their directory, the longest first. `shared` are the folders of packages without
    migrations of their own, with their directory, `""` where several databases may be meant; `rest` is the directory
    of all other code.
    """

    places: tuple[tuple[str, str], ...] = ()
    rest: str = ""
    packages: tuple[str, ...] = ()
    shared: Mapping[str, str] = field(default_factory=dict)

    def directory_of(self, path: str) -> str:
        """Return the directory of migrations that a file's code works with; `""` when nobody knows."""
        for place, directory in self.places:
            if path.startswith(f"{place}/"):
                return directory
        return self.rest or self.shared.get(package_around(path, self.packages), "")

    def folder_of(self, path: str) -> str:
        """Return the folder that decides about a file: of the migrations' package, else of its own; `""` for none."""
        place = next((place for place, _ in self.places if path.startswith(f"{place}/")), "")
        return place or package_around(path, self.packages)


def package_around(path: str, packages: Sequence[str]) -> str:
    """Return the nearest of the folders (the longest first) that a file is in, `""` for none."""
    return next((folder for folder in packages if path.startswith(f"{folder}/")), "")


def own(directories: Directories, readings: Iterable[Reading], files: Files, explicit: bool) -> Ownership:
    """Find out whose the code is. `explicit`: one directory was named, and code that is nobody else's is its."""
    if not directories.found:
        return Ownership()
    used = directories.found[0].path
    taken = {directories.places.get(path, ""): path for path in reversed(directories.databases or (used,))}
    root = directories.places.get(used, "") if explicit else ""
    places = dict(taken)
    for one in directories.found:
        place = directories.places.get(one.path, "")
        around = any(f"{other}/".startswith(f"{place}/") for other in (*taken, root))
        if place and not around and surely_migrations(one):
            places.setdefault(place, one.path)
    rest = used if explicit or len(taken) == 1 else places.get("", "")
    longest = tuple(sorted(((place, path) for place, path in places.items() if place), key=lambda one: -len(one[0])))
    if rest:
        return Ownership(longest, rest)
    packages = tuple(
        sorted({path.rpartition("/")[0] for path in files.paths if _is_manifest(path)}, key=_longest_first)
    )
    known = Ownership(longest, "", packages)
    return Ownership(longest, "", packages, dict(_shared(known, directories, readings, files)))


def _longest_first(folder: str) -> tuple[int, str]:
    return -len(folder), folder


def _is_manifest(path: str) -> bool:
    return "/" in path and path.rpartition("/")[2] in MANIFESTS


def _shared(
    known: Ownership, directories: Directories, readings: Iterable[Reading], files: Files
) -> Iterator[tuple[str, str]]:
    named: dict[str, set[str]] = {}
    for reading in readings:
        if not known.directory_of(reading.path):
            named.setdefault(package_around(reading.path, known.packages), set()).update(_tables(reading))
    if not named:
        return
    made = {one.path: tables_of(one) for one in directories.found if one.path in directories.databases}
    needs = _dependencies(known.packages, files)
    owners = {folder: path for folder, path in known.places if path in made}
    for folder, tables in named.items():
        reached = {owners[one] for one in _closure(folder, needs) if one in owners}
        if len(reached) != 1:
            reached = {path for path, names in made.items() if names & tables}
        yield folder, reached.pop() if len(reached) == 1 else ""


def _tables(reading: Reading) -> Iterator[str]:
    for found in reading.found:
        if isinstance(found, TableUse):
            yield found.table.lower()
        elif isinstance(found, Query):
            yield from (word.lower() for word in _WORD.findall(found.text))


def _dependencies(packages: Sequence[str], files: Files) -> dict[str, set[str]]:
    """Return the packages of the repository that each package's manifest names."""
    manifests = {
        folder: [text for name in MANIFESTS if (text := files.text(f"{folder}/{name}"))] for folder in packages
    }
    names = {folder: name for folder, texts in manifests.items() if (name := _name(texts))}
    return {
        folder: {other for other, name in names.items() if other != folder and any(_requires(t, name) for t in texts)}
        for folder, texts in manifests.items()
    }


def _requires(text: str, name: str) -> bool:
    """Whether a manifest names a package: `"@blog/db": "workspace:*"`, `blog-db = { path = … }`, `require x v1`."""
    return f'"{name}"' in text or bool(re.search(rf"^\s*(?:require\s+)?{re.escape(name)}[\s=.]", text, re.MULTILINE))


def _name(texts: Iterable[str]) -> str:
    for text in texts:
        try:
            document = json.loads(text)
        except ValueError:
            match = _NAMED.search(text)
            name = (match[1] or match[2]) if match else ""
        else:
            name = document.get("name", "") if isinstance(document, dict) else ""
        if isinstance(name, str) and name:
            return name
    return ""


def _closure(folder: str, needs: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [folder]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += needs.get(one, ())
    return reached
