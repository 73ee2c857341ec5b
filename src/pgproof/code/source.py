"""A file of the application's code, and what a reader of it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pgproof.code.usage import Unread, Usage


class Role(StrEnum):
    """What a file is for: findings in the product come first."""

    PRODUCT = "product"
    SCRIPT = "script"
    TEST = "test"
    GENERATED = "generated"
    VENDORED = "vendored"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: `path` relative to the project with `/`, its text, its role, and the package (the folder of the nearest
    manifest, `""` for the project itself) that it belongs to.
    """

    path: str
    text: str
    role: Role = Role.PRODUCT
    package: str = ""


class Reader(Protocol):
    """Yields what a file expects of the database, and what of it could not be read. It never guesses."""

    def __call__(self, source: SourceFile) -> Iterator[Usage | Unread]:
        """Read one file."""
        ...


class Project(Protocol):
    """All files of the project, for a reader that follows a name into another file.

    What a reader asks for here is noted: its result is kept until one of these files changes, comes or goes. So a
    reader that remembers what it made of a file must ask for that file's text again for each file that it reads.
    """

    @property
    def paths(self) -> Collection[str]:
        """The paths of all files, relative to the project with `/`: of every suffix."""
        ...

    def text(self, path: str) -> str | None:
        """Return the text of a file, `None` when there is none or when it cannot be read."""
        ...


class ProjectReader(Protocol):
    """A reader that looks into other files too, named in `readers.py` as a `Reader` is."""

    def __call__(self, source: SourceFile, project: Project) -> Iterator[Usage | Unread]:
        """Read one file."""
        ...
