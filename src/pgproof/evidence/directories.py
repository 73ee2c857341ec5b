"""The migration directories of the repository, and the one that is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pgproof.evidence.independent import independent, package_of, place_of
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.migrations import command_lines
from pgproof.migrations.discover import asides, directories_in, read_directory, surely_migrations
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.layouts.embedded import embedded
from pgproof.migrations.programs import Programs, programs
from pgproof.model import Gap, Location, Method, Proof, Subject
from pgproof.model.errors import UsageError

COMMAND = "command"
"""The layout of migrations that are no plain SQL and that the project's own command replays."""

SHOWN = 10
"""How many files that cannot be read are named."""


_TEXTS = re.compile(r"(?:^|/)(?:docs?|documentation|presentations?|slides|talks?|articles?|tutorials?|blog)/", re.I)
"""Folders of what people read."""


@dataclass(frozen=True, slots=True)
class Directories:
    """All migration directories that were found, the one that is used first, and the package that each belongs to.

    `databases` are the paths of those that are databases of their own, the best one first; `places` the folder of the
    package or service of each directory, `""` for the repository itself.
    """

    found: tuple[MigrationDirectory, ...]
    packages: Mapping[str, str]
    gaps: tuple[Gap, ...] = ()
    databases: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many were found."""
        return len(self.found)

    def using(self, path: str) -> Directories:
        """Return the same with another directory as the one that is used; nothing is found when it is not there."""
        used = [one for one in self.found if one.path == path]
        return replace(self, found=(*used, *(one for one in self.found if one.path != path)) if used else ())

    @property
    def rivals(self) -> tuple[MigrationDirectory, ...]:
        """The directories that are likely to speak of the same database as the one that is used.

        They belong to the same package and to the same system. Folders that differ in one name only (Hasura's
        `migrations/default` and `migrations/analytics`) are of several databases, or parts of one set. A schema
        (`supabase/schemas`, `schema.sql`) is what migrations are made from or lead to, and no rival; nor is an example,
        a test's, or a template's directory, and in a repository that has no others each stands for itself.
        """
        used, *others = self.found
        if asides(used.path) or not surely_migrations(used) or used.unverified:
            return ()
        return tuple(
            other
            for other in others
            if self.packages[other.path] == self.packages[used.path]
            and other.path not in self.databases
            and not other.dialect
            and asides(other.path) <= asides(used.path)
            and surely_migrations(other)
            and not _are_siblings(used, other)
        )


def _are_siblings(one: MigrationDirectory, other: MigrationDirectory) -> bool:
    """Whether the paths of two sets of one tool differ in one name, or in those of a part within a part.

    `mint/migrations/postgres` and `mint/auth/migrations/postgres` are of two stores.
    """
    parts, others = sorted((one.path.split("/"), other.path.split("/")), key=len)
    if one.layout != other.layout or len(parts) < 2:
        return False
    before = next((n for n, (a, b) in enumerate(zip(parts, others, strict=False)) if a != b), len(parts))
    after = next((n for n, (a, b) in enumerate(zip(parts[::-1], others[::-1], strict=False)) if a != b), len(parts))
    if len(parts) == len(others):
        return before + after == len(parts) - 1
    return 0 < before < len(parts) and before + after >= len(parts)


@dataclass(frozen=True, slots=True)
class Migrations:
    """The migration directory that is used, and what is believed of it."""

    directory: MigrationDirectory
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of migrations."""
        return len(self.directory)

    def were_there(self, place: Location | None) -> bool:
        """Whether something was made at a place that is assumed to have come before the migrations.

        Nobody knows whether the text there is older than the migrations, or newer.
        """
        return place is not None and any(file.standing and file.path == place.path for file in self.directory.files)


@gathers(Directories, Proof(Method.PARSED, (Subject.FILES,)))
def find_directories(settings: Settings, repository: Repository) -> Directories:
    """Find every directory of the repository; one that the configuration names comes first."""
    config, tree = settings.config, repository.tree
    found = [one for one in directories_in(tree) if not _is_an_illustration(one)]
    named = (config.migrations,) if config.migrations else config.databases
    first = [read_directory(settings.root, one, config.layout or None, config.encoding) for one in named]
    found = [*first, *(one for one in found if one.path not in {other.path for other in first})]
    if not found and (inside := embedded(tree)):
        found = [inside]
    packages = {one.path: package_of(settings.root, one.path) for one in found}
    places = {one.path: place_of(settings.root, one) for one in found}
    databases = first if config.databases and not config.migrations else independent(found, places)
    directories = Directories(
        tuple(found), packages, tuple(_closed(tree.closed)), tuple(one.path for one in databases), places
    )
    return directories.using(settings.database) if settings.database else directories


@gathers(Migrations, Proof(Method.PARSED, (Subject.FILES,)))
def choose_directory(settings: Settings, directories: Directories, repository: Repository) -> Migrations:
    """Use the first directory. Raises UsageError when a file of it cannot be read: nothing after it would be known."""
    if settings.config.replay_command:
        return Migrations(MigrationDirectory("", COMMAND, ()))
    if not directories.found:
        raise Unavailable(_none(programs(repository.tree)))
    used = directories.found[0]
    if used.dialect:
        raise Unavailable(Gap(f"the migrations of {used.path}: they are written for {used.dialect}", blocking=True))
    _require_readable(used.files)
    return Migrations(used, tuple(_believed(used)))


def _believed(used: MigrationDirectory) -> Iterator[Gap]:
    if used.assumed:
        way_out = "give what was there before them: --base dump.sql" if any(f.standing for f in used.files) else ""
        yield Gap(f"assumed: {used.assumed}", location=used.files[0].place, way_out=way_out)
    if used.unverified:
        yield Gap(used.unverified, way_out='to look at them, name their directory: migrations = "DIR" in pgproof.toml')


def _is_an_illustration(directory: MigrationDirectory) -> bool:
    """Whether numbered files are the steps of a text, of which no tool knows."""
    return directory.layout == "numbered" and _TEXTS.search(directory.path) is not None


def _none(found: Sequence[Programs]) -> Gap:
    """Say that there is no SQL to replay; what the project's own tool would run is named with its command."""
    if not found:
        way_out = 'name their directory: pgproof check --migrations DIR, or migrations = "DIR" in pgproof.toml'
        return Gap("no migrations were found", blocking=True, way_out=way_out)
    first = found[0]
    where = f"{first.path} ({first.count} file{'s' * (first.count != 1)})"
    more = f" and {len(found) - 1} more folder{'s' * (len(found) != 2)}" * (len(found) > 1)
    told = f"{first.tool}'s in {where}{more} are programs, which are run only when asked"
    return Gap(
        f"no migrations were found that are SQL: {told}",
        blocking=True,
        way_out=command_lines.way_out(first.command),
    )


def _closed(folders: Sequence[str]) -> Iterator[Gap]:
    if folders:
        names = ", ".join(folders[:3]) + " …" * (len(folders) > 3)
        yield Gap(f"whether there are migrations in {names}: this user may not look into it")


def _require_readable(files: Sequence[MigrationFile]) -> None:
    unreadable = [file for file in files if file.problem and not (file.code or file.absent)]
    if not unreadable:
        return
    told = [f"cannot read {file.path}: {file.problem}" for file in unreadable]
    ways_out = list(dict.fromkeys(file.way_out for file in unreadable if file.way_out))
    if len(told) == 1:
        raise UsageError(told[0], "\n".join(ways_out))
    more = [f"and {len(told) - SHOWN} more"] * (len(told) > SHOWN)
    raise UsageError(
        f"{len(told)} of {len(files)} migrations cannot be read", "\n".join((*told[:SHOWN], *more, *ways_out))
    )
