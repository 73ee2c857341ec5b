"""Full file systems, each a small one that is mounted for the test alone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.server.holder import MOUNTS, PROJECT, cache_for

_BEGIN = """
import json, sys
from pathlib import Path
import psycopg
from pgproof.server import binaries, place
from pgproof.server.cluster import Cluster
from pgproof.server.failure import NoSpace
from pgproof.server.image import base_image
from pgproof.server.private import connect_private
installation = binaries.choose(18)
image = base_image(installation)
run = place.subfolder("run")
def mount(path, size):
    import subprocess
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=0755", "none", str(path)], check=True)
def admin(cluster):
    return connect_private(cluster, "pgproof_admin", "template1", cluster.admin_password())
def say(**words):
    print(json.dumps(words))
"""


def in_a_small_place(script: str) -> dict[str, str]:
    with cache_for("ourselves") as cache:
        done = subprocess.run(
            [*MOUNTS, sys.executable, "-c", _BEGIN + script],
            capture_output=True,
            text=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PGPROOF_CACHE": str(cache)},
            cwd=PROJECT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, str] = json.loads(done.stdout)
        return said


def test_64_mb_of_shared_memory_as_docker_gives_it() -> None:
    said = in_a_small_place("""
mount("/dev/shm", 64)
with Cluster(installation) as cluster, admin(cluster) as connection:
    connection.execute("create table t as select generate_series(1, 1000000)")
    ((data,),) = connection.execute("show data_directory").fetchall()
    say(data=data, run=str(run))
""")
    assert said["data"].startswith(said["run"])


def test_memory_that_fills_up_at_the_start_is_exchanged_for_the_disk() -> None:
    said = in_a_small_place("""
mount("/dev/shm", 8)
place.WANTED_BYTES = 0
with Cluster(installation) as cluster, admin(cluster) as connection:
    ((data,),) = connection.execute("show data_directory").fetchall()
    say(data=data, run=str(run), left=str(list(Path("/dev/shm").glob("*/d"))))
""")
    assert said["data"].startswith(said["run"])
    assert said["left"] == "[]"


def test_a_full_disk_at_the_start_is_said() -> None:
    said = in_a_small_place("""
mount(run, 8)
try:
    with Cluster(installation, on_disk=True):
        pass
except NoSpace as error:
    say(problem=error.problem, way_out=error.way_out, left=str(list(run.iterdir())))
""")
    assert "no space left" in said["problem"]
    assert "PGPROOF_CACHE" in said["way_out"]
    assert said["left"] == "[]"


def test_a_table_that_does_not_fit_is_no_mistake_of_its_statement() -> None:
    said = in_a_small_place("""
mount(run, 48)
try:
    with Cluster(installation, on_disk=True) as cluster, admin(cluster) as connection:
        connection.execute("create unlogged table t as select repeat('x', 1000) from generate_series(1, 100000)")
except NoSpace as error:
    say(problem=error.problem, cause=type(error.__cause__).__name__)
""")
    assert "no space left" in said["problem"]
    assert said["cause"] == "DiskFull"


@pytest.mark.parametrize("place", ["disk", "memory"])
def test_a_server_that_dies_of_a_full_disk_is_said_to(place: str) -> None:
    said = in_a_small_place(f"""
mount(run if {place!r} == "disk" else "/dev/shm", 32)
place.WANTED_BYTES = 0
try:
    with Cluster(installation, on_disk={place == "disk"}) as cluster, admin(cluster) as connection:
        connection.execute("create table t as select 1 as a")
        while True:  # until no WAL can be written at a moment that allows no error
            try:
                connection.execute("do $$ begin loop update t set a = a + 1; commit; end loop; end $$")
            except psycopg.errors.DiskFull:
                pass
except NoSpace as error:
    say(problem=error.problem, on_disk=str(error.on_disk), cause=type(error.__cause__).__name__)
""")
    assert "no space left" in said["problem"]
    assert said["on_disk"] == str(place == "disk")
    assert said["cause"] == "OperationalError"
