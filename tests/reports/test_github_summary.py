"""The step summary: never longer than GitHub shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgproof.reports import render
from pgproof.reports.formats.github_summary import LIMIT_BYTES
from pgproof.reports.view import View
from tests.reports.results import AMBIGUOUS, BROKEN, RESULTS


@pytest.mark.parametrize("name", RESULTS)
def test_a_report_that_fits_is_the_markdown(name: str) -> None:
    view = View(limit=None)
    assert render("github_summary", RESULTS[name], view) == render("markdown", RESULTS[name], view)


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
