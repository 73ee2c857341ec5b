"""Connections to our own servers, and to nothing else: the environment has no say in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import psycopg

from pgproof.server.cluster import Cluster

# libpq has no parameter that would overrule these, and they change what a session answers.
_NO_PARAMETER = ("PGTZ", "PGDATESTYLE", "PGGEQO", "PGSERVICE")


def connect_private(
    cluster: Cluster, role: str, database: str, password: str = "", settings: Mapping[str, str] | None = None
) -> psycopg.Connection[Any]:
    """Connect to a private cluster, in autocommit mode; `settings` hold for the session.

    Every parameter is given: libpq would fill the rest from the environment, and with `PGHOSTADDR` it would go to
    another server than the one whose socket is named.

    Raises
    ------
    ServerDied
        The server is gone.
    psycopg.OperationalError
        It refused the connection.
    """
    ignore_environment()
    options = " ".join(f"-c {name}={_escaped(value)}" for name, value in (settings or {}).items())
    parameters: dict[str, Any] = {
        "host": str(cluster.socket_dir),
        "hostaddr": "",
        "port": cluster.port,
        "user": role,
        "dbname": database,
        "password": password,
        "passfile": "/nonexistent/pgpass",
        "options": options,
        "application_name": "pgproof",
        "client_encoding": "UTF8",
        "sslmode": "disable",
        "gssencmode": "disable",
        "channel_binding": "disable",
        "target_session_attrs": "any",
        "connect_timeout": 10,
    }
    if psycopg.pq.version() >= 160000:
        parameters["require_auth"] = "none,scram-sha-256"
        parameters["load_balance_hosts"] = "disable"
    try:
        return psycopg.connect(autocommit=True, prepare_threshold=None, **parameters)
    except psycopg.OperationalError as error:
        cluster.check(error)
        raise


def ignore_environment() -> None:
    """Forget the variables of libpq that no parameter overrules."""
    for name in _NO_PARAMETER:
        os.environ.pop(name, None)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")
