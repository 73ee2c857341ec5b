"""The superuser's session."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import LiveDatabase


def test_rows_are_python_values(live: LiveDatabase) -> None:
    rows = live.admin_session().rows("select $1::int + 1, array['a', null], 'x'::name, null", (1,))
    assert rows == [(2, ["a", None], "x", None)]


def test_a_chunk_reads_one_snapshot(live: LiveDatabase) -> None:
    session = live.admin_session()
    with session.chunk():
        before = session.rows("select count(*) from pg_class where relname = 'later'")
        live.execute("create table later ()")
        assert session.rows("select count(*) from pg_class where relname = 'later'") == before
    assert session.rows("select count(*) from pg_class where relname = 'later'") == [(1,)]


def test_a_chunk_cannot_write(live: LiveDatabase) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        live.admin_session().rows("create table t ()")
