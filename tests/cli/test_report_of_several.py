"""`pgproof report` with two results and with many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import REPORTS, pgproof

NAMES = ("broken", "crowded", "healthy", "hostile", "unreadable")


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A folder with the stored results of the golden files, one of them in a folder below."""
    for name in NAMES:
        place = tmp_path / "job" if name == "hostile" else tmp_path
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.json").write_text((REPORTS / f"{name}.json").read_text())
    return tmp_path


def test_two_results_that_say_the_same_are_0(stored: Path) -> None:
    done = pgproof("report", "broken.json", "broken.json", "--quiet", cwd=stored)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "NO-GO as before (repository and live database)   0 new · 4 persisting\n"


def test_two_that_differ_are_1_whatever_the_format(stored: Path) -> None:
    for format_name in ("text", "json", "markdown"):
        done = pgproof("report", "broken.json", "healthy.json", "--format", format_name, cwd=stored)
        assert (done.returncode, done.stderr) == (1, "")


def test_a_comparison_goes_where_it_is_asked_to(stored: Path) -> None:
    done = pgproof("report", "broken.json", "healthy.json", "--format", "json=c.json", cwd=stored)
    assert done.stdout.splitlines()[-1].startswith("NO-GO → GO (repository only")
    compared = json.loads((stored / "c.json").read_text())
    assert (compared["before"]["name"], compared["after"]["name"]) == ("broken.json", "healthy.json")
    assert compared["same"] is False


def test_three_results_a_folder_and_summary_give_an_overview(stored: Path) -> None:
    three = pgproof("report", "healthy.json", "broken.json", "unreadable.json", cwd=stored)
    assert [line.split()[:2] for line in three.stdout.splitlines()[:3]] == [
        ["NO-GO", "broken.json"],
        ["UNDECIDED", "unreadable.json"],
        ["GO", "healthy.json"],
    ]
    folder = pgproof("report", ".", "--quiet", cwd=stored)
    assert folder.stdout.startswith("5 results: 2 NO-GO · 2 UNDECIDED · 1 GO   ")
    two = pgproof("report", "--summary", "--quiet", "healthy.json", "broken.json", cwd=stored)
    assert two.stdout.startswith("2 results: 1 NO-GO · 1 GO   ")
    assert (three.returncode, folder.returncode, two.returncode) == (0, 0, 0)


def test_one_side_may_come_from_standard_input_but_not_both(stored: Path) -> None:
    text = (stored / "broken.json").read_text()
    assert pgproof("report", "broken.json", "-", "--quiet", cwd=stored, stdin=text).returncode == 0
    done = pgproof("report", "-", "-", cwd=stored, stdin=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input can be read only once" in done.stderr


def test_a_file_of_another_version_is_named(stored: Path) -> None:
    newer = json.loads((stored / "broken.json").read_text()) | {"schema_version": 3}
    (stored / "newer.json").write_text(json.dumps(newer))
    done = pgproof("report", "broken.json", "newer.json", cwd=stored)
    assert (done.returncode, done.stdout) == (2, "")
    assert "newer.json: this is not a stored result of schema version 2: a newer pgproof wrote it" in done.stderr


def test_every_file_that_is_no_result_is_named(stored: Path) -> None:
    (stored / "package.json").write_text('{"name": "app"}')
    (stored / "cut.json").write_text((stored / "broken.json").read_text()[:500])
    done = pgproof("report", ".", cwd=stored)
    assert (done.returncode, done.stdout) == (2, "")
    assert "2 of 7 files are no stored results" in done.stderr
    assert "cut.json: this is not a stored result: it is not JSON" in done.stderr
    assert "package.json: this is not a stored result of schema version 2: it names no version" in done.stderr


def test_a_comparison_is_no_result(stored: Path) -> None:
    (stored / "c.json").write_text(
        pgproof("report", "broken.json", "healthy.json", "--format", "json", cwd=stored).stdout
    )
    done = pgproof("report", "c.json", cwd=stored)
    assert done.returncode == 2
    assert "c.json: this is not a stored result" in done.stderr


def test_a_file_that_is_not_there_and_an_empty_folder_are_usage_errors(stored: Path) -> None:
    (stored / "empty").mkdir()
    missing = pgproof("report", "broken.json", "nope.json", cwd=stored)
    assert (missing.returncode, missing.stderr) == (
        2,
        "pgproof: cannot read nope.json: No such file or directory.\n",
    )
    empty = pgproof("report", "empty", cwd=stored)
    assert (empty.returncode, empty.stdout) == (2, "")
    assert "there is no stored result in empty" in empty.stderr


def test_a_format_that_only_one_result_has_is_refused_with_those_that_there_are(stored: Path) -> None:
    done = pgproof("report", "broken.json", "healthy.json", "--format", "sarif", cwd=stored)
    assert done.returncode == 2
    assert "The formats are json, markdown, text." in done.stderr


def test_the_help_tells_the_exit_codes() -> None:
    shown = " ".join(pgproof("report", "--help").stdout.split())
    assert "The exit code of a comparison is that of diff: 0 the two say the same" in shown
