"""The step summary: never longer than GitHub shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from pgproof.reports import render
from pgproof.reports.formats.github_summary import LIMIT_BYTES
from pgproof.reports.view import View
from tests.reports.results import AMBIGUOUS, BROKEN, CROWDED, HAND_MADE, RESULTS

FENCED = re.compile(r"^(`{3,})text\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", RESULTS)
def test_the_summary_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.summary.md", render("github_summary", RESULTS[name], View()))


def test_no_name_leaves_its_code() -> None:
    hostile = "@everyone <img src=x> ``` ```` [x](http://x) </code></summary> \n````\n# GO"
    finding = replace(HAND_MADE, name=hostile, subject=hostile, message=hostile, fix=hostile, seen=(hostile,))
    shown = render("github_summary", replace(BROKEN, findings=(finding,), scope=hostile, reason=hostile), View())
    outside = re.sub(r"<summary><code>[^<]*</code></summary>", "", FENCED.sub("", shown))
    counts = "1 warning · 3 checks passed · 1 not applicable"
    assert " ".join(outside.split()) == f"## pgproof: NO-GO {counts} <details> </details>"


def test_the_limit_is_kept_and_the_rest_counted() -> None:
    shown = render("github_summary", CROWDED, View(limit=2))
    assert shown.count("<details>") == 2
    assert "… and 17 more findings" in shown


def test_a_report_that_does_not_fit_shows_fewer_findings_in_full() -> None:
    wide = "é" * 4000  # two bytes a character
    many = replace(BROKEN, findings=tuple(replace(AMBIGUOUS, fix=f"{n} {wide}") for n in range(500)))
    shown = render("github_summary", many, View(limit=None))
    assert len(shown.encode()) <= LIMIT_BYTES
    assert 60 <= shown.count("<details>") <= 130
    assert f"… and {500 - shown.count('<details>')} more findings" in shown
    assert "\nNO-GO (repository and live database)   500 errors" in shown


def test_what_can_not_fit_still_tells_the_verdict() -> None:
    endless = replace(BROKEN, reason="x" * LIMIT_BYTES)
    assert render("github_summary", endless, View()) == (
        "## pgproof: NO-GO\n\n"
        "2 errors · 1 warning · 1 note · 3 checks passed · 1 not applicable\n\n"
        "The report is longer than GitHub shows.\n"
    )
