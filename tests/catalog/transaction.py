"""A session inside of somebody's open transaction, so that a test can read what it changed and roll it back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from pgproof.server.protocol import query
from pgproof.server.reading import STABLE_OUTPUT

if TYPE_CHECKING:
    from psycopg import Connection


class TransactionSession:
    """A session (see `server.session.Session`) whose chunks are all one transaction: the caller's."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        calls = ", ".join(f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in STABLE_OUTPUT.items())
        query(connection, f"select {calls}")

    @property
    def version(self) -> int:
        return self.connection.info.server_version

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return query(self.connection, sql, parameters)

    def chunk(self) -> AbstractContextManager[None]:
        return nullcontext()
