"""The demo: a packaged project and its live database, both real, on a private server."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result
from pgproof.model.errors import UsageError
from pgproof.project.config import read_config
from pgproof.server import binaries
from pgproof.workflows.check import check

FOLDER = "pgproof-demo"
_DATABASE = "bookings"
_OWNER = "bookings_owner"
_READER = "pgproof_reader"


def unpack(folder: Path) -> bool:
    """Copy the project to `folder` unless it is there already; say whether it was copied.

    Raises UsageError when the folder holds something else.
    """
    if (folder / "live.sql").exists():
        return False
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is there already, and is not the demo.", "Name another folder: pgproof demo FOLDER")
    with as_file(files("pgproof.demo") / "project") as packaged:
        shutil.copytree(packaged, folder, dirs_exist_ok=True)
    return True


def next_step(folder: Path) -> str:
    """Return what to try next."""
    return (files("pgproof.demo") / "next_step.txt").read_text("utf-8").format(project=folder)


def demo(folder: Path, major: int | None, progress: Callable[[str], None]) -> Result:
    """Make the live database of the project in `folder` on a private server, and check the project against it.

    `major` is the version of PostgreSQL; None: the best one at hand.
    """
    import psycopg

    from pgproof.server.admin import AdminSession
    from pgproof.server.cluster import Cluster
    from pgproof.sql.script import Sql, read_script

    progress("starting a private PostgreSQL for the live database")
    with Cluster(binaries.choose(major)) as cluster:
        with AdminSession(cluster, "template1") as admin:
            admin.execute(f"create role {_OWNER} login createrole")
            admin.execute(f"create role {_READER} login in role pg_read_all_data")
            admin.execute(f"create database {_DATABASE} owner {_OWNER}")
        script = read_script((folder / "live.sql").read_text("utf-8"), "live.sql", folder)
        with psycopg.connect(cluster.dsn(_OWNER, _DATABASE), autocommit=True) as connection:
            for step in script:
                if not isinstance(step, Sql):
                    raise UsageError(
                        f"{folder / 'live.sql'} has more than SQL at {step.location}.", "Delete the folder."
                    )
                connection.execute(step.statement.text.encode())
        settings = Settings(folder, read_config(folder), cluster.dsn(_READER, _DATABASE), progress=progress)
        return check(settings)
