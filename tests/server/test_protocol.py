"""Several statements in one round trip: each alone, in order, up to the first that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from pgproof.server.protocol import query, query_all
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.parametrize("major", [18])


@pytest.fixture
def connection(live: LiveDatabase) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(live.url, autocommit=True) as opened:
        yield opened


def test_each_has_its_rows(connection: psycopg.Connection[Any]) -> None:
    asked = ("begin", "create table t (a int)", "insert into t values (1), (2) returning a", "select 'é'", "commit")
    assert query_all(connection, asked) == [[], [], [(1,), (2,)], [("é",)], []]
    assert query(connection, "select count(*) from t") == [(2,)]


def test_nothing_runs_after_one_that_is_refused(connection: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        query_all(connection, ("begin", "create table t ()", "select 1 / 0", "create table u ()", "commit"))
    assert connection.pgconn.transaction_status == TransactionStatus.INERROR
    assert query_all(connection, ("rollback", "select to_regclass('t')")) == [[], [(None,)]]


def test_a_message_holds_one_statement(connection: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.SyntaxError):
        query_all(connection, ("begin", "select 1; commit"))
    query(connection, "rollback")


def test_a_session_that_ends_says_so(connection: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.Error):
        query_all(connection, ("begin", "select pg_terminate_backend(pg_backend_pid())", "select 1"))
    with pytest.raises(psycopg.Error):
        query_all(connection, ("select 1",))
    with pytest.raises(psycopg.OperationalError):
        query(connection, "select 1")


@pytest.mark.parametrize("text", ["copy (select 1) to stdout", "copy pg_class from stdin"])
def test_copy_is_refused(connection: psycopg.Connection[Any], text: str) -> None:
    with pytest.raises(psycopg.Error):
        query_all(connection, ("begin", text, "commit"))
    assert connection.closed or query_all(connection, ("rollback",)) == [[]]
