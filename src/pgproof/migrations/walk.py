"""All folders of a repository, without what git ignores and what others wrote."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pgproof.migrations.folder import Folder

_SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".mypy_cache", ".next", ".terraform", ".turbo", ".yarn"}
    | {"__pycache__", "bower_components", "build", "dist", "node_modules", "site-packages", "target", "vendor", "venv"}
)
_IN_SKIPPED = re.compile(rf"(?:^|/)(?:{'|'.join(map(re.escape, sorted(_SKIPPED)))})/")
_GIT_TIMEOUT_SECONDS = 60
_CLOSED = re.compile(rb"^warning: could not open directory '(.+?)/?': ", re.MULTILINE)
# the repository's own configuration must not make git run anything
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")


def walk(root: Path, encoding: str = "utf-8") -> Folder:
    """Return the folder `root` with all below it.

    In a git work tree: what git tracks, or would track. Else all files, except in folders that tools fill. Symbolic
    links to folders are not followed.
    """
    closed: list[str] = []
    listed = _from_git(root, closed)
    tree = _tree(root, _from_disk(root, closed) if listed is None else listed, encoding)
    shown = (os.fsencode(path).decode("utf-8", "backslashreplace") for path in closed)
    return replace(tree, closed=tuple(sorted(shown)))


def walk_all(root: Path, path: str, encoding: str = "utf-8") -> Folder:
    """Return one folder with all below it, also what git ignores: somebody named it."""
    below = (f"{path}/{file}" if path != "." else file for file in _from_disk(root / path, []))
    tree = _tree(root, below, encoding)
    for part in () if path == "." else path.split("/"):
        tree = tree.folders.get(part, Folder(root, path, (), {}, encoding))
    return tree


def _from_git(root: Path, closed: list[str]) -> list[str] | None:
    """Return what git lists, `None` when it does not; add to `closed` what it could not look into."""
    command = [*_GIT, "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {"LC_ALL": "C"}
    try:
        listed = subprocess.run(command, capture_output=True, timeout=_GIT_TIMEOUT_SECONDS, env=environment, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    paths = {os.fsdecode(path) for path in listed.stdout.split(b"\0") if path}
    kept = (path for path in paths if not _IN_SKIPPED.search(path))
    # a file that was deleted and not committed is still in the index
    found = [path for path in kept if not path.lower().endswith(".sql") or not _is_gone(root / path)]
    if found:  # nothing at all: the folder itself is ignored
        closed += map(os.fsdecode, _CLOSED.findall(listed.stderr))
    return found or None


def _is_gone(file: Path) -> bool:
    """Say whether there is no such file; one in a closed folder may well be there."""
    try:
        return not file.is_file()
    except PermissionError:
        return False


def _from_disk(root: Path, closed: list[str]) -> Iterator[str]:
    def note(error: OSError) -> None:
        if isinstance(error, PermissionError):
            closed.append(Path(error.filename).relative_to(root).as_posix())
        elif not isinstance(error, FileNotFoundError):  # a folder that went away meanwhile
            raise error

    for folder, folders, files in os.walk(root, onerror=note):
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
