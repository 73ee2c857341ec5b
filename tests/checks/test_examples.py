"""Every check finds what its `bad` example shows and is silent on its `ok` example, on real servers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.evidence.settings import Settings
from pgproof.judge.result import Outcome, Result
from pgproof.project.config import read_config
from pgproof.workflows.check import check
from tests.checks.example import live_sql, parse, write_files
from tests.conftest import MAJORS, LiveDatabase

CHECKS = all_checks()
OF_FILES = ("COD3", "CON2")
"""What the server's version has no say in."""
EACH = [(one, major) for one in CHECKS for major in (MAJORS[-1:] if one.code.startswith(OF_FILES) else MAJORS)]
on_each_version = pytest.mark.parametrize(("one", "major"), EACH, ids=[f"{one.code}-pg{major}" for one, major in EACH])


def run(text: str, root: Path, live: LiveDatabase, major: int, select: tuple[str, ...]) -> Result:
    example = parse(text)
    write_files(example, root)
    for statements in live_sql(example):
        live.execute(statements)
    config = replace(read_config(root), server=major)
    return check(Settings(root, config, live.url if example.live is not None else None), select)


@on_each_version
def test_the_bad_example_is_found(one: Check, major: int, tmp_path: Path, live: LiveDatabase) -> None:
    everything = major == MAJORS[-1]
    result = run(one.bad, tmp_path, live, major, () if everything else (one.code,))
    assert one.code in {finding.code for finding in result.findings}
    assert not [outcome for outcome in result.checks if outcome.outcome is Outcome.CRASHED]


@on_each_version
def test_the_ok_example_is_passed(one: Check, major: int, tmp_path: Path, live: LiveDatabase) -> None:
    result = run(one.ok, tmp_path, live, major, (one.code,))
    assert one.code not in {finding.code for finding in result.findings}
    assert {outcome.outcome for outcome in result.checks if outcome.code == one.code} == {Outcome.PASSED}


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.code)
def test_the_docstring_is_the_documentation(one: Check) -> None:
    summary, why, fix = re.split(r"\n\n## (?:Why|Fix)\n", one.doc)
    assert summary.endswith(".")
    assert "\n" not in summary.strip()
    assert len(why.split()) > 10
    assert len(fix.split()) > 5


def test_codes_and_names_are_unique_and_spelled_alike() -> None:
    assert len({one.name for one in CHECKS}) == len(CHECKS)
    for one in CHECKS:
        assert re.fullmatch(r"(DRF|HIS|MIG|COD|CON|SEC|INT|FUN|BEH|OPS)\d{3}", one.code)
        assert one.name == one.function.__name__.replace("_", "-")
        module = one.function.__module__.rpartition(".")[2]
        assert module == one.function.__name__
