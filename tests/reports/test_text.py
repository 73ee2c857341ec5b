"""The text report: what a person reads on a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.judge.result import Result, Suppressed, Verdict
from pgproof.model import Gap, Location
from pgproof.reports import render
from pgproof.reports.excerpt import excerpt
from pgproof.reports.terminal import columns, wants_colour
from pgproof.reports.view import View
from tests.reports.results import (
    BROKEN,
    CONFIGURATION,
    CROWDED,
    HAND_MADE,
    HEALTHY,
    HOSTILE,
    RENAMED,
    RESULTS,
    SUPPRESSED,
    UNREADABLE,
)

SGR = re.compile(r"\x1b\[[0-9;]*m")


def text(result: Result, view: View | None = None) -> str:
    return render("text", result, view or View())


@pytest.mark.parametrize("name", RESULTS)
def test_the_text_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", text(RESULTS[name]))


def test_the_text_of_a_narrow_terminal_is_as_a_person_has_read_it(golden: Callable[[str, str], None]) -> None:
    golden("narrow.txt", text(BROKEN, View(width=72, limit=None, elapsed_ms=83_400)))


@pytest.mark.parametrize("name", RESULTS)
def test_colour_adds_nothing_but_colour(name: str) -> None:
    coloured = text(RESULTS[name], View(width=80, colour=True))
    assert coloured != text(RESULTS[name], View(width=80))
    assert SGR.sub("", coloured) == text(RESULTS[name], View(width=80))


def test_the_last_line_tells_the_whole_story() -> None:
    counts = "2 errors · 1 warning · 1 note · 3 checks passed · 1 not applicable"
    last = text(BROKEN, View(elapsed_ms=812)).splitlines()[-1]
    assert last == f"NO-GO (repository and live database)   {counts}   0.8 s"
    assert text(UNREADABLE).splitlines()[-1].endswith("1 warning · 1 check passed · 1 crashed · 2 blocking gaps")


def test_what_is_not_reported_is_counted_and_listed_on_request() -> None:
    last = "1 not applicable · 2 ignored (1 expires on 2027-01-31) · 1 in the baseline · 1 persisting"
    assert text(SUPPRESSED).splitlines()[-1].endswith(last)
    assert "not reported" not in text(SUPPRESSED)
    everything = text(SUPPRESSED, View(limit=None))
    assert "    ignored by pgproof.toml:7: renamed by the hosting\n" in everything
    assert "    found in main (1a2b3c4d) too\n" in everything


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (("", ""), "2 ignored"),
        (("2027-01-31", ""), "2 ignored (1 expires on 2027-01-31)"),
        (("2027-01-31", "2027-01-31"), "2 ignored (2 expire on 2027-01-31)"),
        (("2027-01-31", "2026-12-01"), "2 ignored (2 expire, the first on 2026-12-01)"),
        (("<script>", "soon"), "2 ignored"),
    ],
)
def test_the_last_line_says_when_ignores_expire(until: tuple[str, str], told: str) -> None:
    suppressed = tuple(Suppressed(RENAMED, replace(CONFIGURATION, until=day)) for day in until)
    assert text(replace(HEALTHY, suppressed=suppressed)).splitlines()[-1].endswith(f" · {told}")


def test_brief_is_the_last_line_alone() -> None:
    assert text(BROKEN, View(brief=True)) == text(BROKEN).splitlines()[-1] + "\n"


@pytest.mark.parametrize(
    ("elapsed_ms", "shown"), [(0, "0.0 s"), (59_949, "59.9 s"), (59_950, "1 min 0 s"), (125_000, "2 min 5 s")]
)
def test_the_duration_has_its_unit(elapsed_ms: int, shown: str) -> None:
    assert text(HEALTHY, View(elapsed_ms=elapsed_ms)).endswith(f"   {shown}\n")


def test_the_worst_come_first_and_ten_are_shown_in_full() -> None:
    shuffled = replace(CROWDED, findings=CROWDED.findings[::-1])
    shown = re.findall(r"^(error|warning|note)\[", text(shuffled), re.MULTILINE)
    assert shown == ["error"] * 10
    assert "… and 9 more findings (--all shows them in full)" in text(shuffled)
    everything = re.findall(r"^(error|warning|note)\[", text(shuffled, View(limit=None)), re.MULTILINE)
    assert everything == ["error"] * 15 + ["warning"] * 3 + ["note"]


def test_blocking_gaps_come_first_with_their_way_out_and_all_of_them() -> None:
    gaps = tuple(Gap(f"reason {n}", blocking=n >= 20, way_out=f"way {n}") for n in range(40))
    lines = text(replace(UNREADABLE, gaps=gaps), View(limit=3)).splitlines()
    start = lines.index("not verified") + 1
    assert lines[start : start + 2] == ["  blocking reason 20", "    → way 20"]
    assert sum("blocking reason" in line for line in lines) == 20
    assert "  … and 17 more (--all shows them)" in lines


def test_only_a_verdict_that_is_not_go_has_a_reason() -> None:
    assert "because" not in text(HEALTHY)
    assert "because      2 findings at or above error" in text(BROKEN)


def test_lines_keep_to_the_width_where_they_may_be_wrapped() -> None:
    long = replace(HAND_MADE, message="word " * 60, seen=("seen " * 60,))
    shown = text(replace(UNREADABLE, findings=(long,), introduction=("found " * 60,)), View(width=62, colour=True))
    assert max(columns(SGR.sub("", line)) for line in shown.splitlines()) <= 62


def test_sql_is_not_wrapped_so_that_it_can_be_copied() -> None:
    sql = "select " + ", ".join(f"column_{n}" for n in range(60)) + ";"
    shown = text(replace(BROKEN, findings=(replace(HAND_MADE, fix=sql, reproduce=sql),)), View(width=60))
    assert shown.count(sql) == 2


def test_without_a_terminal_only_an_excerpt_is_cut() -> None:
    long = replace(HAND_MADE, excerpt="x" * 1_000_000, location=Location("a.sql", 1, 500_000), message="word " * 100)
    shown = text(replace(BROKEN, findings=(long,)))
    assert len(shown) < 3_000
    assert ("word " * 100).strip() in shown


@pytest.mark.parametrize(
    ("source", "column", "line", "mark"),
    [
        ("    where status = 'pending'", 11, "where status = 'pending'", "      ^^^^^^"),
        ('\tselect\t"odd ""name" from x', 9, 'select "odd ""name" from x', "       ^^^^^^^^^^^^"),
        ("表 = x", 3, "表 = x", "   ^"),
        ("表名 = x", 1, "表名 = x", "^^^^"),
        ("a\x1b[31mb c", 9, "a\\x1b[31mb c", " " * 11 + "^"),
        ("select 1", 0, "select 1", ""),
        ("select 1", 40, "select 1", ""),
        ("  select 1", 1, "select 1", ""),
        ("", 1, "", ""),
    ],
)
def test_the_caret_stands_under_its_column(source: str, column: int, line: str, mark: str) -> None:
    part = excerpt(source, column, 80)
    assert (part.line, " " * part.before + "^" * part.marked if part.marked else "") == (line, mark)


@given(st.text(), st.integers(0, 200), st.integers(5, 80))
def test_an_excerpt_keeps_to_its_room_and_its_mark_to_the_excerpt(source: str, column: int, room: int) -> None:
    part = excerpt(source, column, room)
    assert part.line.isprintable()
    assert columns(part.line) <= room + 2
    if part.marked:
        assert part.before + part.marked <= max(columns(part.line), part.before + 20)


@given(st.text(), st.booleans())
def test_no_name_brings_a_control_character_to_the_terminal(name: str, multi_line: bool) -> None:
    finding = replace(
        HAND_MADE, code=name, name=name, kind=name, subject=name, message=name, excerpt=name, seen=(name,),
        reproduce=name, fix=name, consequences=(name,), location=Location(name, 1, 1),
    )  # fmt: skip
    gap = Gap(name, blocking=multi_line, location=Location(name), way_out=name)
    result = replace(HOSTILE, findings=(finding,), gaps=(gap,), introduction=(name,), scope=name, reason=name)
    shown = text(result, View(limit=0 if multi_line else None))
    assert not [c for c in shown if c != "\n" and unicodedata.category(c)[0] == "C"]


def test_no_name_writes_a_line_of_its_own() -> None:
    forged = "x\nGO (repository and live database)   no findings"
    finding = replace(HAND_MADE, subject=forged, message=forged, seen=(forged,), reproduce=forged, fix=forged)
    gap = Gap(forged, blocking=True, way_out=forged)
    shown = text(replace(BROKEN, findings=(finding,), gaps=(gap,), introduction=(forged,), scope=forged))
    assert [line for line in shown.splitlines() if line.startswith("GO")] == []


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_begins_the_last_line(verdict: Verdict) -> None:
    assert text(replace(HEALTHY, verdict=verdict)).splitlines()[-1].startswith(f"{verdict} (")


@pytest.mark.parametrize(
    ("environment", "is_terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_a_terminals_or_asked_for(environment: dict[str, str], is_terminal: bool, expected: bool) -> None:
    assert wants_colour(environment, is_terminal) is expected
