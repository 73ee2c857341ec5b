"""One statement a message: the extended query protocol (manual, section 55.2.3), always.

psycopg sends a statement without parameters by the simple protocol, where one string may hold several statements and
so its own COMMIT. Here the server itself refuses a second statement (42601). The statement is unnamed: nothing stays
behind in a session, as poolers in transaction mode require.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

_POLL_S = 0.2
_COPY = (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_BOTH)


def query(connection: psycopg.Connection[Any], sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement with parameters `$1`, `$2`… and return its rows as tuples of Python values.

    Raises
    ------
    psycopg.Error
        The class that belongs to the SQLSTATE; psycopg.OperationalError when the connection is lost.
    """
    transformer = Transformer.from_context(connection)
    values = transformer.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
    pgconn = _open(connection)
    pgconn.send_query_params(sql.encode(), values, transformer.types, transformer.formats)
    return _rows(connection, _result(connection))


def query_all(connection: psycopg.Connection[Any], statements: Sequence[str]) -> list[list[tuple[Any, ...]]]:
    """Run statements, each a message of its own, in one round trip (libpq's pipeline mode) and return the rows of each.

    What comes after a statement that is refused is not run; a transaction that was begun is left as it is.

    Raises
    ------
    psycopg.Error
        As `query` does, for the first that is refused.
    """
    pgconn = _open(connection)
    pgconn.enter_pipeline_mode()
    answers: list[list[tuple[Any, ...]]] = []
    try:
        for statement in statements:
            pgconn.send_query_params(statement.encode(), None)
        pgconn.pipeline_sync()
        for _ in statements:
            answers.append(_rows(connection, _result(connection)))
    finally:
        if pgconn.status == pq.ConnStatus.OK:
            _until_sync(connection)
            pgconn.exit_pipeline_mode()
    return answers


def _until_sync(connection: psycopg.Connection[Any]) -> None:
    """Read the rest of a pipeline. A lost connection has no rest."""
    while connection.pgconn.status == pq.ConnStatus.OK:
        result = next_result(connection)
        if result is not None and result.status == pq.ExecStatus.PIPELINE_SYNC:
            return


def _open(connection: psycopg.Connection[Any]) -> PGconn:
    if connection.pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError("the connection is closed")
    return connection.pgconn


def _rows(connection: psycopg.Connection[Any], result: PGresult) -> list[tuple[Any, ...]]:
    if result.status == pq.ExecStatus.FATAL_ERROR:
        raise _error(connection.pgconn, result)
    if result.status in _COPY:
        connection.close()
        raise psycopg.NotSupportedError("COPY is not a query")
    if result.status != pq.ExecStatus.TUPLES_OK:
        return []
    transformer = Transformer.from_context(connection)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


def _result(connection: psycopg.Connection[Any]) -> PGresult:
    """Wait for the last result of a statement."""
    last = None
    while (result := next_result(connection)) is not None:
        last = result
        if last.status in _COPY:
            break
    if last is None:
        raise psycopg.OperationalError(connection.pgconn.get_error_message())
    return last


def next_result(connection: psycopg.Connection[Any]) -> PGresult | None:
    """Wait for the next result. Ctrl-C cancels the statement on the server before it goes on.

    It reads while it sends: libpq's own PQgetResult only sends, and a server whose answers nobody takes reads no more.

    Raises
    ------
    psycopg.OperationalError
        The connection is lost.
    """
    pgconn = connection.pgconn
    try:
        while pgconn.flush():
            select.select([pgconn.socket], [pgconn.socket], [], _POLL_S)
            pgconn.consume_input()
        while pgconn.is_busy():
            select.select([pgconn.socket], [], [], _POLL_S)
            pgconn.consume_input()
        return pgconn.get_result()
    except KeyboardInterrupt:
        connection.cancel_safe(timeout=2)
        connection.close()
        raise


def _error(pgconn: PGconn, result: PGresult) -> psycopg.Error:
    if pgconn.status == pq.ConnStatus.BAD and not result.error_field(pq.DiagnosticField.SQLSTATE):
        return psycopg.OperationalError(pgconn.get_error_message())
    return psycopg.errors.error_from_result(result)
