"""`pgproof check --since`: exactly what this change introduces."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Suppressor, Verdict
from pgproof.project.config import read_config
from pgproof.project.revision import branched_from
from pgproof.reports.stored import load
from pgproof.workflows.check import check
from tests.cli.running import pgproof
from tests.conftest import LiveDatabase
from tests.project.repository import Repository

NOTE = "create table note (id int primary key, body text);\n"
OLD = "create index note_state on note (state);\n"
NEW = "create table tag (id int primary key);\ncreate index tag_owner\n  on tag (owner);\n"
CONFIG = "server = 18\n"


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    """A branch `work` of a project whose `main` has one finding."""
    made = Repository.create(tmp_path / "repository")
    made.commit({"pgproof.toml": CONFIG, "migrations/0001.sql": NOTE, "migrations/0002.sql": OLD})
    made.git("switch", "-qc", "work")
    yield made
    assert made.git("worktree", "list").count("\n") == 0


def run(root: Path, *options: str, since: str = "main") -> subprocess.CompletedProcess[str]:
    return pgproof("check", "--since", since, *options, cwd=root)


def result(root: Path, *options: str, since: str = "main") -> Result:
    done = run(root, *options, "--format", "json", since=since)
    assert not done.stderr, done.stderr
    return load(done.stdout)


def persisting(told: Result) -> list[str]:
    return [one.finding.subject for one in told.suppressed if one.suppression.by is Suppressor.SINCE]


def test_a_branch_that_breaks_one_thing_shows_exactly_that_thing(repository: Repository) -> None:
    repository.commit({"migrations/0003.sql": NEW})
    done = run(repository.root)
    assert done.returncode == 1
    assert done.stdout.count("error[") == 1
    assert "--> migrations/0003.sql:2:1\n" in done.stdout
    commit = repository.git("rev-parse", "main")[:8]
    last = done.stdout.splitlines()[-1]
    assert last.startswith("NO-GO (repository only: nothing was compared with a database; only what is new since main")
    assert f"since main ({commit}))   1 error · " in last
    assert last.endswith(" · 1 persisting")


def test_what_breaks_in_the_same_words_as_something_old_is_shown_as_well(repository: Repository) -> None:
    repository.commit({"migrations/0003.sql": "create table tag (id int);\ncreate index tag_state on tag (state);\n"})
    told = result(repository.root)
    assert told.verdict is Verdict.NO_GO
    (one,) = told.findings
    new = one.subject if one.subject == "migrations/0003.sql" else "".join(one.consequences)
    assert new.startswith("migrations/0003.sql")
    assert len(one.consequences) < 2


def test_who_mends_the_first_of_two_failures_is_not_blamed_for_the_second(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    repository.commit({"migrations/0002.sql": f"{OLD}create index note_owner on note (owner);\n"})
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "main")
    repository.commit({"migrations/0002.sql": "create index note_owner on note (owner);\n"})
    told = result(repository.root)
    assert (told.findings, persisting(told)) == ((), ["migrations/0002.sql"])


def test_a_branch_that_breaks_nothing_is_go_and_says_how_much_persists(repository: Repository) -> None:
    repository.commit({"migrations/0003.sql": "create table tag (id int primary key);\n"})
    told = result(repository.root)
    assert (told.verdict, told.findings, persisting(told)) == (Verdict.GO, (), ["migrations/0002.sql"])


def test_a_moved_finding_is_not_new(repository: Repository) -> None:
    repository.commit({"migrations/0002.sql": f"-- a comment\n\n{OLD}"})
    assert result(repository.root).findings == ()


def test_what_is_not_committed_belongs_to_the_change(repository: Repository) -> None:
    (repository.root / "migrations" / "0003.sql").write_text(NEW)
    told = result(repository.root, since="HEAD")
    assert [one.subject for one in told.findings] == ["migrations/0003.sql"]


def test_what_main_has_broken_since_is_not_this_branchs_doing(repository: Repository) -> None:
    repository.commit({"migrations/0003.sql": "create table tag (id int primary key);\n"})
    repository.git("switch", "-q", "main")
    repository.commit({"migrations/0002.sql": "select 1;\n"})
    repository.git("switch", "-q", "work")
    assert result(repository.root).findings == ()
    assert result(repository.root, since="main...").findings == ()


def test_what_the_branch_fixes_is_neither_new_nor_persisting(repository: Repository) -> None:
    repository.commit({"migrations/0002.sql": "select 1;\n"})
    told = result(repository.root)
    assert (told.findings, told.suppressed) == ((), ())


def test_an_ignore_that_the_branch_deletes_makes_its_finding_new(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    repository.commit({"migrations/0002.sql": f"-- pgproof:ignore MIG103 made by hand\n{OLD}"})
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "main")
    assert result(repository.root).findings == ()
    repository.commit({"migrations/0002.sql": OLD})
    assert [one.subject for one in result(repository.root).findings] == ["migrations/0002.sql"]


def test_an_ignore_that_was_never_well_written_does_not_stop_the_branch_that_mends_it(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    repository.commit({"migrations/0002.sql": f"-- pgproof:ignore MIG103\n{OLD}"})
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "main")
    repository.commit({"migrations/0002.sql": OLD})
    assert persisting(result(repository.root)) == ["migrations/0002.sql"]


def test_the_baseline_is_left_out_as_well(repository: Repository) -> None:
    assert pgproof("baseline", cwd=repository.root).returncode == 0
    repository.commit({"migrations/0003.sql": NEW})
    told = result(repository.root)
    assert [one.subject for one in told.findings] == ["migrations/0003.sql"]
    assert [one.suppression.by for one in told.suppressed] == [Suppressor.BASELINE]


def test_a_project_in_a_folder_of_the_repository_is_compared_with_that_folder(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    app = {f"app/{path}": text for path, text in (("pgproof.toml", CONFIG), ("migrations/0001.sql", NOTE + OLD))}
    repository.commit(app)
    repository.git("switch", "-qc", "more")
    repository.commit({"app/migrations/0002.sql": NEW})
    told = result(repository.root / "app")
    assert [one.subject for one in told.findings] == ["migrations/0002.sql"]
    assert persisting(told) == ["migrations/0001.sql"]


def test_in_a_directory_of_migrations_that_was_not_there_everything_is_new(repository: Repository) -> None:
    repository.commit({"db/0001.sql": NEW})
    told = result(repository.root, "--migrations", "db")
    assert [one.subject for one in told.findings] == ["db/0001.sql"]


def test_the_same_change_gives_the_same_bytes(repository: Repository) -> None:
    repository.commit({"migrations/0003.sql": NEW})
    one, two = (run(repository.root, "--no-cache", "--format", "json").stdout for _ in range(2))
    assert one == two


def test_nothing_is_left_behind(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"migrations/0003.sql": NEW})
    place = tmp_path / "tmp"
    place.mkdir()
    before = repository.state()
    assert pgproof("check", "--since", "main", cwd=repository.root, TMPDIR=str(place)).returncode == 1
    assert list(place.iterdir()) == []
    assert repository.state() == before


@pytest.mark.parametrize("major", [18])
def test_drift_that_was_there_before_the_change_persists(
    repository: Repository, live: LiveDatabase, major: int
) -> None:
    live.execute(NOTE + "create index by_hand on note (body);")
    repository.git("switch", "-q", "main")
    repository.commit({"migrations/0002.sql": "select 1;\n"})
    repository.git("switch", "-qc", "strict")
    repository.commit({"migrations/0001.sql": NOTE.replace("body text", "body text not null")})
    told = result(repository.root, "--live", live.url)
    assert [(one.code, one.subject) for one in told.findings] == [("DRF103", "public.note.body")]
    assert "public.by_hand" in persisting(told)


def test_without_a_repository_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001.sql").write_text(NOTE)
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"pgproof: {tmp_path} is in no git repository.\n" in done.stderr


def test_an_unknown_revision_is_refused(repository: Repository) -> None:
    done = run(repository.root, since="mian")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no revision mian in this repository" in done.stderr


def test_a_shallow_clone_is_told_the_way_out(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"migrations/0003.sql": NEW})
    shallow = repository.clone(tmp_path / "shallow", "--depth", "1", "--branch", "work")
    done = run(shallow.root, since="origin/main")
    assert (done.returncode, done.stdout) == (2, "")
    assert "fetch-depth: 0" in done.stderr


def test_a_revision_that_cannot_be_checked_is_told(repository: Repository) -> None:
    repository.git("switch", "-q", "main")
    (repository.root / "migrations" / "0003.sql").write_bytes(b"select '\xe9';")
    repository.commit({})
    repository.git("switch", "-qc", "mended")
    repository.commit({"migrations/0003.sql": "select 'é';\n"})
    done = run(repository.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be checked: cannot read migrations/0003.sql: " in done.stderr
    assert "Without --since everything is checked." in done.stderr


@pytest.mark.parametrize("major", [18])
def test_the_live_database_is_read_once_and_one_server_serves_both(
    repository: Repository, live: LiveDatabase, major: int
) -> None:
    live.execute(NOTE)
    repository.commit({"migrations/0003.sql": NEW})
    steps: list[str] = []
    settings = Settings(repository.root, read_config(repository.root), live.url, use_cache=False, progress=steps.append)
    told = check(settings, since=branched_from(repository.root, "main"))
    assert [one.subject for one in told.findings if one.code == "MIG103"] == ["migrations/0003.sql"]
    assert steps.count("connecting to the live database") == steps.count("reading the live catalog") == 1
    assert sum(step.startswith("starting a private PostgreSQL") for step in steps) == 1
    assert sum(step.startswith("replaying ") for step in steps) == 2
