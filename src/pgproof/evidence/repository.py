"""The files of the repository: what git tracks or would track, and nothing that tools fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.migrations.folder import Folder
from pgproof.migrations.walk import walk


@dataclass(frozen=True, slots=True)
class Repository:
    """The project's root folder with all below it."""

    tree: Folder

    def paths(self) -> Iterator[str]:
        """Yield the paths of all files, relative to the project."""
        for folder in (self.tree, *self.tree.below()):
            prefix = "" if folder.path == "." else f"{folder.path}/"
            yield from (f"{prefix}{name}" for name in folder.files)


@gathers(Repository, None)
def look_around(settings: Settings) -> Repository:
    """Walk through the folders once, for all who look for something."""
    settings.progress("looking for migrations")
    return Repository(walk(settings.root.resolve(), settings.config.encoding))
