"""The superuser's session in a replayed database.

Whatever a migration left there must not run with the superuser's rights: user event triggers are off from the first
moment (an `ON login` trigger would fire before any statement of ours), and only catalog queries are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from pgproof.server.cluster import Cluster
from pgproof.server.image import ADMIN
from pgproof.server.private import connect_private
from pgproof.server.reading import ReadingSession

STATEMENT_TIMEOUT_MS = 120_000
LOCK_TIMEOUT_MS = 5_000
"""Longer than anybody but a migration's own open transaction would hold a lock."""


class AdminSession(ReadingSession):
    """Reads a replayed database as a superuser, and runs pgproof's own statements there."""

    def __init__(self, cluster: Cluster, database: str) -> None:
        """Connect."""
        super().__init__(connect_admin(cluster, database), {"row_security": "off"})

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement of pgproof's own that may write, outside a transaction block."""
        return self._ask(sql, parameters)


def connect_admin(cluster: Cluster, database: str) -> psycopg.Connection[Any]:
    """Connect as the superuser with the settings that protect it from what a replay left behind."""
    # Startup options win over `ALTER DATABASE … SET`, which the migrations' role may use.
    settings = {
        "search_path": "pg_catalog,pg_temp",
        "statement_timeout": str(STATEMENT_TIMEOUT_MS),
        "lock_timeout": str(LOCK_TIMEOUT_MS),
    }
    if cluster.installation.major >= 17:
        settings["event_triggers"] = "off"
    else:
        settings["session_replication_role"] = "replica"
    return connect_private(cluster, ADMIN, database, cluster.admin_password(), settings)
