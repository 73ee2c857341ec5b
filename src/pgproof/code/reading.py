"""All code of a project read: from what an earlier run stored where nothing changed, on all cores where that pays."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pgproof.code.packages import find_packages, package_of
from pgproof.code.processes import cores, shared, start_method
from pgproof.code.project import Files, unchanged
from pgproof.code.readers import is_read, readers_of
from pgproof.code.roles import is_generated, is_minified, role_of
from pgproof.code.source import Role, SourceFile
from pgproof.code.stored import Entry, Store
from pgproof.code.usage import Unread, Usage
from pgproof.model import Location

_WORTH_A_PROCESS = 1_000_000
"""Characters of code from which on a second process is worth its start."""
_PROCESSES = 8
_READ_ROLES = frozenset({Role.PRODUCT, Role.SCRIPT, Role.TEST})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file expects of the database."""

    path: str
    role: Role
    package: str
    found: tuple[Usage | Unread, ...]


def read_project(root: Path, paths: Collection[str], cache: Path | None) -> list[Reading]:
    """Read all files for which there is a reader, and return those in which something was found, sorted.

    `paths` are all files of the project, relative to `root`; `cache` is the folder of what earlier runs found. Code
    that others wrote, or that a program wrote, is not read.
    """
    packages = find_packages(paths)
    wanted = sorted(path for path in paths if is_read(path) and _expected(path, packages) in _READ_ROLES)
    if not wanted:
        return []
    files = Files(root, paths)
    store = Store(cache, root) if cache else None
    known = store.load() if store else {}
    entries = {path: entry for path in wanted if (entry := known.get(path)) and _holds(path, entry, files)}
    stale = [path for path in wanted if path not in entries]
    entries |= _read_all(root, paths, packages, stale, files)
    if store and (stale or known.keys() != entries.keys()):
        store.save(entries)
    readings = (Reading(path, entries[path].role, package_of(path, packages), entries[path].found) for path in wanted)
    return [reading for reading in readings if reading.found]


def _expected(path: str, packages: frozenset[str]) -> Role:
    return role_of(path, package_of(path, packages))


def _holds(path: str, entry: Entry, files: Files) -> bool:
    return files.digest(path) == entry.digest and unchanged(files, entry.dependencies)


def _read_all(
    root: Path, paths: Collection[str], packages: frozenset[str], stale: Sequence[str], files: Files
) -> dict[str, Entry]:
    processes = min(cores(), _PROCESSES)
    if processes < 2 or not _is_much(stale, files):
        return {path: _read_one(path, packages, files) for path in stale}
    method = start_method()
    if method == "fork":
        for path in {path[path.rindex(".") :]: path for path in stale}.values():
            readers_of(path)  # what is imported now is not imported by each copy
    known = files if method == "fork" else Files(root, paths)  # a copy of this process has read some already
    return shared(partial(_read_one, packages=packages, files=known), stale, processes, method)


def _is_much(paths: Sequence[str], files: Files) -> bool:
    """Say whether another process is worth its start."""
    left = _WORTH_A_PROCESS
    for path in paths:
        left -= len(files.read(path)[1] or "")
        if left <= 0:
            return True
    return False


def _read_one(path: str, packages: frozenset[str], files: Files) -> Entry:
    digest, text = files.read(path)
    role = _expected(path, packages)
    if text is None:
        return Entry(digest, role, {}, (Unread(Location(path), "file", files.problem(path)),))
    if is_minified(path, text) or is_generated(text):
        return Entry(digest, Role.GENERATED, {}, ())
    source = SourceFile(path, text, role, package_of(path, packages))
    files.asked.clear()
    found = tuple(_read(source, files))
    asked = {other: seen for other, seen in files.asked.items() if other != path}
    return Entry(digest, role, asked, found)


def _read(source: SourceFile, files: Files) -> Iterator[Usage | Unread]:
    for read in readers_of(source.path):
        try:
            yield from read(source, files)
        except RecursionError:
            yield Unread(Location(source.path), "file", "its code is nested too deeply")
        except Exception as error:  # a reader's own defect must not end the run
            place = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"pgproof cannot read it: {type(error).__name__}: {error} ({place.name}, line {place.lineno})"
            yield Unread(Location(source.path), "file", reason)
