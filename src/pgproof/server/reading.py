"""What sessions on a live and on a replayed database share: reading in short transactions that cannot write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import psycopg

from pgproof.model.errors import PgproofError
from pgproof.server.protocol import query

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

BEGIN = "begin transaction isolation level repeatable read, read only"

STABLE_OUTPUT = {
    # pg_temp last: a pooler may hand us a server session in which somebody else has made temporary tables.
    "search_path": "pg_catalog, pg_temp",
    # What a role, a database or the environment may have set, and what deparsed SQL and values depend on.
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "xmlbinary": "base64",
}
"""Settings of each transaction, so that one catalog gives one text."""


class ReadingSession:
    """A session (see `server.session.Session`) on a psycopg connection in autocommit mode.

    `local` are settings of every transaction; no setting of the session is touched.
    """

    def __init__(self, connection: psycopg.Connection[Any], local: Mapping[str, str]) -> None:
        """Take over an open connection."""
        self._connection = connection
        self._settings = [text for pair in {**local, **STABLE_OUTPUT}.items() for text in pair]
        calls = (f"pg_catalog.set_config(${n}, ${n + 1}, true)" for n in range(1, len(self._settings), 2))
        self._set_local = "select " + ", ".join(calls)
        self._inside = False

    @property
    def version(self) -> int:
        """`server_version_num`, for example 150018."""
        return self._connection.info.server_version

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement (parameters `$1`, `$2`…) in the current chunk, or else in a transaction of its own.

        Raises
        ------
        psycopg.Error
            The server refused it, by SQLSTATE.
        """
        if not self._inside:
            with self.chunk():
                return self.rows(sql, parameters)
        answer = self._ask(sql, parameters)
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
            self.close()
            raise psycopg.NotSupportedError("a statement ended pgproof's own transaction; the connection was closed")
        return answer

    def chunk(self) -> AbstractContextManager[None]:
        """Open a read-only transaction with one snapshot, and end it."""
        return self._chunk()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    @contextmanager
    def _chunk(self) -> Iterator[None]:
        if self._inside:
            raise RuntimeError("chunks do not nest")
        self._ask(BEGIN)
        self._inside = True
        try:
            # The first query of a transaction: from here on it cannot be made writable (manual, SET TRANSACTION).
            self._ask(self._set_local, self._settings)
            yield
        except BaseException:
            with suppress(psycopg.Error, PgproofError):
                self._ask("rollback")
            raise
        else:
            self._ask("commit")
        finally:
            self._inside = False

    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return query(self._connection, sql, parameters)
