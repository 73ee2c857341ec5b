"""No room: a full disk, little shared memory, a cache that cannot be written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgproof.server.folders import CACHE_VARIABLE
from tests.bad_input.project import NOTE, TAG, Project
from tests.bad_input.space import check_in

SHM = Path("/dev/shm")


@pytest.fixture
def cache() -> Iterator[Path]:
    """A folder for a cache of its own, and not in shared memory."""
    folder = Path(tempfile.mkdtemp(prefix="pgproof-space-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_64_mb_of_shared_memory_as_docker_gives_it_are_enough(project: Project, cache: Path) -> None:
    answer = check_in(project.migrations(NOTE, TAG), {SHM: "size=64m"}, cache=cache)
    assert answer.code == 0, answer.err
    assert "2 of 2 statements replayed" in answer.out


@pytest.mark.parametrize("size_mb", [1, 20, 50])
def test_a_disk_that_is_full_before_a_server_runs_is_4_and_leaves_nothing(
    project: Project, cache: Path, size_mb: int
) -> None:
    answer = check_in(project.migrations(NOTE), {cache: f"size={size_mb}m"}, cache=cache)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith(f"pgproof: no space left for the private PostgreSQL server in {cache}/")
    assert "Make room there, or name another folder with the variable PGPROOF_CACHE." in answer.err
    assert "initdb" not in answer.err


BIG = "create table big as select repeat('x', 1000) as filler from generate_series(1, 60000);\n"


@pytest.mark.parametrize("size_mb", [60, 80])
def test_a_disk_that_fills_up_in_the_replay_is_4_and_no_finding(project: Project, cache: Path, size_mb: int) -> None:
    project.migrations(NOTE, BIG)
    images = Path(os.environ[CACHE_VARIABLE]) / "images"
    answer = check_in(project, {cache: f"size={size_mb}m"}, cache=cache, images=images)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith(f"pgproof: no space left for the private PostgreSQL server in {cache}/projects/")
    assert project.check().code == 0


def test_a_cache_on_a_read_only_file_system_is_a_usage_error(project: Project, cache: Path) -> None:
    answer = check_in(project.migrations(NOTE), {cache: "ro"}, cache=cache)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"pgproof: $PGPROOF_CACHE = {cache} cannot be used as the cache folder.\n")
    assert "It must be a writable folder that belongs to this user" in answer.err


def test_without_any_folder_for_the_cache_it_is_4_and_the_way_out_is_said(project: Project) -> None:
    read_only = dict.fromkeys((Path("/var/cache"), Path("/var/tmp")), "ro")
    answer = check_in(project.migrations(NOTE), read_only, cache=None)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err == (
        "pgproof: no folder for the cache is writable.\n  Name one with the variable PGPROOF_CACHE.\n"
    )
