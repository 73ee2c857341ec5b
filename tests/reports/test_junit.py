"""JUnit XML: a test case a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from pgproof.judge.result import CheckOutcome, Outcome, Result, Verdict
from pgproof.reports import render
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View
from tests.reports.results import BROKEN, HAND_MADE, HEALTHY, RESULTS, SUPPRESSED, UNREADABLE
from tests.reports.strategies import results


def suite(result: Result) -> ET.Element:
    text = render("junit", result, View())
    assert text.isascii()
    (only,) = ET.fromstring(text)
    return only


def case(result: Result, name: str) -> ET.Element:
    (found,) = [one for one in suite(result).iter("testcase") if one.get("name") == name]
    return found


@pytest.mark.parametrize("name", RESULTS)
def test_the_xml_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.junit.xml", render("junit", RESULTS[name], View()))


@settings(max_examples=30)
@given(results)
def test_any_result_gives_well_formed_xml_that_counts_right(result: Result) -> None:
    shown = suite(result)
    cases = shown.findall("testcase")
    listed = [one.code for one in result.checks]
    others = {finding.code for finding in result.findings} - set(listed)
    assert len(cases) == len(listed) + len(others) + 1 == int(shown.get("tests", ""))
    for counter, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(shown.get(counter, "")) == sum(one.find(tag) is not None for one in cases)
    told = "\n".join("".join(one.itertext()) for one in cases)
    for finding in result.findings:
        assert f"{finding.severity}[{one_line(finding.code)}] {one_line(finding.name)}" in told
    for check, one in zip(result.checks, cases, strict=False):
        assert one.get("name") == one_line(f"{check.code} {check.name}")


def test_a_check_that_found_something_failed_and_lists_it() -> None:
    failure = case(BROKEN, "DRF102 extra-object").find("failure")
    assert failure is not None
    assert (failure.get("message"), failure.get("type")) == ("1 warning", "warning")
    assert "index public.orders_created_at" in (failure.text or "")


def test_a_check_whose_findings_others_explain_failed_too() -> None:
    failure = case(replace(BROKEN, findings=()), "DRF102 extra-object").find("failure")
    assert failure is not None
    assert failure.get("message") == "what it found is explained by other findings"


def test_a_gap_is_skipped_with_its_reason_and_a_crash_is_an_error() -> None:
    skipped = case(HEALTHY, "DRF101 missing-object").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "the live database (none was named)"
    error = case(UNREADABLE, "DRF103 changed-object").find("error")
    assert error is not None
    assert (error.get("message"), error.get("type")) == ("KeyError: 'x'", "crash")


def test_a_check_that_found_only_what_is_suppressed_is_neither_passed_nor_failed() -> None:
    hidden = case(SUPPRESSED, "DRF102 extra-object")
    skipped = hidden.find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "all that it found is suppressed"
    assert "in the baseline pgproof-baseline.json" in (hidden.findtext("system-out") or "")
    assert "MIG102 is ignored and not found" in (case(SUPPRESSED, "evidence").findtext("system-out") or "")


def test_what_a_crashed_check_had_found_is_not_lost() -> None:
    crashed = CheckOutcome("DRF102", "extra-object", Outcome.CRASHED, 1, None, "KeyError: 'x'")
    error = case(replace(BROKEN, findings=(HAND_MADE,), checks=(crashed,)), "DRF102 extra-object").find("error")
    assert error is not None
    assert "index public.orders_created_at" in (error.text or "")


def test_undecided_is_never_green() -> None:
    nothing = Result(Verdict.UNDECIDED, "", "nothing was read", (), (), (), (), ())
    error = case(nothing, "evidence").find("error")
    assert error is not None
    assert error.get("message") == "nothing was read"
    error = case(UNREADABLE, "evidence").find("error")
    assert error is not None
    assert "could not be read: connection refused" in (error.text or "")
    assert "pg_net" in (case(UNREADABLE, "evidence").findtext("system-out") or "")
