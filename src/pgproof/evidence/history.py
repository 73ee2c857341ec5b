"""What the migration tool recorded in the live database, against the files."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.live import Connection
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.wording import counted
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.history import Records, read_records
from pgproof.migrations.layout import Layout, Rows
from pgproof.migrations.layouts import layouts
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.platforms import Platform

_ALL = "everything in the migrations is taken as applied"


@dataclass(frozen=True, slots=True)
class History:
    """The history table, the files that it records as applied, those it does not, and records without a file."""

    table: str
    column: str
    applied: tuple[MigrationFile, ...]
    pending: tuple[MigrationFile, ...]
    without_file: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of migrations that are told apart: the files, and the records without a file."""
        return len(self.applied) + len(self.pending) + len(self.without_file)


@gathers(History, Proof(Method.RECORDED, (Subject.LIVE,)))
def read_history(migrations: Migrations, connection: Connection, platform: Platform) -> History:
    """Read the history table of the layout that is used, and match its rows with the files."""
    if migrations.directory.layout == COMMAND:
        raise Unavailable(Gap(f"which migrations were applied: the project's own tool records that ({_ALL})"))
    layout = layouts()[migrations.directory.layout]
    records = read_records(connection.session, layout.history, platform.schemas) if layout.history else None
    if records is None:
        raise Unavailable(Gap(f"which migrations were applied: the live database has no history table ({_ALL})"))
    if records.filtered or not records.readable:
        select = f"grant select on {records.table} to the role"
        way_out = "alter role … bypassrls: row-level security hides rows from it" if records.readable else select
        raise Unavailable(
            Gap(f"which migrations were applied: the role may not read {records.table} ({_ALL})", way_out=way_out)
        )
    history = match(migrations.directory.files, records, layout)
    if history.without_file and not history.applied:
        raise Unavailable(
            Gap(
                f"which migrations were applied: {records.table} records "
                f"{counted(len(history.without_file), 'migration')}, "
                f"none of which is a file of {migrations.directory.path} ({_ALL})"
            )
        )
    return history


def match(files: tuple[MigrationFile, ...], records: Records, layout: Layout) -> History:
    """Tell which files the rows record; a tool that keeps the newest version only records all files up to it."""
    assert layout.history is not None
    spellings = {file.path: layout.history.spellings(file) for file in files}
    values = frozenset(records.values)
    applied = [file for file in files if spellings[file.path] & values]
    without_file = sorted(values - frozenset().union(*spellings.values()))
    if layout.history.rows is Rows.LAST and applied:
        applied = list(files[: files.index(applied[-1]) + 1])
    paths = {file.path for file in applied}
    gaps = (Gap(f"{counted(records.broken, 'row')} of {records.table} without a value"),) if records.broken else ()
    return History(
        records.table,
        records.column,
        tuple(applied),
        tuple(file for file in files if file.path not in paths),
        tuple(without_file),
        gaps,
    )
