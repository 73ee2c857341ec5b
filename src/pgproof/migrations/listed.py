"""The list that a program keeps of its migrations: a file that is not in it is not run."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from pgproof.migrations.folder import Folder

_CODE = re.compile(r".+\.(?:clj|cljs|cs|ex|exs|go|java|js|kt|mjs|php|py|rb|rs|scala|ts)")
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


def _code(folder: Folder) -> Iterator[str]:
    place = PurePosixPath(folder.path)
    for above in (place, *list(place.parents)[:_ABOVE]):
        try:
            entries = sorted(os.scandir(folder.root / above), key=lambda one: one.name)
        except OSError:
            continue
        for entry in entries:
            if (
                _CODE.fullmatch(entry.name)
                and entry.is_file(follow_symlinks=False)
                and entry.stat().st_size <= _LARGEST
            ):
                yield (above / entry.name).as_posix()
