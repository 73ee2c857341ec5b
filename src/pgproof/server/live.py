"""Sessions on the live database, which never change it.

A read-only transaction alone does not promise that: a string sent by the simple protocol may carry its own COMMIT. So
every statement goes alone, by the extended protocol, inside `BEGIN READ ONLY` with local timeouts; no state is left in
the session, so that poolers in transaction mode work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from pgproof.model.errors import PgproofError
from pgproof.server.binaries import NEWEST, OLDEST
from pgproof.server.private import ignore_environment
from pgproof.server.reading import ReadingSession
from pgproof.server.target import Target, read_url
from pgproof.server.unreachable import explain_unreachable, lost

STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 200
"""Well below `deadlock_timeout` (1 s): when a migration and we wait for each other, it is we who give up."""
IDLE_TIMEOUT_MS = 60_000
CONNECT_TIMEOUT_S = 10

_LOCAL = {
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS),
    # A count that row-level security would falsify becomes an error, not a silent 0.
    "row_security": "off",
    # Thousands of tables make a query cost enough to be compiled, which takes longer than the query.
    "jit": "off",
}
_DEFAULTS = {
    # Else PGHOSTADDR would lead to another server than the one that was named.
    "hostaddr": "",
    "connect_timeout": str(CONNECT_TIMEOUT_S),
    "application_name": "pgproof",
    "client_encoding": "UTF8",
    # A host that vanishes is noticed.
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}


class LiveSession(ReadingSession):
    """Reads a live database; every transaction is short and read-only.

    `target` says where it is, without a password. `warnings` are what the user should know before he relies on it.
    """

    def __init__(self, connection: psycopg.Connection[Any], target: Target) -> None:
        """Take over an open connection."""
        super().__init__(connection, _LOCAL)
        self.target = target
        self.warnings: tuple[str, ...] = ()
        major = self.version // 10_000
        if major > NEWEST:
            self.warnings = (
                f"PostgreSQL {major} is newer than pgproof knows ({OLDEST} to {NEWEST}); what is new is not read.",
            )

    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return super()._ask(sql, parameters)
        except psycopg.OperationalError as error:
            if self._connection.pgconn.status != psycopg.pq.ConnStatus.OK:
                raise lost(error, self.target) from None
            raise


def connect(url: str) -> LiveSession:
    """Connect to a live database.

    Raises
    ------
    UsageError
        The URL cannot be read.
    PgproofError
        The database cannot be reached, or its version is not supported. No message holds a password.
    """
    target = read_url(url)
    ignore_environment()
    try:
        conninfo = make_conninfo("", **{**_DEFAULTS, **target.parameters})
        connection = psycopg.connect(conninfo, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        raise explain_unreachable(error, target) from None
    version = connection.info.server_version
    if version < OLDEST * 10_000:
        connection.close()
        shown = (
            f"{version // 10_000}.{version % 10_000}"
            if version >= 100_000
            else f"{version // 10_000}.{version // 100 % 100}"
        )
        raise PgproofError(
            f"{target} runs PostgreSQL {shown}, which pgproof does not support.",
            f"PostgreSQL {OLDEST} to {NEWEST} are supported; older ones get no fixes any more.",
        )
    return LiveSession(connection, target)
