"""The migration directories of the repository, and the one that is used."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.settings import Settings
from pgproof.migrations.discover import discover, read_directory
from pgproof.migrations.file import MigrationDirectory
from pgproof.model import Gap, Method, Proof, Subject


@dataclass(frozen=True, slots=True)
class Directories:
    """All migration directories that were found, the one that is used first."""

    found: tuple[MigrationDirectory, ...]

    def __len__(self) -> int:
        """Return how many were found."""
        return len(self.found)


@dataclass(frozen=True, slots=True)
class Migrations:
    """The migration directory that is used."""

    directory: MigrationDirectory

    def __len__(self) -> int:
        """Return the number of migrations."""
        return len(self.directory)


@gathers(Directories, Proof(Method.PARSED, (Subject.FILES,)))
def find_directories(settings: Settings) -> Directories:
    """Find every directory of the repository; one that the configuration names comes first."""
    settings.progress("looking for migrations")
    found = discover(settings.root)
    named = settings.config.migrations
    if named:
        used = read_directory(settings.root, named, settings.config.layout, settings.config.encoding)
        found = [used, *(directory for directory in found if directory.path != used.path)]
    return Directories(tuple(found))


@gathers(Migrations, Proof(Method.PARSED, (Subject.FILES,)))
def choose_directory(directories: Directories) -> Migrations:
    """Use the first directory."""
    if not directories.found:
        raise Unavailable(
            Gap(
                "no migrations were found",
                blocking=True,
                way_out='name their directory: pgproof check --migrations DIR, or migrations = "DIR" in pgproof.toml',
            )
        )
    return Migrations(directories.found[0])
