"""A live database that cannot be written to: a standby, or one that says so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.evidence.settings import Settings
from pgproof.judge.result import Verdict
from pgproof.model.errors import PgproofError
from pgproof.project.config import Config
from pgproof.server import binaries
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster
from pgproof.server.confinement import confinement
from pgproof.server.copying import copy_tree
from pgproof.server.image import base_image
from pgproof.server.live import connect
from pgproof.server.session import Session
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

SCHEMA = "create table note (id int primary key, body text); create view titles as select body from note;"


@pytest.fixture
def standby(major: int) -> Iterator[Cluster]:
    """A server in standby mode (manual, section 27.2), with a database `live`."""
    installation, uid = binaries.choose(major), confinement().uid
    image = base_image(installation)
    folder = Path(tempfile.mkdtemp(prefix="pgproof-standby-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        copy_tree(image.data, folder / "data", uid)
        with Cluster(installation, image=image, data=folder / "data") as primary:
            with AdminSession(primary, "template1") as admin:
                admin.execute("create role reader login")
                admin.execute("create role postgres superuser login")
                admin.execute("create database live owner postgres")
            with psycopg.connect(primary.dsn("postgres", "live")) as connection:
                connection.execute(SCHEMA)
        signal = folder / "data" / "standby.signal"
        signal.touch()
        if uid is not None:
            os.chown(signal, uid, uid)
        with Cluster(installation, image=image, data=folder / "data") as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_note.sql").write_text(SCHEMA)
    return tmp_path


def test_a_standby_is_checked_as_any_other(standby: Cluster, root: Path, major: int) -> None:
    url = standby.dsn("reader", "live")
    with psycopg.connect(url) as connection:
        assert connection.execute("select pg_is_in_recovery()").fetchone() == (True,)
    result = check(Settings(root, Config(server=major), url))
    assert (result.verdict, result.findings) == (Verdict.GO, ())


def test_a_database_that_is_read_only_by_default_is_checked_as_any_other(
    live: LiveDatabase, root: Path, major: int
) -> None:
    live.execute(SCHEMA)
    live.execute(f"alter database {live.name} set default_transaction_read_only = on")
    result = check(Settings(root, Config(server=major), live.url))
    assert (result.verdict, result.findings) == (Verdict.GO, ())


class Cancelled:
    """A session on a replica that is cancelled so many times, since something has to be replayed there."""

    def __init__(self, session: Session, times: int) -> None:
        self._session = session
        self._times = times

    @property
    def version(self) -> int:
        return self._session.version

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        if self._times and "pg_attribute" in sql:
            self._times -= 1
            return self._session.rows("select public.conflict()")
        return self._session.rows(sql, parameters)

    def chunk(self) -> AbstractContextManager[None]:
        return self._session.chunk()


@pytest.mark.parametrize("major", [18])
def test_what_a_replica_cancels_is_read_again(live: LiveDatabase) -> None:
    live.execute(f"""
        {SCHEMA}
        create function conflict() returns void language plpgsql as $$ begin
            raise exception 'canceling statement due to conflict with recovery' using errcode = '40001'; end $$
    """)
    with connect(live.url) as session:
        assert snapshot.read(Cancelled(session, 2)) == snapshot.read(session)
        with pytest.raises(PgproofError, match="in 3 attempts: canceling statement due to conflict with recovery"):
            snapshot.read(Cancelled(session, 3))
