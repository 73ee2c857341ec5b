"""JSON Lines: a stream that holds the whole result."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from pgproof.judge.result import Result
from pgproof.reports import render
from pgproof.reports.stored import load
from pgproof.reports.view import View
from tests.reports.results import BROKEN, RESULTS
from tests.reports.strategies import results

LISTS = {
    "finding": "findings",
    "suppressed": "suppressed",
    "stale": "stale",
    "gap": "gaps",
    "check": "checks",
    "coverage": "coverage",
    "use": "uses",
}


@pytest.mark.parametrize("name", ["broken", "unreadable", "suppressed", "hostile"])
def test_the_lines_are_as_a_person_has_read_them(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.jsonl", render("jsonl", RESULTS[name], View()))


def joined(text: str) -> Result:
    """Put the lines together to the document that the format `json` writes, and read that."""
    header, *items, ending = [json.loads(line) for line in text.splitlines()]
    assert (header.pop("type"), ending.pop("type")) == ("header", "verdict")
    del ending["exit_code"]
    document = {**header, **ending, **{name: [] for name in LISTS.values()}}
    for item in items:
        document[LISTS[item.pop("type")]].append(item)
    return load(json.dumps(document))


@settings(max_examples=30)
@given(results)
def test_the_lines_hold_the_whole_result(result: Result) -> None:
    text = render("jsonl", result, View())
    assert text.isascii()
    assert joined(text) == result


def test_the_last_line_is_the_verdict_with_its_exit_code() -> None:
    last = json.loads(render("jsonl", BROKEN, View()).splitlines()[-1])
    assert (last["verdict"], last["exit_code"]) == ("NO-GO", 1)
