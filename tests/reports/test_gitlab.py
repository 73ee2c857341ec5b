"""GitLab's code quality report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from pgproof.judge.result import Result
from pgproof.model import Location
from pgproof.reports import render
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View
from tests.reports.results import AMBIGUOUS, BROKEN, HAND_MADE, PHANTOM, RESULTS, UNREADABLE
from tests.reports.strategies import results

PRINTABLE = {"type": "string"}
ENTRY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["check_name", "description", "fingerprint", "severity", "location"],
    "properties": {
        "check_name": PRINTABLE,
        "description": PRINTABLE,
        "fingerprint": PRINTABLE,
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "additionalProperties": False,
            "required": ["path", "lines"],
            "properties": {
                "path": PRINTABLE,
                "lines": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}},
                },
            },
        },
    },
}
VALIDATOR = jsonschema.Draft202012Validator({"type": "array", "items": ENTRY})


def entries(result: Result) -> list[dict[str, Any]]:
    text = render("gitlab", result, View())
    assert text.isascii()
    read: list[dict[str, Any]] = json.loads(text)
    return read


@pytest.mark.parametrize("name", RESULTS)
def test_the_report_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.gitlab.json", render("gitlab", RESULTS[name], View()))


@settings(max_examples=30)
@given(results)
def test_any_result_gives_a_valid_report_with_printable_text(result: Result) -> None:
    shown = entries(result)
    VALIDATOR.validate(shown)
    stale = len(set(result.stale))
    assert len(shown) == len({gap for gap in result.gaps if gap.blocking}) + len(result.findings) + stale
    texts = [text for one in shown for text in (one["description"], one["check_name"], one["location"]["path"])]
    assert all(text.isprintable() for text in texts)
    for finding, one in zip(reversed(result.findings), reversed(shown[: len(shown) - stale]), strict=False):
        assert one["description"].endswith(one_line(finding.message))


def test_two_findings_with_one_fingerprint_are_both_shown() -> None:
    shown = entries(replace(BROKEN, findings=(HAND_MADE, HAND_MADE, PHANTOM)))
    assert [one["fingerprint"] for one in shown] == ["0011223344556677", "0011223344556677-2", "11aa22bb33cc44dd"]


def test_a_moved_line_changes_no_fingerprint() -> None:
    moved = replace(AMBIGUOUS, location=Location("migrations/0005_jobs.sql", 99, 1))
    before, after = (entries(replace(BROKEN, findings=(one,)))[0] for one in (AMBIGUOUS, moved))
    assert before["fingerprint"] == after["fingerprint"]
    assert after["location"]["lines"]["begin"] == 99


def test_what_is_in_no_file_has_a_place_that_says_so() -> None:
    (shown,) = entries(replace(BROKEN, findings=(HAND_MADE,)))
    assert shown["location"] == {"path": "database/public.orders_created_at", "lines": {"begin": 1}}


def test_a_run_that_could_not_see_does_not_look_clean() -> None:
    shown = entries(replace(UNREADABLE, findings=()))
    assert [one["check_name"] for one in shown] == ["not-verified", "not-verified"]
