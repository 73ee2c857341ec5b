"""Version order: what is a defect, and what is only a way to number files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result
from pgproof.model import Severity
from pgproof.project.config import Config
from pgproof.workflows.check import check


def run(root: Path, *names: str) -> Result:
    for name in names:
        file = root / "migrations" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("select 1;", "utf-8")
    return check(Settings(root, Config(server=18)), select=("MIG101", "MIG102"))


def test_numbers_that_are_skipped_are_one_note(tmp_path: Path) -> None:
    (finding,) = run(tmp_path, *(f"V{n}__step.sql" for n in range(1, 31) if n not in (7, 12, 13))).findings
    assert (finding.code, finding.subject) == ("MIG102", "migrations")
    assert finding.message == "no migration has the number 7, 12 to 13"


@pytest.mark.parametrize(
    "names",
    [
        ["V1__a.sql", "V2.1__b.sql", "V3__c.sql", "V4__d.sql"],
        ["001_a.sql", "002a_b.sql", "002b_c.sql", "003_d.sql"],
        ["10_a.sql", "20_b.sql", "30_c.sql"],
        ["100_a.sql", "200_b.sql", "300_c.sql"],
        ["20240101000000_a.sql", "20240102000000_b.sql"],
        ["2024-01-01_a.sql", "2024-03-01_b.sql"],
        ["001_a.sql", "002_b.sql", "20240102000000_c.sql"],
        ["20240101-a.sql", "20240101-b.sql", "20240102.sql"],
        ["2024/01_a.sql", "2024/01_b.sql", "2025/01_a.sql", "2026/01_a.sql"],
    ],
)
def test_no_number_is_missing(tmp_path: Path, names: list[str]) -> None:
    assert run(tmp_path, *names).findings == ()


def test_a_number_used_twice_is_a_finding_each(tmp_path: Path) -> None:
    result = run(tmp_path, "001_a.sql", "002_b.sql", "002_c.sql", "003_d.sql", "003_e.sql")
    assert [(f.code, f.severity, f.message) for f in result.findings] == [
        ("MIG101", Severity.NOTE, "version 002 is used by 2 migrations"),
        ("MIG101", Severity.NOTE, "version 003 is used by 2 migrations"),
    ]


def test_a_version_of_a_known_tool_that_is_used_twice_is_a_warning(tmp_path: Path) -> None:
    (finding,) = run(tmp_path, "V1__a.sql", "V2__b.sql", "V2__c.sql").findings
    assert (finding.code, finding.severity) == ("MIG101", Severity.WARNING)


def test_numbers_that_are_used_twice_by_habit_are_one_finding(tmp_path: Path) -> None:
    names = [f"00{number}_{what}.sql" for number in range(1, 6) for what in ("a", "b")]
    (finding,) = run(tmp_path, *names).findings
    assert finding.message == "5 versions are used by several migrations each, 10 in all"
    assert finding.seen[0] == "001: 001_a.sql, 001_b.sql"
