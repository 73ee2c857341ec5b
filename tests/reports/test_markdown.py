"""The written report: for whoever decides and whoever repairs, and every name in it is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings

from pgproof.judge.document import NeedOutcome, NeedState, PromisedNumber, ReplayedFile
from pgproof.judge.result import FeatureState, MigrationState, Readiness, Result
from pgproof.reports import render
from pgproof.reports.document.code import cell, code
from pgproof.reports.stored import load
from pgproof.reports.view import View
from tests.reports.results import BROKEN, CROWDED, HEALTHY, RESULTS
from tests.reports.strategies import results

FENCED = re.compile(r"^(`{3,})text\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
RELEASE = replace(
    BROKEN,
    features=(
        FeatureState(
            "deals.view-pipeline", Readiness.BLOCKED, 1, 1, 1, "Days in Stage", "Bear", "intern", ("src/pipeline.ts",),
            ("/deals/[id]",), ("deals.stage_entered_at timestamptz",),
            (
                NeedState("deals.stage text", NeedOutcome.HOLDS, True, "", "read from live"),
                NeedState("deals.stage_entered_at date", NeedOutcome.FAILS, True, "is not there", "read from live"),
                NeedState("deals.kind goes 'a' -> 'b'", NeedOutcome.UNKNOWN, False, "a row may be either 'a' | 'b'"),
            ),
        ),
        FeatureState(
            "outreach", Readiness.READY, 1, 0, 0,
            needs=(NeedState("spend_log is append only", NeedOutcome.HOLDS, True, "", "executed on clone of live"),),
        ),
    ),
    migrations=(
        MigrationState("supabase/migrations/20250101_seed.sql", True, "present"),
        MigrationState(
            "supabase/migrations/20250304_invoices.sql", True, "partly present", ("table a", "table b", "table c")
        ),
    ),
    promised=(
        PromisedNumber("", "tables", "59", "59", True),
        PromisedNumber("week 2", "indexes", "60", "59", False),
        PromisedNumber("", "rows", "templates has at least 5 rows", "has 4 rows, not at least 5", False),
    ),
    replayed=(
        ReplayedFile("supabase/migrations/20250101_seed.sql", 7, 1, (), 12),
        ReplayedFile(
            "supabase/migrations/20250304_invoices.sql", 4, 0,
            (("index", "public.invoice_account"), ("policy", "public.invoice.own"), ("table", "public.invoice")), 31,
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize("name", [*RESULTS, "release"])
def test_the_report_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.md", render("markdown", {**RESULTS, "release": RELEASE}[name], View()))


def test_the_first_ten_lines_say_what_is_decided() -> None:
    first = "\n".join(render("markdown", RELEASE, View()).splitlines()[:12])
    for told in ("NO-GO", "repository and live database", "2 errors", "1 READY · 1 BLOCKED", "1 of 3 kept", "2 things"):
        assert told in first


def test_a_healthy_project_has_a_short_report() -> None:
    shown = render("markdown", HEALTHY, View())
    assert len(shown.splitlines()) < 30
    assert "Findings" not in shown


def test_a_stored_result_has_the_same_report_but_for_the_clock() -> None:
    stored = load(render("json", RELEASE, View()))
    shown = render("markdown", stored, View())
    assert " ms" not in shown
    timed = replace(RELEASE, replayed=tuple(replace(one, elapsed_ms=None) for one in RELEASE.replayed))
    assert shown == render("markdown", timed, View())


def test_the_limit_is_kept_and_the_rest_counted() -> None:
    shown = render("markdown", CROWDED, View(limit=2))
    assert shown.count("<details><summary><code>") == 2
    assert "… and 17 more findings" in shown


def hostile(value: Any, name: str) -> Any:
    """Return a dataclass with each of its texts replaced."""
    if isinstance(value, tuple):
        return tuple(hostile(one, name) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = {one.name: hostile(getattr(value, one.name), name) for one in fields(value) if one.init}
        return replace(value, **texts)
    return name if type(value) is str and value else value


@pytest.mark.parametrize(
    "name", ["@everyone <img src=x> ``` [x](http://x)\n# GO", "a\\|b|`c", "</code></summary>|`` x"]
)
def test_no_name_leaves_its_code(name: str) -> None:
    """What is left when all code is taken out are our own words."""
    parts = {one: hostile(getattr(RELEASE, one), name) for one in ("features", "promised", "replayed", "findings")}
    shown = render("markdown", replace(RELEASE, **parts, migrations=(), gaps=(), scope=name, reason=name), View())
    outside = re.sub(r"<summary>(\w+ \d of \d )?<code>[^<]*</code></summary>", "", FENCED.sub("", shown))
    for line in SPAN.sub("", outside).splitlines():
        assert not re.search(r"[@\[\]`#]|<(?!/?(details|summary)>)", line.lstrip("# ")), line


@settings(max_examples=30)
@given(results)
def test_every_row_of_a_table_has_its_cells(result: Result) -> None:
    width = 0
    for line in FENCED.sub("", render("markdown", result, View())).splitlines():
        if not line.startswith("| "):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        width = width or cells
        assert cells == width, line


def test_code_ends_where_the_text_does() -> None:
    assert code("a`b``c") == "```a`b``c```"
    assert code("`") == "`` ` ``"
    assert code("") == ""
    assert cell("a|b\\|c") == "`a\\|b¦c`"
