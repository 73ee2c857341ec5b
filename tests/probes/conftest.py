"""A schema in a live database's place, and rows in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.probes.rows.world import World
from pgproof.probes.session import Session
from tests.conftest import LiveDatabase

Fill = Callable[..., World]
"""Makes a schema of SQL, and rows in all of its tables; `limit_ms` is how long one statement may take."""


@pytest.fixture
def major(oldest_and_newest: int) -> int:
    """What lies between has nothing of its own here."""
    return oldest_and_newest


@pytest.fixture
def fill(live: LiveDatabase) -> Iterator[Fill]:
    """Fill schemas in the live database; the sessions are closed with the test."""
    sessions: list[Session] = []

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(live.url, autocommit=True, prepare_threshold=None)

    def filled(sql: str, limit_ms: int = 5_000) -> World:
        live.execute(f"alter database {live.name} set track_functions = 'all'")
        live.execute(sql)
        sessions.append(Session(connect, limit_ms))
        world = World(sessions[-1], snapshot.read(live.admin_session()))
        world.fill(sorted(world.tables))
        return world

    yield filled
    for session in sessions:
        session.close()
