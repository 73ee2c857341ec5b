"""A revision of the project, found by git and written into a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.model.errors import PgproofError, UsageError
from pgproof.project.revision import branched_from, export
from tests.project.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.sql": "one"})
    return made


def refusal(root: Path, revision: str) -> str:
    with pytest.raises(UsageError) as caught:
        branched_from(root, revision)
    return f"{caught.value.problem}\n{caught.value.way_out}"


@pytest.mark.parametrize("name", ["main", "main...", "HEAD~1", " main "])
def test_a_revision_is_where_the_branch_left_it(repository: Repository, name: str) -> None:
    start = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-qc", "work")
    repository.commit({"b.sql": "two"})
    repository.git("switch", "-q", "main")
    repository.commit({"c.sql": "later, elsewhere"})
    repository.git("switch", "-q", "work")
    revision = branched_from(repository.root, name)
    assert revision.commit == start
    assert str(revision) == f"{name.strip().removesuffix('...')} ({start[:8]})"


def test_the_files_are_those_of_the_revision(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.sql": "changed", "b.sql": "new"})
    (repository.root / "c.sql").write_text("not committed")
    before = repository.state()
    files = export(branched_from(repository.root, "HEAD~1"), tmp_path / "to")
    assert {path.name: path.read_text() for path in files.iterdir()} == {"a.sql": "one"}
    assert repository.state() == before


@pytest.fixture(autouse=True)
def to(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()


def test_a_folder_of_the_repository_is_written_alone(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"app/db/é 1.sql": "of the app", "other/b.sql": "of another"})
    revision = branched_from(repository.root / "app" / "db", "HEAD")
    files = export(revision, tmp_path / "to")
    assert [path.relative_to(files).as_posix() for path in files.rglob("*")] == ["é 1.sql"]


def test_a_folder_that_was_not_there_yet_is_empty(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"app/a.sql": "new"})
    files = export(branched_from(repository.root / "app", "HEAD~1"), tmp_path / "to")
    assert list(files.iterdir()) == []


def test_what_an_archive_would_leave_out_is_written_too(repository: Repository, tmp_path: Path) -> None:
    repository.commit({".gitattributes": "*.sql export-ignore\n"})
    files = export(branched_from(repository.root, "HEAD"), tmp_path / "to")
    assert (files / "a.sql").read_text() == "one"


def test_no_hook_and_no_monitor_runs(repository: Repository, tmp_path: Path) -> None:
    hook = repository.root / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    repository.git("config", "core.fsmonitor", str(hook))
    export(branched_from(repository.root, "HEAD"), tmp_path / "to")
    assert not (tmp_path / "ran").exists()


def test_what_a_hook_tells_git_does_not_matter(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    export(branched_from(repository.root, "HEAD"), tmp_path / "to")
    assert not (tmp_path / "index").exists()


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "main").startswith(f"{tmp_path} is in no git repository\n")


def test_a_repository_without_a_commit_is_refused(tmp_path: Path) -> None:
    empty = Repository.create(tmp_path / "empty")
    assert refusal(empty.root, "main").startswith("there is no revision main in this repository\n")


@pytest.mark.parametrize(
    "name", ["nothing", "--upload-pack=touch x", "-", "main:a.sql", "a b", "\u202e", "main^{tree}"]
)
def test_an_unknown_revision_is_refused(repository: Repository, name: str) -> None:
    assert "there is no revision" in refusal(repository.root, name)


@pytest.mark.parametrize("name", ["", " ", "..."])
def test_an_empty_revision_is_refused(repository: Repository, name: str) -> None:
    assert refusal(repository.root, name).startswith("--since names no revision\n")


def test_a_branch_that_only_the_remote_has_is_named(repository: Repository, tmp_path: Path) -> None:
    repository.git("branch", "release")
    clone = repository.clone(tmp_path / "clone")
    assert "Did you mean origin/release?" in refusal(clone.root, "release")


def test_histories_that_never_met_are_refused(repository: Repository) -> None:
    repository.git("switch", "-q", "--orphan", "other")
    repository.commit({"b.sql": "two"})
    assert refusal(repository.root, "main").startswith("the branch and main have no commit in common\n")


def test_a_shallow_clone_says_how_to_get_the_history(repository: Repository, tmp_path: Path) -> None:
    repository.git("switch", "-qc", "work")
    repository.commit({"b.sql": "two"})
    shallow = repository.clone(tmp_path / "shallow", "--depth", "1", "--branch", "work")
    told = refusal(shallow.root, "origin/main")
    assert told.startswith("this is a shallow clone, and origin/main is not in it\n")
    assert "fetch-depth: 0" in told


def test_a_shallow_clone_without_the_common_commit_says_so_too(repository: Repository, tmp_path: Path) -> None:
    repository.git("switch", "-qc", "work")
    repository.commit({"b.sql": "two"})
    repository.git("switch", "-q", "main")
    repository.commit({"c.sql": "three"})
    shallow = repository.clone(tmp_path / "shallow", "--depth", "1", "--no-single-branch", "--branch", "work")
    told = refusal(shallow.root, "origin/main")
    assert told.startswith("this is a shallow clone: where the branch left origin/main is not in it\n")
    assert "git fetch --unshallow" in told


def test_without_git_it_is_said(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PgproofError, match="git cannot be run: No such file or directory"):
        branched_from(repository.root, "main")
