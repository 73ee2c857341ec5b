"""Real servers for the tests: one private cluster a major version and a worker, one database a test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from pgproof.model.errors import PgproofError
from pgproof.server import binaries
from pgproof.server.folders import CACHE_VARIABLE, cache_folder

if TYPE_CHECKING:
    from pgproof.server.admin import AdminSession
    from pgproof.server.cluster import Cluster
    from pgproof.server.session import Session
    from pgproof.shadow.shadow import Shadow

# No test asserts a time, on a busy machine least of all; and none needs a writable checkout.
settings.register_profile("pgproof", deadline=None, database=None)
settings.load_profile("pgproof")

for _name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"):
    os.environ.pop(_name, None)  # the tests are the same on a runner as anywhere

ROOM = 8 << 30
"""What the servers of a whole run may take together, in bytes, and a little more."""

_made_cache: list[Path] = []
if "PYTEST_XDIST_WORKER" not in os.environ:
    # One cache folder for the whole run, all workers, that root's servers can reach too; not the user's own. In memory
    # where there is room: a data directory is copied there ten times as fast as to a disk.
    _memory = Path("/dev/shm")
    _roomy = _memory.is_dir() and shutil.disk_usage(_memory).free > ROOM
    _made_cache.append(Path(tempfile.mkdtemp(prefix="pgproof-tests-", dir=_memory if _roomy else "/var/tmp")))
    _made_cache[0].chmod(0o755)
    with suppress(PgproofError):
        # 17 comes in no wheel: it is taken from the user's own cache if `pgproof server install 17` put it there.
        if (cache_folder() / "servers" / "17").is_dir():
            (_made_cache[0] / "servers").mkdir()
            (_made_cache[0] / "servers" / "17").symlink_to(cache_folder() / "servers" / "17")
    os.environ[CACHE_VARIABLE] = str(_made_cache[0])

MAJORS = sorted({i.major for i in binaries.find()} & {15, 16, 17, 18})
"""The versions that are tested, of those at hand."""

ENDS = [MAJORS[0], MAJORS[-1]]
"""The oldest, with contrib, and the newest: where versions differ in nothing that lies between."""


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the cache folder."""
    for folder in _made_cache:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files are written, for a person to read, only when asked for."""
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file in the folder `golden` beside the test; `pytest --update-golden` writes it instead."""

    def compare(name: str, text: str) -> None:
        path = request.path.parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"{name} differs; pytest --update-golden writes it anew"

    return compare


class LiveDatabase:
    """A database that plays the live one: its owner is the superuser `postgres`."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster = cluster
        self.name = name
        self.url = self.url_as("postgres")
        self._sessions: list[Any] = []

    def url_as(self, role: str) -> str:
        """Return the URL for another role (all may log in without a password)."""
        return self.cluster.dsn(role, self.name)

    def execute(self, sql: str) -> None:
        """Run statements, separated by semicolons, as `postgres`."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return a query's rows, as `postgres`."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    def admin_session(self) -> AdminSession:
        """Return a superuser's reading session; it is closed with the test."""
        from pgproof.server.admin import AdminSession

        session = AdminSession(self.cluster, self.name)
        self._sessions.append(session)
        return session

    def session(self, role: str = "postgres") -> Session:
        """Return the session that pgproof has on a live database; it is closed with the test."""
        from pgproof.server.live import connect

        session = connect(self.url_as(role))
        self._sessions.append(session)
        return session

    def close(self) -> None:
        """Close the sessions."""
        for session in self._sessions:
            session.close()


_clusters: dict[int, Cluster] = {}
_names = count(1)


def running_cluster(major: int) -> Cluster:
    """Return this worker's cluster of a major version, started at first use."""
    from pgproof.server.admin import AdminSession
    from pgproof.server.cluster import Cluster

    if major not in _clusters:
        cluster = Cluster(binaries.choose(major)).start()
        _clusters[major] = cluster
        with AdminSession(cluster, "template1") as admin:
            admin.execute("create role postgres superuser login")
    return _clusters[major]


@pytest.fixture(scope="session", autouse=True)
def _clusters_end() -> Iterator[None]:
    yield
    while _clusters:
        _clusters.popitem()[1].stop()


@pytest.fixture(params=MAJORS, ids=[f"pg{major}" for major in MAJORS])
def major(request: pytest.FixtureRequest) -> int:
    """Each major version that is tested; override with `@pytest.mark.parametrize("major", [18])`."""
    value: int = request.param
    return value


@pytest.fixture(params=ENDS, ids=[f"pg{major}" for major in ENDS])
def oldest_and_newest(request: pytest.FixtureRequest) -> int:
    """For the `major` of a folder that need not try what lies between."""
    value: int = request.param
    return value


@pytest.fixture
def cluster(major: int) -> Cluster:
    """A running private cluster, shared by the tests of a worker: make databases in it, not roles."""
    return running_cluster(major)


def make_live(cluster: Cluster) -> LiveDatabase:
    """Make a fresh database owned by `postgres` on a cluster."""
    from pgproof.server.admin import AdminSession

    name = f"live_{next(_names)}"
    with AdminSession(cluster, "template1") as admin:
        admin.execute(f"create database {name} owner postgres strategy file_copy")
    return LiveDatabase(cluster, name)


@pytest.fixture
def live(cluster: Cluster) -> Iterator[LiveDatabase]:
    """A fresh database that plays the live one. Roles belong to the cluster: drop what a test makes, or name it so."""
    from pgproof.server.admin import AdminSession

    database = make_live(cluster)
    yield database
    database.close()
    with AdminSession(cluster, "template1") as admin:
        admin.execute(f"drop database {database.name} with (force)")


@dataclass(frozen=True)
class EmptyPlatform:
    """A platform that adds nothing."""

    name: str = "empty"
    sql: str = ""


@pytest.fixture
def shadow(major: int) -> Iterator[Shadow]:
    """A private server for replay that no other test uses; `with shadow.database() as database` gives a database."""
    from pgproof.shadow.shadow import open_shadow

    key = f"{os.getpid()} {next(_names)}"
    with open_shadow(key, binaries.choose(major), EmptyPlatform()) as opened:
        yield opened
