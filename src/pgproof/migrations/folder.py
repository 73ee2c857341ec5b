"""A folder of the repository, as a layout sees it: names, subfolders, and the text of its files."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pgproof.sql.bytes import Decoded, decode

_HEAD_SIZE = 65_536
_SAMPLED = 4


@dataclass(frozen=True, slots=True)
class Folder:
    """`path` is relative to `root` with `/` (`"."` for the root itself); `files` are the names in it, sorted.

    `closed`, of the root only, are the folders below it that may not be looked into.
    """

    root: Path
    path: str
    files: tuple[str, ...]
    folders: Mapping[str, Folder] = field(default_factory=dict)
    encoding: str = "utf-8"
    closed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The folder's own name, `""` for the root."""
        return "" if self.path == "." else self.path.rpartition("/")[2]

    def join(self, name: str) -> str:
        """Return the path of something in this folder, relative to the root; bytes that are no text are escaped."""
        path = name if self.path == "." else f"{self.path}/{name}"
        return os.fsencode(path).decode("utf-8", "backslashreplace")

    def file(self, name: str) -> Path:
        """Return a file that may be read; OSError when it is none, or a symbolic link out of the project."""
        file = (self.root / self.path / name).resolve(strict=True)
        if not file.is_relative_to(self.root.resolve()):
            raise OSError(errno.EACCES, "it is a symbolic link out of the project")
        if not file.is_file():
            raise OSError(errno.EINVAL, "it is no regular file")
        return file

    def read(self, name: str) -> Decoded:
        """Return a file's text, or the problem with its bytes, or with reading it at all."""
        try:
            content = self.file(name).read_bytes()
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links, before Python 3.13
            return Decoded("", str(getattr(error, "strerror", None) or error))
        return decode(content, self.encoding)

    def head(self, name: str) -> str:
        """Return a file's beginning for a first look, bytes that are no text replaced; `""` when it cannot be read."""
        try:
            with self.file(name).open("rb") as file:
                return file.read(_HEAD_SIZE).decode("utf-8", "replace").removeprefix("\ufeff")
        except (OSError, RuntimeError):
            return ""

    def heads(self, names: Sequence[str]) -> Iterator[str]:
        """Yield the beginnings of the first and the last few files: a directory has one style."""
        for name in names if len(names) <= 2 * _SAMPLED else [*names[:_SAMPLED], *names[-_SAMPLED:]]:
            yield self.head(name)

    def with_suffix(self, suffix: str) -> tuple[str, ...]:
        """Return the names of the files that end in `suffix`, in any case of letters."""
        return tuple(name for name in self.files if name.lower().endswith(suffix))

    def below(self) -> Iterator[Folder]:
        """Yield all folders below this one."""
        waiting = list(self.folders.values())
        while waiting:
            folder = waiting.pop(0)
            yield folder
            waiting.extend(folder.folders.values())

    def up(self, name: str) -> str:
        """Return the beginning of the file `name` here or in the nearest folder above; `""` when there is none."""
        path = self.path
        while True:
            text = Folder(self.root, path, ()).head(name)
            if text or path == ".":
                return text
            path = path.rpartition("/")[0] or "."
