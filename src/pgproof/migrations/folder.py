"""A folder of the repository, as a layout sees it: names, subfolders, and the text of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pgproof.sql.bytes import Decoded, decode

_HEAD_SIZE = 65_536


@dataclass(frozen=True, slots=True)
class Folder:
    """`path` is relative to `root` with `/` (`"."` for the root itself); `files` are the names in it, sorted."""

    root: Path
    path: str
    files: tuple[str, ...]
    folders: Mapping[str, Folder] = field(default_factory=dict)
    encoding: str = "utf-8"

    @property
    def name(self) -> str:
        """The folder's own name, `""` for the root."""
        return "" if self.path == "." else self.path.rpartition("/")[2]

    def join(self, name: str) -> str:
        """Return the path of something in this folder, relative to the root."""
        return name if self.path == "." else f"{self.path}/{name}"

    def bytes(self, name: str) -> bytes:
        """Return a file's content; OSError says why it cannot be read."""
        return (self.root / self.path / name).read_bytes()

    def read(self, name: str) -> Decoded:
        """Return a file's text, or the problem with its bytes, or with reading it at all."""
        try:
            content = self.bytes(name)
        except OSError as error:
            return Decoded("", f"cannot be read: {error.strerror or error}")
        return decode(content, self.encoding)

    def head(self, name: str) -> str:
        """Return a file's beginning for a first look, bytes that are no text replaced; `""` when it cannot be read."""
        try:
            with (self.root / self.path / name).open("rb") as file:
                return file.read(_HEAD_SIZE).decode("utf-8", "replace").removeprefix("\ufeff")
        except OSError:
            return ""
