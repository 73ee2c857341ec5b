"""Runs that are ended, or disturbed by another: nothing is left behind, and the next run is none the worse."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pgproof.server.folders import CACHE_VARIABLE
from tests.bad_input.project import NOTE, TAG, Project, finish


@dataclass(frozen=True)
class Server:
    """The private server of a run: its process, the one that runs the migration, and the folder of its socket."""

    postmaster: int
    backend: int
    folder: Path


@dataclass(frozen=True)
class Run:
    """A check whose migrations take long."""

    project: Project
    process: subprocess.Popen[str]

    @property
    def data(self) -> Path:
        """Where the project's data directory is."""
        key = hashlib.sha256(str(self.project.root.resolve()).encode()).hexdigest()[:32]
        return Path(os.environ[CACHE_VARIABLE]) / "projects" / f"18-{key}"

    def server(self) -> Server:
        """Wait until a migration runs, and return the server."""
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            for postmaster, line in command_lines().items():
                if str(self.data) in line and (sockets := re.search(r" -k (\S+)/s ", line)):
                    for backend, title in command_lines(postmaster).items():
                        if re.search(r"postgres: .*\bSELECT\b", title):
                            return Server(postmaster, backend, Path(sockets[1]))
            time.sleep(0.02)
        raise AssertionError(finish(self.process))

    def left(self, server: Server) -> list[str]:
        """Return what is left of the run, after some time to tidy up."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            left = [line for line in command_lines().values() if str(self.data) in line or str(server.folder) in line]
            left += [str(server.folder)] * server.folder.exists()
            if not left:
                return []
            time.sleep(0.05)
        return left


def command_lines(parent: int | None = None) -> dict[int, str]:
    """Return the command lines of all processes, or of the children of one."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        if parent in (None, above):
            found[int(folder.name)] = line
    return found


@pytest.fixture
def run(project: Project) -> Iterator[Run]:
    process = project.migrations(NOTE, "select pg_sleep(600);\n", TAG).start("check")
    with process:
        yield Run(project, process)
        process.kill()


def goes_on(run: Run) -> None:
    """The next run, of migrations that end, has no memory of the last one's end."""
    answer = run.project.migrations(NOTE, TAG, TAG.replace("tag", "label_of")).check()
    assert answer.code == 0, answer.out + answer.err
    assert "3 of 3 statements replayed" in answer.out


def test_ctrl_c_leaves_nothing_and_harms_nothing(run: Run) -> None:
    server = run.server()
    os.killpg(run.process.pid, signal.SIGINT)
    answer = finish(run.process)
    assert (answer.code, answer.out, answer.err.lstrip()) == (130, "", "pgproof: interrupted.\n")
    assert run.left(server) == []
    goes_on(run)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_an_end_without_a_moment_to_tidy_up_leaves_nothing_and_harms_nothing(run: Run, number: signal.Signals) -> None:
    server = run.server()
    run.process.send_signal(number)
    run.process.wait()
    assert run.left(server) == []
    goes_on(run)


def test_a_private_server_that_is_killed_is_4_and_no_finding(run: Run) -> None:
    server = run.server()
    os.kill(server.postmaster, signal.SIGKILL)
    answer = finish(run.process)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: the private PostgreSQL server died.\n")
    assert run.left(server) == []
    goes_on(run)


def test_a_private_server_that_crashes_is_4_and_shows_its_log(run: Run) -> None:
    server = run.server()
    os.kill(server.backend, signal.SIGSEGV)
    answer = finish(run.process)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: the private PostgreSQL server died.\n  The end of its log:\n")
    assert "was terminated by signal 11" in answer.err
    assert "pg_sleep" not in answer.err
    assert run.left(server) == []
    goes_on(run)


def test_runs_at_the_same_time_in_one_project_agree(project: Project) -> None:
    project.migrations(NOTE, TAG, "select pg_sleep(0.3);\n")
    processes = [project.start("check", "--no-cache") for _ in range(3)]
    answers = [finish(process) for process in processes]
    assert {(answer.code, answer.out, answer.err) for answer in answers} == {(0, answers[0].out, "")}
    assert "3 of 3 statements replayed" in answers[0].out


def test_ctrl_c_before_anything_has_begun_is_no_crash(project: Project) -> None:
    early = """
import builtins
found = builtins.__import__
def interrupted(name, *rest, **more):
    if name == "pgproof.cli.run":
        raise KeyboardInterrupt
    return found(name, *rest, **more)
builtins.__import__ = interrupted
"""
    answer = project.check(patch=early)
    assert (answer.code, answer.out, answer.err) == (130, "", "")


def test_what_a_run_that_was_killed_had_begun_to_build_is_removed_by_the_next(project: Project) -> None:
    cache = Path(os.environ[CACHE_VARIABLE]) / f"begun-{os.getpid()}"
    cache.mkdir()
    cache.chmod(0o755)
    process = project.migrations(NOTE).start("check", PGPROOF_CACHE=str(cache))
    with process:
        while process.poll() is None and not list(cache.glob("images/.building-*/data/base")):
            time.sleep(0.005)
        process.kill()
    assert list(cache.glob("images/.building-*"))
    answer = project.check(PGPROOF_CACHE=str(cache))
    assert answer.code == 0, answer.err
    assert list(cache.glob("images/.building-*")) == []
    shutil.rmtree(cache)
