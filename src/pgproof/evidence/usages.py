"""What the application's code expects of the database, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from pgproof.code.reading import Reading, read_project
from pgproof.code.source import Role
from pgproof.code.usage import Call, Query, TableUse, Unread, Usage
from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.model import Method, Proof, Subject
from pgproof.server.folders import subfolder

U = TypeVar("U", TableUse, Call, Query, Unread)

SHIPPED = frozenset({Role.PRODUCT, Role.SCRIPT})
"""What runs against a database that matters."""


@dataclass(frozen=True, slots=True)
class Usages:
    """The files in which something was found, sorted by path."""

    readings: tuple[Reading, ...]

    def of(self, kind: type[U]) -> Iterator[tuple[Reading, U]]:
        """Yield all usages of a kind, each with its file."""
        return ((reading, one) for reading in self.readings for one in reading.found if isinstance(one, kind))

    def __len__(self) -> int:
        """Return how many usages there are."""
        return sum(isinstance(one, Usage) for reading in self.readings for one in reading.found)


@gathers(Usages, Proof(Method.PARSED, (Subject.FILES,)))
def read_code(settings: Settings, repository: Repository, directories: Directories) -> Usages:
    """Read all code but the migrations themselves."""
    settings.progress("reading the code")
    migrations = {file.path for directory in directories.found for file in directory.files}
    folders = tuple(f"{directory.path}/" for directory in directories.found if directory.path != ".")
    paths = [
        path
        for path in repository.paths()
        if path not in migrations and not (path.endswith(".sql") and path.startswith(folders))
    ]
    return Usages(tuple(read_project(settings.root, paths, subfolder("code") if settings.use_cache else None)))
