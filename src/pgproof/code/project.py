"""The files of a project as readers see them, and a note of what each reader asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from stat import S_ISLNK, S_ISREG

from pgproof.code.notebook import is_notebook, program

SIZE_AT_MOST = 2_000_000
"""Bytes: no person writes a longer file of code."""


class Files:
    """The texts of files, each read once. `asked` are those that were asked for, with the digest of their content."""

    def __init__(self, root: Path, paths: Collection[str]) -> None:
        """Read nothing yet; `paths` are relative to `root`."""
        self._root = root
        self.paths: Collection[str] = frozenset(paths)
        self.asked: dict[str, str] = {}
        self._known: dict[str, tuple[str, str | None]] = {}

    def text(self, path: str) -> str | None:
        """Return the text of a file, `None` when there is none or when it cannot be read. It is noted."""
        digest, text = self.read(path)
        self.asked[path] = digest
        return text

    def digest(self, path: str) -> str:
        """Return what changes with a file's content; `""` when there is no such file, or none that can be read."""
        return self.read(path)[0]

    def read(self, path: str) -> tuple[str, str | None]:
        """Return a file's digest and text. Nothing is noted."""
        if path not in self._known:
            self._known[path] = self._load(path) if path in self.paths else ("", None)
        return self._known[path]

    def problem(self, path: str) -> str:
        """Return why a file of the project cannot be read."""
        try:
            size = (self._root / path).stat().st_size
        except OSError as error:
            return error.strerror or "it cannot be opened"
        return f"it has {size:,} bytes" if size > SIZE_AT_MOST else "it cannot be opened"

    def _load(self, path: str) -> tuple[str, str | None]:
        file = f"{self._root}/{path}"  # a project has ten thousand files: no Path for each
        try:
            seen = os.lstat(file)
            if S_ISLNK(seen.st_mode):
                if not Path(file).resolve(strict=True).is_relative_to(self._root.resolve()):
                    return "", None
                seen = os.stat(file)  # noqa: PTH116
            if not S_ISREG(seen.st_mode) or seen.st_size > SIZE_AT_MOST:  # a pipe has no end
                return "", None
            with open(file, "rb", buffering=0) as opened:  # noqa: PTH123
                content = opened.read(seen.st_size + 1)  # a buffer for the longest file would cost more than reading
        except (OSError, RuntimeError):  # RuntimeError: a loop of symbolic links, before Python 3.13
            return "", None
        if len(content) > SIZE_AT_MOST:
            return "", None
        text = decode(content)
        return hashlib.sha256(content).hexdigest(), program(text) if is_notebook(path) else text


def decode(content: bytes) -> str:
    """Return the text of code in whatever encoding: its names are ASCII in all of them but UTF-16, which has a mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def unchanged(files: Files, dependencies: Mapping[str, str]) -> bool:
    """Say whether all files that a result depends on are what they were."""
    return all(files.digest(path) == digest for path, digest in dependencies.items())
