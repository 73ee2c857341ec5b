"""The owner's session in a private database: statements that may be refused, kept or rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

from pgproof.probes.refusal import Answer, Refusal
from pgproof.server.protocol import query, query_all

if TYPE_CHECKING:
    from psycopg import Connection

QUERY_CANCELED = "57014"
_TRANSACTION = ("begin", ("commit",), ("rollback",))
_SAVEPOINT = (
    "savepoint pgproof",
    ("release savepoint pgproof",),
    ("rollback to savepoint pgproof", "release savepoint pgproof"),
)
"""How a transaction, or one inside of another, begins, ends, and is undone."""
_LOST = ""
"""The state of a connection that the server, or what it ran, has ended."""


@dataclass(slots=True)
class Session:
    """A connection that is opened again when it was lost. Autocommit, unless inside of `kept` or `undone`."""

    connect: Callable[[], Connection[Any]]
    limit_ms: int = 2_000
    lost: int = field(default=0)
    """How often the connection was lost."""
    settings: dict[str, str] = field(default_factory=dict)
    """What is set in each new connection."""
    _connection: Connection[Any] | None = field(default=None)
    _depth: int = field(default=0)
    _broken: bool = field(default=False)

    @property
    def connection(self) -> Connection[Any]:
        """The connection, opened if it is not."""
        if self._connection is None or self._connection.closed:
            self._connection = self.connect()
            self._connection.execute(f"set statement_timeout = {self.limit_ms}")
            self._connection.execute(f"set lock_timeout = {self.limit_ms}")
            self._configure(self._connection)
        return self._connection

    def configure_path(self, search_path: str) -> None:
        """Look for names along this path, which is written as SQL writes it, also in later connections."""
        self.connection.execute(f"set search_path = {search_path}".encode())
        [(self.settings["search_path"],)] = self.rows("select pg_catalog.current_setting('search_path')")

    def configure(self, settings: Mapping[str, str]) -> None:
        """Set these settings, in this connection and in those that come after it."""
        self.settings |= settings
        self._configure(self.connection)

    def _configure(self, connection: Connection[Any]) -> None:
        for name, value in self.settings.items():
            query(connection, "select pg_catalog.set_config($1, $2, false)", (name, value))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement with parameters `$1`, `$2`… and return its rows; psycopg.Error when it is refused."""
        return query(self.connection, sql, parameters)

    def ask(self, *statements: str, keep: bool = False) -> Answer:
        """Run statements in one transaction, or below a savepoint of the open one; kept only if asked, and if all pass.

        Deferred constraints are checked at the end in any case.
        """
        if self._broken:
            return Answer(refusal=Refusal(_LOST, "the session ended before"))
        inside = self.connection.pgconn.transaction_status != TransactionStatus.IDLE
        begin, end, undo = _SAVEPOINT if inside else _TRANSACTION
        try:
            asked = (begin, *statements, "set constraints all immediate", *(end if keep else undo))
            answers = query_all(self.connection, asked)
        except psycopg.Error as error:
            refusal = self._refusal(error)
            self._undo(undo)
            return Answer(refusal=refusal)
        return Answer(tuple(answers[len(statements)]))

    def _undo(self, undo: Sequence[str]) -> None:
        if self._connection is not None and not self._connection.closed:
            with suppress(psycopg.Error):  # what was run has ended the transaction itself
                query_all(self._connection, undo)

    def alone(self, statement: str) -> Answer:
        """Run one statement outside of any transaction of ours: it may commit."""
        try:
            return Answer(tuple(self.rows(statement)))
        except psycopg.Error as error:
            return Answer(refusal=self._refusal(error))

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo all that is asked inside at its end. When the connection is lost inside, the rest is refused too."""
        self._depth += 1
        try:
            with self._transaction(undo=True):
                yield
        except psycopg.Error:
            if not self._broken:
                raise
        finally:
            self._depth -= 1
            self._broken = self._broken and self._depth > 0

    @contextmanager
    def _transaction(self, *, undo: bool) -> Iterator[None]:
        with self.connection.transaction(force_rollback=undo):
            yield

    def _refusal(self, error: psycopg.Error) -> Refusal:
        said = error.diag
        if self._connection is None or self._connection.closed:
            self.lost += 1
            self._broken = self._depth > 0
        return Refusal(
            error.sqlstate or _LOST,
            said.message_primary or (str(error).splitlines() or [""])[0],
            said.constraint_name or "",
            said.column_name or "",
            (said.schema_name or "", said.table_name or ""),
            said.context or "",
        )

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
