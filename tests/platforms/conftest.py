"""Private servers that offer stand-ins: one of each version and platform a worker, a transaction a test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from pgproof.platforms import load
from pgproof.server import binaries
from pgproof.shadow.database import Database
from pgproof.shadow.shadow import Shadow, open_shadow
from pgproof.sql.parse import parse
from tests.conftest import MAJORS

_open = ExitStack()
_shadows: dict[tuple[int, str], Shadow] = {}
_owners: dict[tuple[int, str], Owner] = {}


@pytest.fixture(scope="session", autouse=True)
def _shadows_end() -> Iterator[None]:
    yield
    _open.close()
    _owners.clear()
    _shadows.clear()


@pytest.fixture
def major(oldest_and_newest: int) -> int:
    """Two versions."""
    return oldest_and_newest


class Owner:
    """The owner's session in a database for replay."""

    def __init__(self, database: Database, connection: psycopg.Connection[Any]) -> None:
        self.database = database
        self.connection = connection

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner, one alone with elevation where that is due; return the last one's rows."""
        trees = parse(sql)
        if len(trees) == 1 and self.database.needs_elevation(trees[0]):
            self.database.elevate(self.connection, sql)
            return []
        cursor = self.connection.execute(sql.encode())
        while cursor.nextset():
            pass
        return cursor.fetchall() if cursor.description else []

    def value(self, sql: str) -> Any:
        """Return the only value of a query."""
        ((value,),) = self.run(sql)
        return value

    def values(self, sql: str) -> list[Any]:
        """Return the values of a query's only column."""
        return [value for (value,) in self.run(sql)]

    def create(self, extension: str, schema: str = "") -> None:
        """Create an extension, and what it requires."""
        self.run(f'create extension "{extension}" {schema and "schema " + schema} cascade')

    def refusal(self, sql: str) -> str:
        """Return the SQLSTATE that statements fail with."""
        with pytest.raises(psycopg.Error) as caught, self.connection.transaction():
            self.run(sql)
        return caught.value.sqlstate or ""


def running_shadow(major: int, platform: str = "plain") -> Shadow:
    """Return this worker's private server of a version and platform, started at first use."""
    if (major, platform) not in _shadows:
        key = f"platforms {os.getpid()} {platform}"
        opened = open_shadow(key, binaries.choose(major), load(platform))
        _shadows[major, platform] = _open.enter_context(opened)
    return _shadows[major, platform]


def in_transaction(major: int, platform: str = "plain") -> Iterator[Owner]:
    """Give the owner's session in a transaction that is undone, for a fixture."""
    if (major, platform) not in _owners:
        database = _open.enter_context(running_shadow(major, platform).database())
        _owners[major, platform] = Owner(database, _open.enter_context(database.connect()))
    owner = _owners[major, platform]
    with owner.connection.transaction(force_rollback=True):
        yield owner


def lacking(extension: str) -> list[int]:
    """Return the tested versions whose installation has not the real extension."""
    return [
        major for major in MAJORS if not (binaries.choose(major).share / "extension" / f"{extension}.control").exists()
    ]


@pytest.fixture
def owner(major: int) -> Iterator[Owner]:
    """The owner on plain PostgreSQL, in a transaction that is undone."""
    yield from in_transaction(major)


@pytest.fixture
def supabase(major: int) -> Iterator[Owner]:
    """The owner on Supabase, in a transaction that is undone."""
    yield from in_transaction(major, "supabase")


@pytest.fixture
def fresh(major: int) -> Iterator[Owner]:
    """The owner of a database of its own, in autocommit mode."""
    with running_shadow(major).database() as database, database.connect() as connection:
        yield Owner(database, connection)
