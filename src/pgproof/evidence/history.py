"""What the migration tool recorded in the live database, against the files."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.evidence.directories import Migrations
from pgproof.evidence.live import Connection
from pgproof.evidence.part import Unavailable, gathers
from pgproof.migrations import history
from pgproof.migrations.file import MigrationFile
from pgproof.model import Gap, Method, Proof, Subject


@dataclass(frozen=True, slots=True)
class History:
    """The history table, the files that it records as applied, those it does not, and what it records without a file."""

    table: str
    applied: tuple[MigrationFile, ...]
    pending: tuple[MigrationFile, ...]
    without_file: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of migrations that are recorded."""
        return len(self.applied) + len(self.without_file)


@gathers(History, Proof(Method.RECORDED, (Subject.LIVE,)))
def read_history(migrations: Migrations, connection: Connection) -> History:
    """Read the history table of the layout that is used and match its rows with the files."""
    directory = migrations.directory
    found = history.read(connection.session, directory)
    if found is None:
        raise Unavailable(
            Gap(
                "which migrations were applied: the live database has no history table of this layout",
                way_out="everything in the migrations is taken as applied",
            )
        )
    raise NotImplementedError


