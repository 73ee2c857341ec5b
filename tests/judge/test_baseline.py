"""The baseline: it hides what it lists, tells what is fixed, and only shrinks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.judge.baseline import Baseline, Baselined, Entry
from pgproof.judge.baseline_file import read, write
from pgproof.judge.ignoring import Ignoring, Rule
from pgproof.judge.result import Outcome, Staleness, Suppressor, Verdict
from pgproof.model import Finding, Gap, Location
from pgproof.model.errors import UsageError
from pgproof.project.ignore import Ignore
from tests.judge.suppression import BOTH, FAILURE, INDEX, MISSING, PHANTOM, TABLE, failure, judged, missing, ran
from tests.reports.strategies import names

CODES = ("DRF101", "HIS103", "MIG103")
EMPTY = Baseline("pgproof-baseline.json")


def made(*all_ran: Any) -> Baseline:
    baselined = Baselined(EMPTY)
    judged(list(all_ran), baselined)
    return baselined.remaining(accept_new=True)


def again(baseline: Baseline, *all_ran: Any, accept_new: bool = False) -> Baseline:
    baselined = Baselined(baseline)
    judged(list(all_ran), baselined)
    return baselined.remaining(accept_new=accept_new)


OLD = made(ran(FAILURE, failure()), ran(MISSING, missing(), missing(INDEX), proof=BOTH))


def refusal(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        read(text, "b.json", CODES)
    return f"{caught.value.problem}\n{caught.value.way_out}"


def test_an_entry_is_for_people_too() -> None:
    entry = OLD.entries[-1]
    assert (entry.code, entry.subject, entry.message, entry.evidence) == ("MIG103", "db/1.sql", "fails", ("replay",))
    assert [one.subject for one in OLD.entries] == ["index public.note_body", "table public.note", "db/1.sql"]


def test_it_hides_what_it_lists() -> None:
    result = judged([ran(FAILURE, failure()), ran(MISSING, missing(), missing(INDEX), proof=BOTH)], Baselined(OLD))
    assert (result.verdict, result.findings, result.stale) == (Verdict.GO, (), ())
    assert {one.suppression.by for one in result.suppressed} == {Suppressor.BASELINE}
    assert [check.outcome for check in result.checks] == [Outcome.SUPPRESSED] * 2


def test_a_moved_line_and_other_words_change_nothing() -> None:
    moved = replace(failure(99), message="fails otherwise", seen=("more",))
    assert judged([ran(FAILURE, moved)], Baselined(OLD)).findings == ()


def test_what_it_does_not_list_is_reported() -> None:
    result = judged([ran(FAILURE, failure(), failure(detail="another"))], Baselined(OLD))
    assert (len(result.findings), len(result.suppressed), result.verdict) == (1, 1, Verdict.NO_GO)


def test_of_those_with_one_fingerprint_it_hides_as_many_as_it_counts() -> None:
    twice = made(ran(FAILURE, failure(1), failure(2)))
    assert [entry.count for entry in twice.entries] == [2]
    result = judged([ran(FAILURE, failure(1), failure(2), failure(3))], Baselined(twice))
    assert (len(result.findings), len(result.suppressed)) == (1, 2)
    result = judged([ran(FAILURE, failure(1))], Baselined(twice))
    assert [one.state for one in result.stale] == [Staleness.FIXED]
    assert [entry.count for entry in again(twice, ran(FAILURE, failure(1))).entries] == [1]


def test_what_is_fixed_is_told_and_goes() -> None:
    now = [ran(FAILURE), ran(MISSING, missing(INDEX), proof=BOTH)]
    result = judged(now, Baselined(OLD))
    assert sorted(one.suppression.subject for one in result.stale) == ["db/1.sql", "table public.note"]
    assert [entry.subject for entry in again(OLD, *now).entries] == ["index public.note_body"]


@pytest.mark.parametrize(
    "blind",
    [
        [],
        [ran(FAILURE, absent=Gap("x")), ran(MISSING, absent=Gap("x"))],
        [ran(FAILURE, crash="x"), ran(MISSING, crash="x")],
    ],
)
def test_what_nobody_looked_for_is_not_fixed(blind: list[Any]) -> None:
    assert judged(blind, Baselined(OLD)).stale == ()
    assert again(OLD, *blind) == OLD


def test_a_check_that_saw_less_than_it_once_did_fixes_nothing() -> None:
    result = judged([ran(MISSING)], Baselined(OLD))
    assert result.stale == ()


def test_what_another_finding_explains_now_is_not_fixed() -> None:
    phantom = Finding("db/1.sql", "never ran", explains=frozenset({TABLE}))
    all_ran = [ran(PHANTOM, phantom), ran(MISSING, missing(), missing(INDEX), proof=BOTH)]
    assert judged(all_ran, Baselined(OLD)).stale == ()


def test_it_grows_only_by_what_is_given() -> None:
    new = ran(FAILURE, failure(detail="another"))
    assert [entry.code for entry in again(OLD, new).entries] == ["DRF101", "DRF101"]
    assert [entry.code for entry in again(OLD, new, accept_new=True).entries] == ["DRF101", "DRF101", "MIG103"]
    assert again(OLD, new, accept_new=True).entries[-1].evidence == ("replay",)


def test_what_is_ignored_does_not_come_into_it() -> None:
    ignore = Ignore("MIG103", "why", Location("pgproof.toml", 1))
    baselined = Baselined(OLD)
    result = judged([ran(FAILURE, failure(), failure(detail="x"))], Ignoring([Rule("MIG103", ignore)], None), baselined)
    assert {one.suppression.by for one in result.suppressed} == {Suppressor.CONFIGURATION}
    assert baselined.remaining(accept_new=True) == OLD


def caused(*lines: str, line: int = 3) -> Finding:
    return replace(failure(line), consequences=lines)


ROOT = caused("db/1.sql:5:1: relation x is missing", "db/2.sql:1:1: relation x is missing")


def test_what_a_finding_explains_is_listed_too_and_hidden_wherever_it_moves() -> None:
    baseline = made(ran(FAILURE, ROOT))
    assert [(one.subject, one.message) for one in baseline.entries] == [
        ("db/1.sql", "fails"),
        ("db/1.sql", "relation x is missing"),
        ("db/2.sql", "relation x is missing"),
    ]
    moved = caused("db/1.sql:9:9: relation x is missing", "db/2.sql:7: relation x is missing")
    assert judged([ran(FAILURE, moved)], Baselined(baseline)).findings == ()


def test_a_known_cause_hides_nothing_new_that_it_explains() -> None:
    wider = replace(ROOT, consequences=(*ROOT.consequences, "db/3.sql:1:1: relation x is missing"))
    result = judged([ran(FAILURE, wider)], Baselined(made(ran(FAILURE, ROOT))))
    (one,) = result.findings
    assert one.consequences == ("db/3.sql:1:1: relation x is missing",)
    assert one.seen == ("found when the baseline was made; what it explains here is new",)
    assert (result.verdict, result.suppressed, result.stale) == (Verdict.NO_GO, (), ())
    assert len(again(made(ran(FAILURE, ROOT)), ran(FAILURE, wider), accept_new=True)) == 4


def test_a_known_cause_hides_no_new_finding_either() -> None:
    phantom = Finding("db/1.sql", "never ran", explains=frozenset({TABLE, INDEX}))
    baseline = made(ran(PHANTOM, phantom), ran(MISSING, missing()))
    result = judged([ran(PHANTOM, phantom), ran(MISSING, missing(), missing(INDEX))], Baselined(baseline))
    assert [one.consequences for one in result.findings] == [("public.note_body: is missing",)]
    assert [check.outcome for check in result.checks] == [Outcome.FAILED] * 2


def test_what_comes_to_light_when_its_cause_is_fixed_is_known() -> None:
    light = Finding("db/2.sql", "relation x is missing (42P01)", Location("db/2.sql", 1), detail="42P01 x")
    result = judged([ran(FAILURE, light)], Baselined(made(ran(FAILURE, ROOT))))
    assert result.findings == ()
    assert sorted(one.suppression.subject for one in result.stale) == ["db/1.sql", "db/1.sql"]


def test_what_another_statement_of_the_file_explains_now_is_not_fixed() -> None:
    first = caused("db/1.sql:9:1: fails", line=1)
    result = judged([ran(FAILURE, replace(first, message="fails before", detail="first"))], Baselined(OLD))
    assert [one.subject for one in result.findings] == ["db/1.sql"]
    assert "db/1.sql" not in {one.suppression.subject for one in result.stale}


def test_the_file_is_sorted_ascii_and_has_a_line_for_each_finding() -> None:
    text = write(made(ran(FAILURE, failure(path="é.sql")), ran(MISSING, missing())))
    assert text.isascii()
    lines = text.splitlines()
    assert [line.strip()[:18] for line in lines[3:5]] == ['{"code": "DRF101",', '{"code": "MIG103",']
    assert len(lines) == 7
    assert '"count"' not in text
    assert len(read(text, "b.json", CODES)) == 2


def test_an_empty_baseline_is_a_baseline() -> None:
    assert read(write(EMPTY), "b.json", CODES) == replace(EMPTY, path="b.json")


entries = st.builds(
    Entry, st.sampled_from(CODES), names, names, st.lists(names, max_size=2).map(tuple), names, st.integers(1, 9)
)


@given(st.lists(entries, unique_by=lambda entry: entry.fingerprint))
def test_it_is_read_as_it_was_written(listed: list[Entry]) -> None:
    text = write(Baseline("b.json", tuple(listed)))
    again = read(text, "b.json", CODES)
    assert sorted(again.entries, key=str) == sorted(listed, key=str)
    assert write(again) == text


def document(**changes: object) -> str:
    return json.dumps({**json.loads(write(OLD)), **changes})


def entry(**changes: object) -> str:
    one = {**json.loads(write(OLD))["findings"][0], **changes}
    return document(findings=[{key: value for key, value in one.items() if value is not None}])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (document(baseline_version=2), "b.json is a baseline of version 2; this pgproof reads 1\nUpdate pgproof, or"),
        (document(baseline_version="1"), 'b.json is a baseline of version "1"; this pgproof reads 1'),
        (document(baseline_version=True), "of version true"),
        ("{}", "b.json is no baseline: it names no baseline_version"),
        ("[]", "b.json is no baseline"),
        ("", "b.json is not JSON: "),
        ("[" * 100_000, "b.json is not JSON: "),
        (document(findings={}), "b.json: findings should be a list"),
        (document(findings=[3]), "b.json has a mistake\nfinding 1: should be an object"),
        (entry(code="DRF10l"), 'DRF10l index public.note_body): no check has this code, did you mean "DRF101"?'),
        (entry(code=None), "finding 1: code is missing or is not what it should be"),
        (entry(evidence="live"), "finding 1: evidence is missing or is not what it should be"),
        (entry(evidence=[1]), "finding 1: evidence should be a list of strings"),
        (entry(count=0), "finding 1: count is missing or is not what it should be"),
        (entry(count=True), "finding 1: count is missing"),
        (entry(line=3), 'finding 1: "line" is not known'),
    ],
)  # fmt: skip
def test_what_is_no_baseline_of_this_version_is_refused_with_its_place(text: str, expected: str) -> None:
    assert expected in refusal(text)


def test_two_baselines_merged_by_hand_are_refused_with_the_way_out() -> None:
    ours, theirs = write(OLD).splitlines(), write(made(ran(FAILURE, failure(detail="x")))).splitlines()
    conflict = [*ours[:3], "<<<<<<< HEAD", *ours[3:6], "=======", *theirs[3:4], ">>>>>>> theirs", *ours[6:]]
    told = refusal("\n".join(conflict))
    assert told.startswith("b.json has marks of a merge that was not finished (line 4)\n")
    assert "Keep the lines of both sides, each once" in told
    twice = "\n".join([*ours[:3], ours[3], ours[3], *ours[4:]])
    assert "finding 2 (DRF101 index public.note_body): it is listed already, as finding 1" in refusal(twice)


def test_lines_of_both_sides_in_any_order_are_a_baseline() -> None:
    lines = write(OLD).splitlines()
    assert read("\n".join([*lines[:3], lines[4], lines[3], *lines[5:]]), OLD.path, CODES) == OLD


def test_many_mistakes_are_counted() -> None:
    told = refusal(document(findings=[3] * 30)).splitlines()
    assert told[0] == "b.json has 30 mistakes"
    assert told[11] == "… and 20 more"


def test_an_entry_has_its_place() -> None:
    (one,) = judged([ran(FAILURE, failure())], Baselined(OLD)).suppressed
    assert one.suppression.location == Location("pgproof-baseline.json")
    assert one.suppression.fingerprint == one.finding.fingerprint
