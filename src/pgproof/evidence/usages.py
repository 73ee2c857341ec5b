"""What the application's code expects of its databases, file by file, and what of that is for this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

from pgproof.code.project import Files
from pgproof.code.reading import Reading, read_project
from pgproof.code.source import Role
from pgproof.code.usage import Call, Query, TableUse, Unread, Usage
from pgproof.evidence.directories import Directories
from pgproof.evidence.ownership import Ownership, own
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.evidence.wording import counted
from pgproof.migrations.layouts.embedded import EMBEDDED
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.server.folders import subfolder

U = TypeVar("U", TableUse, Call, Query, Unread)

SHOWN = 5
"""How many folders of a gap are named."""
SHIPPED = frozenset({Role.PRODUCT, Role.SCRIPT})
"""What runs against a database that matters."""


@dataclass(frozen=True, slots=True)
class Code:
    """All files in which something was found, sorted by path, and which database each works with."""

    readings: tuple[Reading, ...]
    ownership: Ownership


@dataclass(frozen=True, slots=True)
class Usages:
    """The files in which something was found, sorted by path: those whose code works with the database of this run."""

    readings: tuple[Reading, ...]
    gaps: tuple[Gap, ...] = ()

    def of(self, kind: type[U]) -> Iterator[tuple[Reading, U]]:
        """Yield all usages of a kind, each with its file."""
        return ((reading, one) for reading in self.readings for one in reading.found if isinstance(one, kind))

    def __len__(self) -> int:
        """Return how many usages there are."""
        return sum(isinstance(one, Usage) for reading in self.readings for one in reading.found)


@gathers(Code, Proof(Method.PARSED, (Subject.FILES,)))
def read_code(settings: Settings, repository: Repository, directories: Directories) -> Code:
    """Read all code but the migrations themselves."""
    settings.progress("reading the code")
    separate = [directory for directory in directories.found if directory.layout != EMBEDDED]
    migrations = {file.path for directory in separate for file in directory.files}
    folders = tuple(f"{directory.path}/" for directory in separate if directory.path != ".")
    every = list(repository.paths())
    paths = [
        path for path in every if path not in migrations and not (path.endswith(".sql") and path.startswith(folders))
    ]
    readings = tuple(read_project(settings.root, paths, subfolder("code") if settings.use_cache else None))
    explicit = bool(settings.config.migrations or settings.config.replay_command)
    return Code(readings, own(directories, readings, Files(settings.root, every), explicit))


@gathers(Usages, Proof(Method.PARSED, (Subject.FILES,)))
def choose_code(settings: Settings, code: Code, directories: Directories) -> Usages:
    """Take the code that works with the database of this run; of other code it is said what is not looked at."""
    if not directories.found:
        return Usages(code.readings)
    used = directories.found[0].path
    mine = [one for one in code.readings if code.ownership.directory_of(one.path) == used]
    looked_at = frozenset(directories.databases if settings.database else (used,))
    return Usages(tuple(mine), tuple(_gaps(code, looked_at)))


def _gaps(code: Code, looked_at: Collection[str]) -> Iterator[Gap]:
    others: Counter[tuple[str, str]] = Counter()
    for reading in code.readings:
        directory = code.ownership.directory_of(reading.path)
        if reading.role in SHIPPED and directory not in looked_at:
            others[code.ownership.folder_of(reading.path), directory] += len(reading.found)
    for (folder, directory), number in sorted(others.items()):
        if directory:
            yield Gap(
                f"the code of {folder} ({counted(number, 'place')}): it has migrations of its own, {directory}",
                way_out=f"pgproof check --migrations {directory}",
            )
    unknown = {folder or "no package": number for (folder, directory), number in others.items() if not directory}
    if unknown:
        folders = sorted(unknown)
        more = f" and {len(folders) - SHOWN} more" if len(folders) > SHOWN else ""
        yield Gap(
            f"the code of {', '.join(folders[:SHOWN])}{more} ({counted(sum(unknown.values()), 'place')}): it may work "
            "with any of several databases",
            way_out="pgproof check --migrations DIR matches it with that one",
        )
