"""What is replayed and on what, and the hash of all that: the same hash, the same result."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pgproof
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay.databases import main_database
from pgproof.migrations.replay.includes import included
from pgproof.migrations.replay.limits import Limits

if TYPE_CHECKING:
    from pgproof.migrations.base import Base
    from pgproof.platforms import Platform
    from pgproof.server.binaries import Installation


@dataclass(frozen=True, slots=True)
class Task:
    """The work of a replay.

    Parameters
    ----------
    root
        The project: includes are read below it.
    files
        The migrations in their order.
    transaction
        How their tool runs a file.
    installation, platform
        What the shadow runs, and what is in its database before the first migration.
    base
        What else was there before: a dump or a catalog.
    allow
        Real extensions that may be created although they reach out of the sandbox.
    variables
        psql's variables.
    encoding
        Of the files that are included.
    limits
        What statements and the whole replay may take.
    cut_before
        Paths of files that a layer is wanted before: those that are still pending.
    search_path
        What the project's connection sets, as SQL writes it; `""`: the server's default.
    """

    root: Path
    files: tuple[MigrationFile, ...]
    transaction: Transaction
    installation: Installation
    platform: Platform
    base: Base | None = None
    allow: frozenset[str] = frozenset()
    variables: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    limits: Limits = field(default_factory=Limits)
    cut_before: frozenset[str] = frozenset()
    search_path: str = ""

    @property
    def database(self) -> str:
        """The database that the files are about, if they go from one to another."""
        return main_database(file.text for file in self.files)

    @property
    def circumstances(self) -> str:
        """The hash of everything but the files."""
        server = self.installation
        return digest(
            own_stamp(),
            server.version,
            str(server.bindir),
            self.platform.digest,
            self.transaction.value,
            self.base.digest if self.base else "",
            *sorted(self.allow),
            json.dumps(dict(self.variables), sort_keys=True),
            self.encoding,
            repr(self.limits),
            self.search_path,
            self.database,
        )

    @property
    def key(self) -> str | None:
        """The hash of everything; `None` when it cannot be told what the files include: then nothing is stored."""
        files = [file_digest(file, self.root) for file in self.files]
        return None if None in files else digest(self.circumstances, *filter(None, files))


def digest(*texts: str) -> str:
    """Return a hash of several texts."""
    made = hashlib.sha256()
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        made.update(len(encoded).to_bytes(8, "big") + encoded)
    return made.hexdigest()


def file_digest(file: MigrationFile, root: Path) -> str | None:
    """Return the hash of a migration file and of what it includes, or `None` when that cannot be told."""
    reads = included(file.text, file.on_disk, root)
    return None if reads is None else digest(file.path, file.text, file.problem, str(file.transactional), *reads)


@cache
def own_stamp() -> str:
    """Return a hash that changes with pgproof itself: of its files, but not of their times, which an installation sets.

    A results cache that CI keeps is of use to the next run although that installs pgproof anew.
    """
    made = hashlib.sha256()
    top = str(Path(pgproof.__file__).parent)
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(names):
            path = f"{folder}/{name}"
            content = _read(path)
            made.update(f"{path[len(top) :]}\0{len(content)}\0".encode() + content)
    return made.hexdigest()


def _read(path: str) -> bytes:
    """Read a file at a third of what pathlib takes: there are several hundred."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.read()
