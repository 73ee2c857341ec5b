"""Sessions on the live database, which never change it."""

from __future__ import annotations

import psycopg

from pgproof.server.reading import ReadingSession

STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 1_000
IDLE_TIMEOUT_MS = 60_000
CONNECT_TIMEOUT_S = 10


class LiveSession(ReadingSession):
    """Reads a live database: every transaction is read-only and short, and no statement leaves anything behind."""


def connect(url: str) -> LiveSession:
    """Connect to a live database by its URL."""
    connection = psycopg.connect(
        url,
        autocommit=True,
        prepare_threshold=None,
        application_name="pgproof",
        client_encoding="UTF8",
        connect_timeout=CONNECT_TIMEOUT_S,
    )
    local = {
        "statement_timeout": str(STATEMENT_TIMEOUT_MS),
        "lock_timeout": str(LOCK_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS),
        "row_security": "off",
    }
    return LiveSession(connection, local)
