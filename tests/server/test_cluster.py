"""Private clusters: ours alone, and gone when we are gone."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from pgproof.server import binaries, place
from pgproof.server.cluster import Cluster
from pgproof.server.failure import ServerDied
from pgproof.server.folders import CACHE_VARIABLE
from pgproof.server.private import connect_private
from tests.server import holder
from tests.server.holder import IDENTITIES, cache_for, holding, wait_until_gone


def answer(cluster: Cluster) -> str:
    with connect_private(cluster, "pgproof_admin", "template1", cluster.admin_password()) as connection:
        ((version,),) = connection.execute("show server_version_num").fetchall()
    return str(version)


def test_it_runs_the_version_that_was_asked_for_and_leaves_nothing(major: int) -> None:
    with Cluster(binaries.choose(major)) as cluster:
        run, pid = cluster.socket_dir.parent, cluster.pid
        assert answer(cluster).startswith(str(major))
    assert not run.exists()
    assert not holder.alive(pid)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_anybody_can_have_one(major: int, identity: str) -> None:
    with cache_for(identity) as cache:
        with holding(major, cache, identity) as held:
            assert held.version.startswith(str(major))
            holder.finish(held.process)
        assert held.traces == []


@pytest.mark.parametrize("identity", IDENTITIES)
def test_a_process_that_is_killed_leaves_nothing(identity: str) -> None:
    with cache_for(identity) as cache, holding(18, cache, identity) as held:
        held.kill()
        assert wait_until_gone(held) == []


def test_a_process_that_is_killed_leaves_nothing_on_disk() -> None:
    with cache_for("ourselves") as cache, holding(18, cache, place="disk") as held:
        assert held.data.is_relative_to(cache)
        held.kill()
        assert wait_until_gone(held) == []


def test_ctrl_c_reaches_us_alone_and_leaves_nothing() -> None:
    with cache_for("ourselves") as cache, holding(18, cache) as held:
        holder.interrupt(held.process)
        assert holder.finish(held.process) == "still there\n"
        assert held.process.returncode == 130
        assert held.traces == []


def test_what_a_killed_watchdog_could_not_remove_is_swept_by_the_next(major: int) -> None:
    with cache_for("ourselves") as cache, holding(major, cache) as held:
        os.kill(held.watchdog, signal.SIGKILL)
        held.kill()
        assert held.sockets.exists()
        with Cluster(binaries.choose(major)):
            assert held.traces == []


def test_two_at_once_from_an_empty_cache_do_not_disturb_each_other() -> None:
    with cache_for("ourselves") as cache:
        first, second = (holder.start(18, cache) for _ in range(2))
        lines = []
        for process in (first, second):
            assert process.stdout
            lines.append(process.stdout.readline())
        assert all('"version": "18' in line for line in lines)
        first.kill()
        first.wait()
        assert second.poll() is None
        images = [entry for entry in (cache / "images").iterdir() if entry.is_dir()]
        assert len(images) == 1
        holder.finish(first)
        holder.finish(second)


def test_it_outlives_the_thread_that_started_it() -> None:
    clusters: list[Cluster] = []
    thread = threading.Thread(target=lambda: clusters.append(Cluster(binaries.choose(18)).start()))
    thread.start()
    thread.join()
    with clusters[0] as cluster:
        assert answer(cluster)


def test_nobody_else_reaches_it(major: int) -> None:
    with Cluster(binaries.choose(major)) as cluster:
        for directory in (cluster.socket_dir, cluster.socket_dir.parent, cluster.socket_dir.parent / "d"):
            assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(cluster.dsn("pgproof_admin"))
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(cluster.dsn("pgproof_admin") + "&password=guess")


def test_the_server_is_nobody_in_particular_and_knows_nothing_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "s3cr3t")
    with Cluster(binaries.choose(18)) as cluster:
        process = Path(f"/proc/{cluster.pid}")
        assert b"s3cr3t" not in (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        status = (process / "status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert "Uid:\t0" not in status


def test_the_network_is_cut_off_where_the_system_allows_it() -> None:
    with Cluster(binaries.choose(18)) as cluster:
        apart = Path(f"/proc/{cluster.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        assert apart is not cluster.networked


def test_nothing_lies_outside_its_directories() -> None:
    before = set(Path("/dev/shm").glob("PostgreSQL.*"))
    with Cluster(binaries.choose(18)) as cluster:
        own = f"{cluster.socket_dir.parent}/"
        maps = Path(f"/proc/{cluster.pid}/maps").read_text()
        shared = {line.split()[-1] for line in maps.splitlines() if "/dev/shm/" in line}
        assert all(path.startswith(own) for path in shared - {str(path) for path in before})


def test_a_long_path_of_the_cache_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as short:
        Path(short).chmod(0o755)
        deep = Path(short).joinpath(*["a_long_name_of_a_folder" * 4] * 4)
        deep.mkdir(parents=True)
        monkeypatch.setenv(CACHE_VARIABLE, str(deep))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
        with Cluster(binaries.choose(18), on_disk=True) as cluster:
            assert answer(cluster)


def test_memory_with_too_little_room_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "WANTED_BYTES", 1 << 60)
    with Cluster(binaries.choose(18)) as cluster:
        assert answer(cluster)
        assert not (cluster.socket_dir.parent / "d").exists()


def test_a_server_that_is_killed_is_reported_with_its_log() -> None:
    def crash() -> None:
        with Cluster(binaries.choose(18)) as cluster:
            connection = connect_private(cluster, "pgproof_admin", "template1", cluster.admin_password())
            ((backend,),) = connection.execute("select pg_backend_pid()").fetchall()
            os.kill(backend, signal.SIGSEGV)
            connection.execute("select 's3cr3t'")

    with pytest.raises(ServerDied) as caught:
        crash()
    assert "signal 11" in caught.value.way_out
    assert "s3cr3t" not in caught.value.way_out
    assert isinstance(caught.value.__cause__, psycopg.OperationalError)


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(ServerDied) as caught, Cluster(binaries.choose(18), settings={"shared_buffers": "nonsense"}):
        pass
    assert 'invalid value for parameter "shared_buffers"' in caught.value.way_out


def test_another_error_is_not_blamed_on_the_server() -> None:
    with pytest.raises(ZeroDivisionError), Cluster(binaries.choose(18)):
        _ = 1 / 0
