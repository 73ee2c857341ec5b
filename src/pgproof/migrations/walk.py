"""All folders of a repository, without what git ignores and what others wrote."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from pgproof.migrations.folder import Folder

_SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".mypy_cache", ".next", ".terraform", ".turbo", ".yarn"}
    | {"__pycache__", "bower_components", "build", "dist", "node_modules", "site-packages", "target", "vendor", "venv"}
)
_IN_SKIPPED = re.compile(rf"(?:^|/)(?:{'|'.join(map(re.escape, sorted(_SKIPPED)))})/")
_GIT_TIMEOUT_SECONDS = 60
# the repository's own configuration must not make git run anything
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")


def walk(root: Path, encoding: str = "utf-8") -> Folder:
    """Return the folder `root` with all below it.

    In a git work tree: what git tracks, or would track. Else all files, except in folders that tools fill. Symbolic
    links to folders are not followed.
    """
    listed = _from_git(root)
    return _tree(root, _from_disk(root) if listed is None else listed, encoding)


def walk_all(root: Path, path: str, encoding: str = "utf-8") -> Folder:
    """Return one folder with all below it, also what git ignores: somebody named it."""
    below = (f"{path}/{file}" if path != "." else file for file in _from_disk(root / path))
    tree = _tree(root, below, encoding)
    for part in () if path == "." else path.split("/"):
        tree = tree.folders.get(part, Folder(root, path, (), {}, encoding))
    return tree


def _from_git(root: Path) -> list[str] | None:
    command = [*_GIT, "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        listed = subprocess.run(command, capture_output=True, timeout=_GIT_TIMEOUT_SECONDS, env=environment, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    paths = {os.fsdecode(path) for path in listed.stdout.split(b"\0") if path}
    kept = (path for path in paths if not _IN_SKIPPED.search(path))
    # a file that was deleted and not committed is still in the index
    found = [path for path in kept if not path.lower().endswith(".sql") or (root / path).is_file()]
    return found or None  # nothing at all: the folder itself is ignored


def _from_disk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        relative = Path(folder).relative_to(root).as_posix()
        yield from files if relative == "." else (f"{relative}/{name}" for name in files)


def _tree(root: Path, paths: Iterable[str], encoding: str) -> Folder:
    names: dict[str, list[str]] = {".": []}
    below: dict[str, list[str]] = {".": []}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder and folder not in names:
            above = "."
            for part in folder.split("/"):
                own = part if above == "." else f"{above}/{part}"
                if own not in names:
                    names[own], below[own] = [], []
                    below[above].append(part)
                above = own
        names[folder or "."].append(name)
    made: dict[str, Folder] = {}
    for path in sorted(names, key=lambda path: (path != ".", path.count("/")), reverse=True):
        inner = {name: made[name if path == "." else f"{path}/{name}"] for name in sorted(below[path])}
        made[path] = Folder(root, path, tuple(sorted(names[path])), inner, encoding)
    return made["."]
