"""Ignoring a finding, as a person does it: with a reason, and always counted."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pgproof.judge.result import Staleness
from pgproof.reports.stored import load
from tests.cli.running import pgproof

BROKEN = "create table note (id int primary key);\ncreate index note_state\n  on note (state);\n"
DAY = ("--today", "2026-06-15")


def project(folder: Path, sql: str = BROKEN, config: str = "") -> Path:
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0001_note.sql").write_text(sql)
    (folder / "pgproof.toml").write_text(f"server = 18\n{config}")
    return folder


def ignored(reason: str) -> str:
    head, rest = BROKEN.split("\n", 1)
    return f"{head}\n-- pgproof:ignore {reason}\n{rest}"


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return pgproof("check", *DAY, *options, cwd=folder)


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-1]


def test_a_comment_ignores_a_finding_and_it_is_counted(tmp_path: Path) -> None:
    done = check(project(tmp_path, ignored("MIG103 until=2027-01-31 the column is made by hand")))
    assert (done.returncode, done.stderr) == (0, "")
    assert last_line(done).endswith(" · 1 ignored (1 expires on 2027-01-31)")
    assert "error[" not in done.stdout
    everything = check(tmp_path, "--all").stdout
    assert "ignored by migrations/0001_note.sql:2 until 2027-01-31: the column is made by hand" in everything


def test_an_entry_of_the_configuration_does_the_same(tmp_path: Path) -> None:
    entry = '[[ignore.replay-failure]]\nsubject = "migrations/*"\nreason = "the column is made by hand"\n'
    done = check(project(tmp_path, config=entry))
    assert done.returncode == 0
    assert last_line(done).endswith(" · 1 ignored")


def test_an_entry_for_another_subject_does_not(tmp_path: Path) -> None:
    entry = '[ignore.MIG103]\nsubject = "old/*"\nreason = "nobody runs them"\n'
    done = check(project(tmp_path, config=entry))
    assert done.returncode == 1
    assert (
        "  pgproof.toml:2: MIG103 of old/* is ignored and not found (nobody runs them): delete the ignore"
        in done.stdout
    )


def test_an_expired_ignore_no_longer_ignores_and_is_told(tmp_path: Path) -> None:
    done = check(project(tmp_path, ignored("MIG103 until=2026-06-14 the column is made by hand")))
    assert done.returncode == 1
    assert "error[MIG103]" in done.stdout
    told = "MIG103 was ignored until 2026-06-14 (the column is made by hand): fix it, or decide anew"
    assert f"\nto clean up\n  migrations/0001_note.sql:2: {told}\n" in done.stdout


def test_an_unused_ignore_is_told_and_changes_no_verdict(tmp_path: Path) -> None:
    done = check(project(tmp_path, "-- pgproof:ignore MIG103 it was broken once\nselect 1;\n"))
    assert done.returncode == 0
    assert "MIG103 is ignored and not found (it was broken once): delete the ignore" in done.stdout


def test_an_ignore_for_what_only_a_database_shows_is_not_unused_without_one(tmp_path: Path) -> None:
    done = check(project(tmp_path, "select 1;\n", '[ignore]\nDRF102 = "pg_partman makes them"\n'), "--format", "json")
    assert load(done.stdout).stale == ()


def test_an_ignore_of_a_check_that_was_not_selected_is_not_unused(tmp_path: Path) -> None:
    done = check(project(tmp_path, ignored("MIG103 why")), "--select", "MIG101", "--format", "json")
    assert load(done.stdout).stale == ()


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("MIG103", "migrations/0001_note.sql:2: pgproof:ignore MIG103 gives no reason"),
        ("MIG104l made by hand", 'migrations/0001_note.sql:2: no check is called "MIG104l", did you mean "MIG104"?'),
        ("MIG103 until=tomorrow why", "until= should be a day such as until=2027-01-31"),
    ],
)
def test_an_ignore_that_cannot_be_followed_is_a_usage_error(tmp_path: Path, comment: str, expected: str) -> None:
    done = check(project(tmp_path, ignored(comment)))
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_all_mistakes_of_comments_and_configuration_are_told_at_once(tmp_path: Path) -> None:
    done = check(project(tmp_path, ignored("MIG103"), '[ignore]\nDRF1O1 = "why"\n'))
    assert done.returncode == 2
    assert done.stderr.startswith("pgproof: 2 ignores cannot be followed.\n  migrations/0001_note.sql:2: ")
    assert '\n  pgproof.toml:3: no check is called "DRF1O1", did you mean "DRF101"?\n' in done.stderr


def test_the_result_carries_what_is_ignored_and_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    project(tmp_path, ignored("MIG103, MIG104 until=2027-01-31 the column is made by hand"))
    one, two = (check(tmp_path, "--format", "json").stdout for _ in range(2))
    assert one == two
    result = load(one)
    assert [(found.finding.code, found.suppression.until) for found in result.suppressed] == [("MIG103", "2027-01-31")]
    assert [(stale.suppression.code, stale.state) for stale in result.stale] == [("MIG104", Staleness.UNUSED)]
    later = load(pgproof("check", "--today", "2027-02-01", "--format", "json", cwd=tmp_path).stdout)
    assert (len(later.findings), later.suppressed) == (1, ())


def test_sarif_tells_the_reason_and_github_gets_no_alert(tmp_path: Path) -> None:
    project(tmp_path, ignored("MIG103 the column is made by hand"))
    formats = ("--format", "sarif=a.sarif", "--format", "github_sarif=b.sarif")
    assert check(tmp_path, *formats).returncode == 0
    full, alerts = (json.loads((tmp_path / name).read_text())["runs"][0]["results"] for name in ("a.sarif", "b.sarif"))
    assert full[0]["suppressions"][0]["kind"] == "inSource"
    assert alerts == []


def test_exit_zero_leaves_the_verdict_and_the_codes_of_errors(tmp_path: Path) -> None:
    done = check(project(tmp_path), "--exit-zero")
    assert done.returncode == 0
    assert last_line(done).startswith("NO-GO ")
    assert check(tmp_path, "--exit-zero", "--select", "nothing").returncode == 2
    assert check(tmp_path, "--exit-zero", "--live", "postgresql://127.0.0.1:1/d").returncode == 4


def test_a_day_is_a_day(tmp_path: Path) -> None:
    done = pgproof("check", "--today", "31.1.2027", cwd=project(tmp_path))
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "pgproof: --today 31.1.2027 is no day.")
