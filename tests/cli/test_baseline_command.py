"""`pgproof baseline`: an old project starts today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgproof.judge.result import Staleness, Suppressor
from pgproof.reports.stored import load
from tests.cli.running import pgproof
from tests.conftest import LiveDatabase

FILE = "pgproof-baseline.json"
NOTE = "create table note (id int primary key);\n"


def broken(column: str) -> str:
    return f"create index note_{column} on note ({column});\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two findings, each in a file of its own."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "pgproof.toml").write_text("server = 18\n")
    for number, sql in enumerate((NOTE, broken("state"), broken("owner")), 1):
        (tmp_path / "migrations" / f"000{number}.sql").write_text(sql)
    return tmp_path


def entries(project: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((project / FILE).read_text())["findings"]
    return found


def test_from_then_on_only_what_is_new_counts(project: Path) -> None:
    assert pgproof("check", cwd=project).returncode == 1
    made = pgproof("baseline", cwd=project)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith(f"wrote {FILE}: 2 entries\n")
    assert [(one["code"], one["subject"]) for one in entries(project)] == [
        ("MIG103", "migrations/0002.sql"),
        ("MIG103", "migrations/0003.sql"),
    ]
    done = pgproof("check", cwd=project)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].endswith(" · 2 in the baseline")
    (project / "migrations" / "0004.sql").write_text(broken("colour"))
    result = load(pgproof("check", "--format", "json", cwd=project).stdout)
    assert [one.subject for one in result.findings] == ["migrations/0004.sql"]
    assert {one.suppression.by for one in result.suppressed} == {Suppressor.BASELINE}


def test_no_baseline_reports_everything(project: Path) -> None:
    pgproof("baseline", cwd=project)
    done = pgproof("check", "--no-baseline", "--quiet", cwd=project)
    assert done.returncode == 1
    assert " 2 errors " in done.stdout


def test_moved_lines_change_nothing(project: Path) -> None:
    pgproof("baseline", cwd=project)
    before = (project / FILE).read_bytes()
    moved = project / "migrations" / "0002.sql"
    moved.write_text("-- more\n-- lines\n\n" + moved.read_text())
    assert pgproof("check", cwd=project).returncode == 0
    assert pgproof("baseline", cwd=project).stdout == f"{FILE}: 2 entries (nothing has changed)\n"
    assert (project / FILE).read_bytes() == before


def test_what_is_fixed_is_told_and_then_removed(project: Path) -> None:
    pgproof("baseline", cwd=project)
    (project / "migrations" / "0002.sql").write_text("select 1;\n")
    done = pgproof("check", cwd=project)
    assert f"\n  {FILE}: MIG103 migrations/0002.sql is fixed: pgproof baseline removes it\n" in done.stdout
    result = load(pgproof("check", "--format", "json", cwd=project).stdout)
    assert [one.state for one in result.stale] == [Staleness.FIXED]
    assert pgproof("baseline", cwd=project).stdout == f"{FILE}: 1 entry (1 fixed)\n"
    assert [one["subject"] for one in entries(project)] == ["migrations/0003.sql"]


def test_it_only_shrinks_unless_it_is_told_otherwise(project: Path) -> None:
    pgproof("baseline", cwd=project)
    (project / "migrations" / "0002.sql").write_text("select 1;\n")
    (project / "migrations" / "0004.sql").write_text(broken("colour"))
    done = pgproof("baseline", cwd=project)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{FILE}: 1 entry (1 fixed)\n\nnot added, for it is new:\n  error[MIG103]")
    assert [one["subject"] for one in entries(project)] == ["migrations/0003.sql"]
    done = pgproof("baseline", "--accept-new", cwd=project)
    assert (done.returncode, done.stdout) == (0, f"{FILE}: 2 entries (1 added)\n")
    assert pgproof("check", cwd=project).returncode == 0


def test_when_all_is_fixed_the_file_can_go(project: Path) -> None:
    pgproof("baseline", cwd=project)
    for name in ("0002.sql", "0003.sql"):
        (project / "migrations" / name).write_text("select 1;\n")
    assert pgproof("baseline", cwd=project).stdout.endswith("All is fixed: the file can be deleted.\n")
    assert pgproof("check", cwd=project).returncode == 0


def test_what_is_ignored_is_not_listed(project: Path) -> None:
    (project / "pgproof.toml").write_text('server = 18\n[ignore]\nMIG103 = "made by hand"\n')
    assert pgproof("baseline", cwd=project).stdout == f"nothing is found: {FILE} was not written\n"
    assert not (project / FILE).exists()


@pytest.mark.parametrize("major", [18])
def test_without_the_database_nothing_of_it_is_fixed(project: Path, live: LiveDatabase, major: int) -> None:
    live.execute(NOTE + "create index by_hand on note (id);")
    made = pgproof("baseline", "--live", live.url, cwd=project)
    assert made.returncode == 0
    assert "DRF102" in {one["code"] for one in entries(project)}
    before = (project / FILE).read_bytes()
    result = load(pgproof("check", "--format", "json", cwd=project).stdout)
    assert result.stale == ()
    pgproof("baseline", cwd=project)
    assert (project / FILE).read_bytes() == before
    live.execute("drop index by_hand")
    done = pgproof("baseline", "--live", live.url, cwd=project)
    assert "1 fixed" in done.stdout


def test_the_configuration_names_another_file(project: Path) -> None:
    (project / "pgproof.toml").write_text('server = 18\nbaseline = "migrations/old.json"\n')
    missing = pgproof("check", cwd=project)
    assert missing.returncode == 2
    assert "pgproof.toml names the baseline migrations/old.json, and there is no such file" in missing.stderr
    assert pgproof("check", "--no-baseline", cwd=project).returncode == 1
    assert pgproof("baseline", cwd=project).stdout.startswith("wrote migrations/old.json: 2 entries\n")
    assert pgproof("check", cwd=project).returncode == 0


@pytest.mark.parametrize("path", ["../old.json", "/etc/old.json", "link/old.json"])
def test_a_baseline_outside_of_the_project_is_refused(project: Path, path: str) -> None:
    (project / "link").symlink_to("/tmp")
    (project / "pgproof.toml").write_text(f'server = 18\nbaseline = "{path}"\n')
    for command in ("check", "baseline"):
        done = pgproof(command, cwd=project)
        assert done.returncode == 2
        assert f"the baseline {path} is outside the project" in done.stderr


def test_a_baseline_that_cannot_be_used_is_a_usage_error(project: Path) -> None:
    for text, problem in (
        ("<<<<<<< HEAD\n", f"{FILE} has marks of a merge that was not finished (line 1)"),
        ('{"baseline_version": 9, "findings": []}', f"{FILE} is a baseline of version 9; this pgproof reads 1"),
    ):
        (project / FILE).write_text(text)
        for command in ("check", "baseline"):
            done = pgproof(command, cwd=project)
            assert (done.returncode, done.stdout) == (2, "")
            assert problem in done.stderr
        assert (project / FILE).read_text() == text
    (project / FILE).write_bytes(b"\xff")
    assert f"cannot read {FILE}: byte 1 is not UTF-8" in pgproof("check", cwd=project).stderr


def test_a_folder_in_its_place_is_a_usage_error(project: Path) -> None:
    (project / FILE).mkdir()
    for command in ("check", "baseline"):
        done = pgproof(command, cwd=project)
        assert done.returncode == 2
        assert f"{FILE} is no file" in done.stderr


def test_a_file_that_cannot_be_written_leaves_the_old_one(project: Path) -> None:
    (project / "pgproof.toml").write_text('server = 18\nbaseline = "no/such/folder/old.json"\n')
    done = pgproof("baseline", cwd=project)
    assert done.returncode == 4
    assert "cannot write " in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in project.iterdir()) == ["migrations", "pgproof.toml"]


def test_a_policy_may_forbid_it(project: Path) -> None:
    pgproof("baseline", cwd=project)
    (project / "policy.toml").write_text('fail_on = "warning"\n')
    (project / "pgproof.toml").write_text('server = 18\nextends = "policy.toml"\n')
    told = f"the baseline {FILE} is not allowed by policy.toml"
    assert told in pgproof("check", cwd=project).stderr
    assert pgproof("check", "--no-baseline", cwd=project).returncode == 1
    assert pgproof("baseline", cwd=project).returncode == 2
