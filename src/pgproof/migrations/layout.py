"""What a reader of a migration tool's directory tells: how to recognise it, read it, and find what was applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pgproof.migrations.checksums import Contents, Digests
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder


class Transaction(StrEnum):
    """How the tool sends a file to the server."""

    FILE = "file"
    """One transaction around each file: what refuses a transaction block fails, unless the file asks for none."""
    QUERY = "query"
    """The whole file as one simple query: an implicit transaction, except that a single statement stands alone."""
    STATEMENT = "statement"
    """One statement after the other, each committed on its own, as psql does."""


class Rows(StrEnum):
    """What the rows of a history table mean."""

    EACH = "each"
    """A row for every migration that was applied."""
    LAST = "last"
    """One row with the newest version: it and all before it were applied."""


class State(StrEnum):
    """How a row of a history table came about, beyond a migration that ran to its end."""

    FAILED = "failed"
    """It was begun and did not end."""
    MARKED = "marked"
    """Somebody said that it was applied; it was never run by the tool."""
    UNDONE = "undone"
    """It was taken back."""


@dataclass(frozen=True, slots=True)
class History:
    """Where a tool records what it applied.

    Parameters
    ----------
    tables
        (schema, table), most usual first: the first one that exists is read.
    version
        Columns that hold what `spellings` gives; the first one that the table has is read.
    spellings
        The texts by which a row may name a file. The row's value is compared as text.
    name, statements, applied_at
        Further columns when the tool has them, else `""`; `statements` is what was really run (`text[]` or `text`).
    counts
        A SQL condition over the table's columns for rows that count as applied; `""`: all do.
    order
        The column by which the rows were written one after the other: of several rows for a file the last one stands,
        and several files of one spelling have a row each, in their order.
    shape
        All columns of the table, where no other table has just these: so it is known under any name.
    checksum, digests
        The column that holds a file's checksum, and the function that computes what it may hold (`checksums`). A
        `cumulative` one covers all files before it, too: after one that differs nobody can tell.
    strict
        Whether the tool refuses to go on when a file was edited after it was applied.
    state
        A SQL expression, over columns that are all named in `state_columns`, for how a row came about: see `State`.
    value
        A SQL expression for what `spellings` gives, when the version's column alone is not it.
    through
        A SQL expression over the same columns: the version up to which everything counts as applied, else null.
    """

    tables: tuple[tuple[str, str], ...]
    version: tuple[str, ...]
    spellings: Callable[[MigrationFile], frozenset[str]] = lambda file: frozenset({file.version})
    name: str = ""
    statements: str = ""
    applied_at: str = ""
    counts: str = ""
    rows: Rows = Rows.EACH
    order: str = ""
    shape: frozenset[str] = frozenset()
    checksum: str = ""
    digests: Callable[[Contents], Digests] | None = None
    cumulative: bool = False
    strict: bool = False
    state: str = ""
    state_columns: tuple[str, ...] = ()
    through: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One migration tool's way to lay out its files.

    `recognise` says from 0 (no) to 1 (certain) how much a folder looks like it; `read` reads a folder that was
    recognised or that the user named; `nested` says that the folders in it belong to it. `transaction` says how the
    tool runs a file that does not say otherwise. `history` is `None` when the tool records nothing in the database, or
    its table cannot be known from the files.
    """

    name: str
    recognise: Callable[[Folder], float]
    read: Callable[[Folder], MigrationDirectory]
    transaction: Transaction
    history: History | None = None
    nested: bool = False

    @property
    def transactional(self) -> bool:
        """Whether a file that does not say otherwise runs in one transaction (a lone statement may be an exception)."""
        return self.transaction is not Transaction.STATEMENT
