"""The list that a program keeps of its migrations: a file that is not in it is not run, and its order may be theirs."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from pgproof.migrations.folder import Folder

_CODE = re.compile(r".+\.(?:clj|cljs|cs|ex|exs|go|java|js|kt|mjs|php|py|rb|rs|scala|ts)")
_LISTS = re.compile(
    rf"{_CODE.pattern}|.+\.(?:bash|bat|cmd|mk|pl|pm|ps1|sh|toml|ya?ml)|(?:Docker|Make)file|LOADORDER|justfile",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"[\w.-]+\.sql\b", re.IGNORECASE)
_ABOVE = 2
_LARGEST = 256 * 1024
_MOST = 0.8
"""The share of the files that a list names: one that names fewer is something else."""


def listed(folder: Folder, names: Collection[str]) -> tuple[str, frozenset[str]] | None:
    """Return the file with the list of these migrations, in the folder or a little above, and those that it names."""
    for path in _code(folder):
        text = Folder(folder.root, str(PurePosixPath(path).parent), ()).read(PurePosixPath(path).name).text
        words = set(re.findall(r"[\w.-]+", text))
        found = frozenset(name for name in names if name in words or name.removesuffix(".sql") in words)
        if len(found) >= len(names) * _MOST:
            return path, found
    return None


def named_in_order(folder: Folder, names: Collection[str]) -> tuple[str, list[str]] | None:
    """Return the program or list in the folder, or a little above, that names most of these files, and their order."""
    best: tuple[str, list[str]] | None = None
    for path in _code(folder, _LISTS):
        text = Folder(folder.root, str(PurePosixPath(path).parent), ()).read(PurePosixPath(path).name).text
        places: dict[str, int] = {}
        for named in _SCRIPT.finditer(text):
            places.setdefault(named[0], named.start())
        found = sorted((places[name], name) for name in names if name in places)
        if len(found) > len(best[1] if best else ()):
            best = path, [name for _, name in found]
    return best


def _code(folder: Folder, files: re.Pattern[str] = _CODE) -> Iterator[str]:
    place = PurePosixPath(folder.path)
    for above in (place, *list(place.parents)[:_ABOVE]):
        try:
            entries = sorted(os.scandir(folder.root / above), key=lambda one: one.name)
        except OSError:
            continue
        for entry in entries:
            if (
                files.fullmatch(entry.name)
                and entry.is_file(follow_symlinks=False)
                and entry.stat().st_size <= _LARGEST
            ):
                yield (above / entry.name).as_posix()
