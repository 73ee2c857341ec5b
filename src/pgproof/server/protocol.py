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


def query(connection: psycopg.Connection[Any], sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement with parameters `$1`, `$2`… and return its rows as tuples of Python values.

    Raises
    ------
    psycopg.Error
        The class that belongs to the SQLSTATE; psycopg.OperationalError when the connection is lost.
    """
    transformer = Transformer.from_context(connection)
    values = transformer.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
    pgconn = connection.pgconn
    if pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError("the connection is closed")
    pgconn.send_query_params(sql.encode(), values, transformer.types, transformer.formats)
    result = _result(connection)
    if result.status == pq.ExecStatus.FATAL_ERROR:
        raise _error(pgconn, result)
    if result.status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_BOTH):
        connection.close()
        raise psycopg.NotSupportedError("COPY is not a query")
    if result.status != pq.ExecStatus.TUPLES_OK:
        return []
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


def _result(connection: psycopg.Connection[Any]) -> PGresult:
    """Wait for the last result. Ctrl-C cancels the statement on the server before it goes on."""
    pgconn, last = connection.pgconn, None
    try:
        while pgconn.flush():
            select.select([pgconn.socket], [pgconn.socket], [], _POLL_S)
            pgconn.consume_input()
        while True:
            while pgconn.is_busy():
                select.select([pgconn.socket], [], [], _POLL_S)
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                break
            last = result
            if last.status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_BOTH):
                break
    except KeyboardInterrupt:
        connection.cancel_safe(timeout=2)
        connection.close()
        raise
    if last is None:
        raise psycopg.OperationalError(pgconn.get_error_message())
    return last


def _error(pgconn: PGconn, result: PGresult) -> psycopg.Error:
    if pgconn.status == pq.ConnStatus.BAD and not result.error_field(pq.DiagnosticField.SQLSTATE):
        return psycopg.OperationalError(pgconn.get_error_message())
    return psycopg.errors.error_from_result(result)
