"""Two results: what is new, fixed, persisting, and why the verdict changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgproof.judge.comparison import Change, Comparison, compare
from pgproof.judge.result import (
    CheckOutcome,
    Coverage,
    Judged,
    Outcome,
    Result,
    Suppressed,
    Suppression,
    Suppressor,
    Verdict,
)
from pgproof.model import Gap, Location, Method, Proof, Severity, Subject
from tests.reports.strategies import results

READ = Proof(Method.READ, (Subject.REPLAY,))
PASSED, GAP, CRASHED, NOT_APPLICABLE = Outcome.PASSED, Outcome.GAP, Outcome.CRASHED, Outcome.NOT_APPLICABLE


def finding(name: str, severity: Severity = Severity.ERROR, message: str = "is missing") -> Judged:
    return Judged("DRF101", "missing-object", severity, "table", name, message, READ, f"print of {name}")


def result(
    *findings: Judged, outcome: Outcome = Outcome.FAILED, verdict: Verdict = Verdict.NO_GO, reason: str = ""
) -> Result:
    check = CheckOutcome("DRF101", "missing-object", outcome, 3, READ, reason)
    return Result(verdict, "repository only", "because", (), (("replay", "16"),), findings, (), (check,))


def changed(before: Result, after: Result) -> Comparison:
    return compare(("old", "new"), before, after)


A, B, C = finding("a"), finding("b"), finding("c", Severity.NOTE)


def test_findings_are_new_fixed_or_persisting_by_their_fingerprints() -> None:
    moved = replace(B, location=Location("elsewhere.sql", 9))
    compared = changed(result(A, B), result(moved, C))
    assert [one.finding for one in compared.new] == [C]
    assert compared.fixed == (A,)
    assert [(one.finding, one.changes) for one in compared.persisting] == [(moved, ())]
    assert not compared.unclear
    assert not compared.same


def test_of_two_with_one_fingerprint_one_can_be_fixed() -> None:
    compared = changed(result(A, A), result(A))
    assert (len(compared.persisting), compared.fixed, compared.new) == (1, (A,), ())


@pytest.mark.parametrize("outcome", [PASSED, Outcome.FAILED, NOT_APPLICABLE])
def test_a_finding_is_fixed_when_its_check_ran_without_finding_it(outcome: Outcome) -> None:
    compared = changed(result(A), result(outcome=outcome))
    assert (compared.fixed, compared.unclear) == ((A,), ())


@pytest.mark.parametrize(
    ("after", "note"),
    [
        (result(outcome=GAP, reason="the live database (none was named)"), "the live database (none was named)"),
        (result(outcome=CRASHED, reason="KeyError: 'x'"), "check DRF101 crashed"),
        (replace(result(), checks=()), "check DRF101 was not run"),
    ],
)
def test_a_finding_that_nobody_looked_for_is_not_fixed(after: Result, note: str) -> None:
    compared = changed(result(A), after)
    assert compared.fixed == ()
    assert [(one.finding, one.note) for one in compared.unclear] == [(A, f"not looked for: {note}")]


def test_a_new_finding_says_when_nobody_had_looked_before() -> None:
    (new,) = changed(result(outcome=CRASHED), result(A)).new
    assert new.note == "not looked for before: check DRF101 crashed"


def test_a_finding_that_became_a_consequence_is_not_fixed_and_the_other_way_round() -> None:
    cause = replace(finding("schema"), code="HIS103", name="phantom-migration", consequences=("a: is missing",))
    compared = changed(result(A), result(cause))
    assert [one.note for one in compared.unclear] == ["now a consequence of HIS103 phantom-migration, schema"]
    (new,) = changed(result(cause), result(A)).new
    assert new.note == "before, a consequence of HIS103 phantom-migration, schema"


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (Suppressor.COMMENT, "ignored by a comment"),
        (Suppressor.CONFIGURATION, "ignored by the configuration"),
        (Suppressor.BASELINE, "in the baseline"),
        (Suppressor.SINCE, "left out as older than the change"),
    ],
)
def test_a_finding_that_is_not_reported_is_not_fixed_and_the_other_way_round(by: Suppressor, told: str) -> None:
    hidden = replace(result(outcome=Outcome.SUPPRESSED), suppressed=(Suppressed(A, Suppression(by, "DRF101", "why")),))
    assert [one.note for one in changed(result(A), hidden).unclear] == [f"now {told}"]
    assert [one.note for one in changed(hidden, result(A)).new] == [f"before, {told}"]


def test_what_changed_of_a_persisting_finding_is_told() -> None:
    now = replace(A, severity=Severity.WARNING, message="is gone", proof=Proof(Method.PARSED, (Subject.FILES,)))
    (one,) = changed(result(A), result(now)).persisting
    assert one.changes == (
        Change("severity", "error", "warning"),
        Change("message", "is missing", "is gone"),
        Change("proof", "read from replay", "parsed in files"),
    )


def test_another_severity_makes_a_difference_other_words_do_not() -> None:
    assert not changed(result(A), result(replace(A, severity=Severity.NOTE))).same
    assert changed(result(A), result(replace(A, message="is gone"))).same


def test_gaps_evidence_checks_and_coverage_are_compared() -> None:
    gap, moved = Gap("x", location=Location("a.sql", 1)), Gap("x", location=Location("a.sql", 7))
    before = replace(result(), gaps=(gap, Gap("old")), coverage=(Coverage("statements", 1, 2),))
    after = replace(
        result(outcome=PASSED),
        gaps=(moved, Gap("new")),
        sources=(("live", ""), ("replay", "18")),
        coverage=(Coverage("statements", 2, 2),),
    )
    compared = changed(before, after)
    assert (compared.gaps_opened, compared.gaps_closed) == ((Gap("new"),), (Gap("old"),))
    assert compared.evidence == (Change("live", None, ""), Change("replay", "16", "18"))
    assert compared.checks == (Change("DRF101 missing-object", "failed", "passed"),)
    assert compared.coverage == (Change("statements", "1 of 2", "2 of 2"),)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (result(verdict=Verdict.GO), result(A, B, C), ("new: 2 errors, 1 note",)),
        (result(A), result(verdict=Verdict.GO), ("fixed: 1 error",)),
        (
            result(A),
            result(outcome=GAP, verdict=Verdict.UNDECIDED),
            ("gone, but not known to be fixed: 1 error",),
        ),
        (
            result(C, verdict=Verdict.GO),
            result(replace(C, severity=Severity.ERROR)),
            ("weighed otherwise before: 1 error",),
        ),
        (
            result(verdict=Verdict.GO),
            replace(result(verdict=Verdict.UNDECIDED), gaps=(Gap("cannot see", blocking=True),), sources=()),
            ("new blocking gap: cannot see", "evidence that is no longer there: replay"),
        ),
        (
            replace(result(verdict=Verdict.UNDECIDED), gaps=(Gap("cannot see", blocking=True),), sources=()),
            result(verdict=Verdict.GO),
            ("blocking gap that is gone: cannot see", "evidence that was not there before: replay"),
        ),
        (
            result(C, verdict=Verdict.GO),
            result(C),
            ("the findings and the evidence are the same, but something else was asked for",),
        ),
        (result(A), result(B), ()),
    ],
)
def test_why_the_verdict_changed(before: Result, after: Result, why: tuple[str, ...]) -> None:
    assert changed(before, after).why == why


@settings(max_examples=30)
@given(results)
def test_a_result_says_the_same_as_itself(one: Result) -> None:
    compared = changed(one, one)
    assert compared.same
    assert len(compared.persisting) == len(one.findings)
    assert (compared.why, compared.evidence, compared.checks, compared.coverage) == ((), (), (), ())


@given(st.lists(st.sampled_from([A, B, C])), st.lists(st.sampled_from([A, B, C])))
def test_nothing_is_lost_and_there_and_back_mirror_each_other(before: list[Judged], after: list[Judged]) -> None:
    there, back = changed(result(*before), result(*after)), changed(result(*after), result(*before))
    assert len(there.fixed) + len(there.persisting) == len(before)
    assert len(there.new) + len(there.persisting) == len(after)
    assert sorted(one.subject for one in there.fixed) == sorted(one.finding.subject for one in back.new)
