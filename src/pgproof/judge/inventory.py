"""What is there, as it is shown: plain words and numbers, ready for every report."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.model import Gap

Named = tuple[str, str]
"""An object's kind and its name, as SQL writes it."""


@dataclass(frozen=True, slots=True)
class MigrationEntry:
    """One migration file: its size, its statements, and what became of what it made.

    `created`, `altered` and `dropped` are objects, each as (kind, name); `gone` are those created that stand no more.
    `failed` statements could not be replayed. `applied`: the live database records it; `None`: nobody asked.
    """

    path: str
    lines: int
    size_bytes: int
    statements: int
    failed: int
    created: tuple[Named, ...]
    altered: tuple[Named, ...]
    dropped: tuple[Named, ...]
    gone: tuple[Named, ...]
    applied: bool | None = None


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """One column; `key` is `primary key` or `""`. `default` is an expression; of a generated column the one it has."""

    name: str
    type: str
    not_null: bool
    default: str = ""
    generated: bool = False
    key: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One index; its kinds are `unique`, `partial`, `composite` and `expression`, or `constraint`, or `plain`."""

    name: str
    kinds: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: its columns, and the table and columns that they refer to."""

    name: str
    columns: tuple[str, ...]
    table: str
    referenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table, view, materialized view or foreign table.

    `rows` are `rows_are` "exact" or "estimated" (by the planner's statistics), `None` when not known. `used` is the
    last time that it was scanned, where the server keeps that (PostgreSQL 16 and later). `made_by` is the place in the
    migrations. `privileges` are `role: PRIVILEGE, …`. `sample` are rows, only when they were asked for.
    """

    schema: str
    name: str
    kind: str
    comment: str
    columns: tuple[ColumnEntry, ...]
    indexes: tuple[IndexEntry, ...]
    references: tuple[Reference, ...]
    checks: int
    triggers: tuple[str, ...]
    policies: tuple[str, ...]
    row_security: bool
    privileges: tuple[str, ...]
    made_by: str = ""
    rows: int | None = None
    rows_are: str = ""
    size_bytes: int | None = None
    used: str = ""
    sample: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class RoutineEntry:
    """A function or procedure: signature, result, and what its body reads, writes and calls, as far as it was read."""

    kind: str
    name: str
    result: str
    language: str
    security: str
    volatility: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is in a database, or in what the migrations make.

    `source` says which of the two; `shown` how many tables and routines the filters left of all (`tables`, `routines`
    hold these only). `counts` are numbers by what is counted, as promises count them (docs/contracts.md).
    """

    source: str
    counts: tuple[tuple[str, int], ...]
    migrations: tuple[MigrationEntry, ...]
    tables: tuple[TableEntry, ...]
    routines: tuple[RoutineEntry, ...]
    enums: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int = 0
    gaps: tuple[Gap, ...] = ()
