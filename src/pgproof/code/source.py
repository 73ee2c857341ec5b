"""A file of the application's code, and what a reader of it is."""

from __future__ import annotations

from collections.abc import Iterator
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
