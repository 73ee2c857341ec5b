"""What the migration tool recorded in the live database, against the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.live import Connection
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.settings import Settings
from pgproof.evidence.wording import counted
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.history import Records, Row, other_histories, read_records
from pgproof.migrations.layout import History as TableOf
from pgproof.migrations.layout import Layout, Rows, State
from pgproof.migrations.layouts import layouts
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.platforms import Platform

_ALL = "everything in the migrations is taken as applied"
_VERSION = re.compile(r"[0-9]+(?:[._][0-9]+)*")


@dataclass(frozen=True, slots=True)
class History:
    """The history table, the files that it records as applied, those it does not, and records without a file.

    `rows` are the rows by the path of the file that they record, `failed` those of migrations that did not end. Files
    up to a baseline are `covered` without a row of their own. `strict`: the tool refuses to go on when an applied file
    was edited.
    """

    table: str
    column: str
    applied: tuple[MigrationFile, ...]
    pending: tuple[MigrationFile, ...]
    without_file: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    rows: Mapping[str, Row] = field(default_factory=dict)
    failed: tuple[Row, ...] = ()
    strict: bool = False
    covered: frozenset[str] = frozenset()

    @property
    def recorded(self) -> tuple[MigrationFile, ...]:
        """The migrations that count as applied, without the schema that they build on."""
        return tuple(file for file in self.applied if not file.standing)

    def __len__(self) -> int:
        """Return the number of migrations that are told apart: the files, and the records without a file."""
        return len(self.applied) + len(self.pending) + len(self.without_file)


@gathers(History, Proof(Method.RECORDED, (Subject.LIVE,)))
def read_history(settings: Settings, migrations: Migrations, connection: Connection, platform: Platform) -> History:
    """Read the history table of the layout that is used, and match its rows with the files."""
    if migrations.directory.layout == COMMAND:
        raise Unavailable(Gap(f"which migrations were applied: the project's own tool records that ({_ALL})"))
    layout = layouts()[migrations.directory.layout]
    named = settings.config.history
    if layout.history and named:
        layout = replace(layout, history=replace(layout.history, tables=(named,)))
    records = read_records(connection.session, layout.history, platform.schemas) if layout.history else None
    if records is None and named:
        raise Unavailable(
            Gap(
                f"which migrations were applied: the live database has no table {'.'.join(named)} as "
                f"{migrations.directory.layout} keeps it ({_ALL})",
                blocking=True,
                way_out="Correct `history` in pgproof.toml.",
            )
        )
    if records is None:
        elsewhere = 'A table with another name is named in pgproof.toml: history = "ops.migrations"'
        raise Unavailable(
            Gap(
                f"which migrations were applied: the live database has no history table ({_ALL})",
                way_out=elsewhere if layout.history else "",
            )
        )
    if records.filtered or not records.readable:
        select = f"grant select on {records.table} to the role"
        way_out = "alter role … bypassrls: row-level security hides rows from it" if records.readable else select
        raise Unavailable(
            Gap(f"which migrations were applied: the role may not read {records.table} ({_ALL})", way_out=way_out)
        )
    history = match(migrations.directory.files, records, layout)
    if history.without_file and not history.recorded:
        raise Unavailable(
            Gap(
                f"which migrations were applied: {records.table} records "
                f"{counted(len(history.without_file), 'migration')}, "
                f"none of which is a file of {migrations.directory.path} ({_ALL})"
            )
        )
    others = other_histories(connection.session, records.table, _marked_histories(), platform.schemas)
    return replace(history, gaps=(*history.gaps, *map(_of_another, others)))


def _marked_histories() -> dict[str, TableOf]:
    """Return the history tables whose names are a tool's own; those of numbered files may be anything."""
    return {name: one.history for name, one in layouts().items() if one.history and name != "numbered"}


def _of_another(found: tuple[str, str]) -> Gap:
    place, tool = found
    return Gap(
        f"what {place} records: it is the history of another tool ({tool}) than the one whose migrations are used"
    )


_BEFORE_ALL = frozenset({"0"})
"""What several tools record first: that nothing was applied yet."""


def match(files: tuple[MigrationFile, ...], records: Records, layout: Layout) -> History:
    """Tell which files the rows record; a tool that keeps the newest version only records all files up to it."""
    assert layout.history is not None
    spellings = {file.path: layout.history.spellings(file) for file in files}
    rows = dict(_own_rows(files, spellings, records.rows, ordered=bool(layout.history.order)))
    applied = {path for path, row in rows.items() if row.counts}
    standing = _standing(records.rows, ordered=bool(layout.history.order))
    if layout.history.rows is Rows.LAST:
        applied = _up_to_the_newest(files, standing, spellings)
    covered = frozenset(
        file.path
        for through in filter(None, (_numbers(row.through) for row in records.rows))
        for file in files
        if file.path not in applied and (own := _numbers(file.version)) and own <= through
    )
    covered |= frozenset(file.path for file in files if file.standing)
    applied |= covered
    known = frozenset[str]().union(*spellings.values())
    gaps = (Gap(f"{counted(records.broken, 'row')} of {records.table} without a value"),) if records.broken else ()
    return History(
        records.table,
        records.column,
        tuple(file for file in files if file.path in applied),
        tuple(file for file in files if file.path not in applied),
        tuple(sorted(row.value for row in standing if row.counts and row.value not in known | _BEFORE_ALL)),
        gaps,
        rows,
        tuple(row for row in standing if row.state == State.FAILED),
        layout.history.strict,
        covered,
    )


def _standing(rows: tuple[Row, ...], *, ordered: bool) -> list[Row]:
    """Return the row that stands for each migration: the last one, or where no order is known one that counts."""
    last = {row.value: row for row in (rows if ordered else sorted(rows, key=lambda row: row.counts))}
    return [last[value] for value in sorted(last)]


def _own_rows(
    files: tuple[MigrationFile, ...], spellings: Mapping[str, frozenset[str]], rows: tuple[Row, ...], *, ordered: bool
) -> Iterator[tuple[str, Row]]:
    """Yield the row of each file that has one; files that are spelled alike have one after the other."""
    standing = {row.value: row for row in _standing(rows, ordered=ordered)}
    alike = Counter(name for names in spellings.values() for name in names)
    written = {value: [row for row in rows if row.value == value] for value, count in alike.items() if count > 1}
    for file in files:
        found = [name for name in sorted(spellings[file.path]) if name in standing]
        if found and ordered and written.get(found[-1]) is not None:
            if written[found[-1]]:
                yield file.path, written[found[-1]].pop(0)
        elif found:
            yield file.path, standing[found[-1]]


def _up_to_the_newest(
    files: tuple[MigrationFile, ...], rows: list[Row], spellings: Mapping[str, frozenset[str]]
) -> set[str]:
    """Return the files up to the newest version that is recorded, without that one when it did not end."""
    newest = max(rows, key=lambda row: _numbers(row.value), default=None)
    if newest is None or not _numbers(newest.value):
        return set()
    up_to = [file for file in files if _numbers(file.version) <= _numbers(newest.value)]
    begun = newest.state == State.FAILED
    return {file.path for file in up_to if not (begun and newest.value in spellings[file.path])}


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, in which zeros at the end mean nothing; `()` when it is none."""
    if not _VERSION.fullmatch(version):
        return ()
    numbers = [int(part) for part in re.findall(r"[0-9]+", version)]
    while numbers[-1:] == [0] and len(numbers) > 1:
        numbers.pop()
    return tuple(numbers)
