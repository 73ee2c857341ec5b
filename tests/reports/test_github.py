"""Annotations: workflow commands, read back as GitHub's runner reads a step's log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings

from pgproof.judge.result import Result
from pgproof.model import Location
from pgproof.reports import render
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View
from tests.reports.results import AMBIGUOUS, BROKEN, CROWDED, HAND_MADE, HEALTHY, PHANTOM, RESULTS, UNREADABLE
from tests.reports.strategies import results


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def read(log: str) -> list[Command]:
    """Read each line as the runner does; every line of this report has to be a command."""
    assert log.endswith("\n")
    return [command(line) for line in log[:-1].split("\n")]


def command(line: str) -> Command:
    assert line.startswith("::")
    assert line.isprintable() or "\ufffd" in line
    head, data = line[2:].split("::", 1)
    name, _, written = head.partition(" ")
    pairs = [part.split("=", 1) for part in written.split(",") if part]
    assert all(len(pair) == 2 for pair in pairs), written
    return Command(name, {key: unescaped(value, ":,") for key, value in pairs}, unescaped(data, ""))


def unescaped(text: str, more: str) -> str:
    for character in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text


@pytest.mark.parametrize("name", RESULTS)
def test_the_annotations_are_as_a_person_has_read_them(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.github.txt", render("github", RESULTS[name], View()))


@settings(max_examples=30)
@given(results)
def test_no_name_makes_or_breaks_a_command(result: Result) -> None:
    verdict, *commands = read(render("github", result, View()))
    blocking = [gap for gap in result.gaps if gap.blocking]
    assert len(commands) == len(blocking) + len(result.findings) + len(result.stale)
    assert verdict.name == "notice"
    assert {command.name for command in commands} <= {"error", "warning", "notice"}
    for gap, shown in zip(blocking, commands, strict=False):
        assert shown.data.split("\n")[0] == one_line(gap.reason)
    ranked = sorted(result.findings, key=lambda finding: finding.severity.rank)
    for finding, shown in zip(ranked, commands[len(blocking) :], strict=False):
        assert shown.properties.keys() <= {"file", "line", "col", "title"}
        assert shown.data.startswith(one_line(finding.message) + "\n")
        if finding.location and finding.location.path:
            assert shown.properties["file"] == one_line(finding.location.path)
        title = one_line(f"{finding.code} {finding.name}: ")
        assert shown.properties["title"].startswith(title[:200])


def test_the_verdict_and_what_blocks_it_come_first() -> None:
    first, second, third, *_ = read(render("github", UNREADABLE, View()))
    assert (first.name, second.name, third.name) == ("notice", "error", "error")
    assert first.properties["title"].startswith("pgproof: UNDECIDED (repository only")
    assert second.properties["title"] == third.properties["title"] == "pgproof: not verified"


def test_a_healthy_project_has_one_notice() -> None:
    (only,) = read(render("github", HEALTHY, View()))
    assert only.name == "notice"


def test_the_worst_come_first_and_none_is_left_out() -> None:
    commands = read(render("github", CROWDED, View(limit=1)))
    assert [command.name for command in commands] == ["notice"] + ["error"] * 15 + ["warning"] * 3 + ["notice"]


def test_a_place_is_given_as_far_as_it_is_known() -> None:
    file_only = replace(AMBIGUOUS, location=Location("a,b:c%.sql"))
    no_place = replace(PHANTOM, location=None)
    _, *shown = read(render("github", replace(BROKEN, findings=(AMBIGUOUS, file_only, no_place, HAND_MADE)), View()))
    places = [{key: value for key, value in one.properties.items() if key != "title"} for one in shown]
    assert places == [
        {"file": "migrations/0005_jobs.sql", "line": "41", "col": "11"},
        {"file": "a,b:c%.sql"},
        {"file": PHANTOM.subject},
        {},
    ]


def test_a_long_title_is_cut() -> None:
    _, shown = read(render("github", replace(BROKEN, findings=(replace(HAND_MADE, subject="x" * 999),)), View()))
    assert len(shown.properties["title"]) == 250
    assert shown.properties["title"].endswith("…")
