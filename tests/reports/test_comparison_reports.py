"""Two results compared, and many at a glance, in each format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from pgproof.judge.comparison import Comparison, compare
from pgproof.judge.overview import Overview, overview
from pgproof.judge.result import CheckOutcome, Outcome, Result, Verdict
from pgproof.model import Severity
from pgproof.reports import format_names, render
from pgproof.reports.view import View
from tests.reports.results import AMBIGUOUS, BROKEN, CHECKS, CROWDED, HAND_MADE, HEALTHY, PHANTOM, RESULTS, UNREADABLE
from tests.reports.strategies import results

MENDED = replace(
    BROKEN,
    verdict=Verdict.GO,
    reason=HEALTHY.reason,
    findings=(
        replace(HAND_MADE, severity=Severity.NOTE),
        replace(HAND_MADE, subject="public.orders_state", fingerprint="7"),
    ),
    gaps=BROKEN.gaps[:1],
    checks=(*CHECKS, CheckOutcome("HIS103", "phantom-migration", Outcome.PASSED, 12)),
)
COMPARISONS = {
    "mended": compare(("before.json", "after.json"), BROKEN, MENDED),
    "blinded": compare(("before.json", "after.json"), BROKEN, UNREADABLE),
    "crowded": compare(("before.json", "after.json"), HEALTHY, CROWDED),
    "same": compare(("before.json", "after.json"), BROKEN, BROKEN),
    "hostile": compare(("a\x1b[2J.json", "b.json"), BROKEN, RESULTS["hostile"]),
}
EXTENSIONS = {"json": "json", "markdown": "md", "text": "txt"}
FENCED = re.compile(r"^(`{3,})text\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
MANY = overview((f"{name}.json", result) for name, result in RESULTS.items())


def lines_of(text: str) -> list[str]:
    return text.split("\n")


@pytest.mark.parametrize("format_name", EXTENSIONS)
@pytest.mark.parametrize("name", COMPARISONS)
def test_a_comparison_is_as_a_person_has_read_it(
    name: str, format_name: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"compared-{name}.{EXTENSIONS[format_name]}", render(format_name, COMPARISONS[name], View()))


@pytest.mark.parametrize("format_name", EXTENSIONS)
def test_an_overview_is_as_a_person_has_read_it(format_name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"overview.{EXTENSIONS[format_name]}", render(format_name, MANY, View()))


def test_both_have_the_formats_of_their_folders() -> None:
    assert format_names(Comparison) == format_names(Overview) == tuple(sorted(EXTENSIONS))


@pytest.mark.parametrize("shown", [*COMPARISONS.values(), MANY])
def test_the_json_is_versioned_ascii_and_the_same_however_one_looks(shown: Comparison | Overview) -> None:
    text = render("json", shown, View())
    assert text.isascii()
    assert text == render("json", shown, View(width=20, colour=True, limit=1, brief=True))
    versions = {key: value for key, value in json.loads(text).items() if key.endswith("_version")}
    assert list(versions.values()) == [1]


@settings(max_examples=30)
@given(results, results)
def test_no_name_takes_a_line_or_leaves_its_code(before: Result, after: Result) -> None:
    for shown in (compare(("a", "b"), before, after), overview([("a", before), ("b", after)])):
        for line in lines_of(render("text", shown, View(limit=None))):
            assert line.isprintable()
        outside = FENCED.sub("", render("markdown", shown, View(limit=None)))
        assert re.fullmatch(r"[\w\s·→#:,()<>/.-]*", outside), outside
        assert set(re.findall(r"<[^>]*>", outside)) <= {
            "<details>", "<details open>", "<summary>", "</summary>", "</details>",
        }  # fmt: skip
        json.loads(render("json", shown, View()))


def test_what_is_new_is_shown_in_full_and_the_rest_in_a_line() -> None:
    shown = render("text", COMPARISONS["mended"], View())
    assert "error[HIS103] phantom-migration   supabase/migrations/20250304_invoices.sql\n" in shown
    assert PHANTOM.message not in shown
    assert "   |  index is in the live database and in no migration\n" in shown


def test_brief_is_the_last_line() -> None:
    whole = render("text", COMPARISONS["mended"], View())
    assert render("text", COMPARISONS["mended"], View(brief=True)) == whole.splitlines()[-1] + "\n"
    totals = render("text", MANY, View()).splitlines()[-1]
    assert render("text", MANY, View(brief=True)) == totals + "\n"


def test_long_lists_are_cut_and_all_shows_them() -> None:
    compared = compare(("a", "b"), replace(BROKEN, findings=(AMBIGUOUS,) * 15), replace(BROKEN, findings=()))
    assert "  … and 5 more (--all shows them)" in render("text", compared, View())
    assert render("text", compared, View(limit=None)).count("error[FUN101]") == 15
