"""Folders and files that the user may not look into: never taken for absent."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bad_input.project import CONFIG, NOTE, TAG, Answer, Project
from tests.bad_input.user import plain_user

WITHOUT_SERVER = "duplicate-version"
"""A check that only reads the files."""


@dataclass(frozen=True)
class Closed:
    """A project with a folder `db/migrations` that its user may not look into."""

    project: Project
    home: Path
    prefix: tuple[str, ...]

    def check(self, *arguments: str) -> Answer:
        own = {"HOME": str(self.home), "PGPROOF_CACHE": str(self.home / "cache")}
        return self.project.run("check", *arguments, prefix=self.prefix, **own)


@pytest.fixture
def closed() -> Iterator[Closed]:
    with plain_user() as (folder, prefix):
        project = Project(folder / "project")
        project.write("pgproof.toml", CONFIG)
        project.write("db/migrations/0001_tag.sql", TAG)
        (project.root / "db" / "migrations").chmod(0)
        yield Closed(project, folder, prefix)
        (project.root / "db" / "migrations").chmod(0o700)


def test_a_directory_that_is_named_and_may_not_be_read_is_said(closed: Closed) -> None:
    answer = closed.check("--migrations", "db/migrations")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "pgproof: cannot read db/migrations: permission denied.\n"
        "  Let this user list the directory and read its files.\n"
    )


def test_a_directory_that_may_not_be_read_is_never_taken_for_absent(closed: Closed) -> None:
    answer = closed.check()
    assert answer.code == 3
    assert "no migrations were found" in answer.out
    assert "whether there are migrations in db/migrations: this user may not look into it" in answer.out


def test_beside_other_migrations_a_closed_folder_is_a_gap(closed: Closed) -> None:
    closed.project.migrations(NOTE)
    answer = closed.check("--select", WITHOUT_SERVER)
    assert answer.code == 0, answer.err
    assert "found 1 directory of migrations; using migrations (numbered, 1 file)" in answer.out
    assert "whether there are migrations in db/migrations: this user may not look into it" in answer.out


def test_in_a_repository_a_closed_folder_is_a_gap_too(closed: Closed) -> None:
    closed.project.migrations(NOTE)
    subprocess.run(["git", "init", "--quiet", closed.project.root], check=True)
    (closed.home / ".gitconfig").write_text("[safe]\ndirectory = *\n")
    answer = closed.check("--select", WITHOUT_SERVER)
    assert answer.code == 0, answer.err
    assert "whether there are migrations in db/migrations: this user may not look into it" in answer.out


def test_a_file_that_may_not_be_read_is_named(closed: Closed) -> None:
    closed.project.migrations(NOTE, TAG)
    (closed.project.root / "migrations" / "0002.sql").chmod(0)
    answer = closed.check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "pgproof: cannot read migrations/0002.sql: Permission denied.\n"


def test_a_configuration_that_may_not_be_read_is_never_left_out(closed: Closed) -> None:
    closed.project.migrations(NOTE)
    (closed.project.root / "pgproof.toml").chmod(0)
    answer = closed.check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "pgproof: cannot read pgproof.toml: Permission denied.\n"
