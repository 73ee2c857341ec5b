"""From what the checks said to a verdict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pgproof.checks.check import Check
from pgproof.checks.run import Ran
from pgproof.judge.fingerprint import fingerprint
from pgproof.judge.judge import judge
from pgproof.judge.result import Outcome, Verdict
from pgproof.judge.verdict import Policy
from pgproof.model import Finding, Gap, Location, Method, ObjectName, Proof, Severity, Subject

READ = Proof(Method.READ, (Subject.REPLAY,))
SOURCES = (("migrations", "db (3 files)"),)
BOTH = (*SOURCES, ("live", "shop"))


def never() -> Iterator[Finding]:
    yield from ()


def ran(severity: Severity = Severity.ERROR, *findings: Finding, **more: object) -> Ran:
    made = Check("DRF101", "missing-object", severity, "", "", never)
    return Ran(made, READ, examined=1, findings=findings, **more)  # type: ignore[arg-type]


MISSING = Finding(ObjectName("table", ("public", "invoice")), "is missing")


@pytest.mark.parametrize(
    ("policy", "one", "gaps", "sources", "verdict"),
    [
        (Policy(), ran(), (), SOURCES, Verdict.GO),
        (Policy(), ran(Severity.ERROR, MISSING), (), SOURCES, Verdict.NO_GO),
        (Policy(), ran(Severity.WARNING, MISSING), (), SOURCES, Verdict.GO),
        (Policy(Severity.WARNING), ran(Severity.WARNING, MISSING), (), SOURCES, Verdict.NO_GO),
        (Policy(), ran(), (Gap("a file could not be read", blocking=True),), SOURCES, Verdict.UNDECIDED),
        (Policy(), ran(), (Gap("two call sites"),), SOURCES, Verdict.GO),
        (Policy(), ran(), (), (), Verdict.UNDECIDED),
        (Policy(require=frozenset({"live"})), ran(), (), SOURCES, Verdict.UNDECIDED),
        (Policy(require=frozenset({"live"})), ran(), (), BOTH, Verdict.GO),
        (Policy(), ran(crash="ZeroDivisionError: x"), (), SOURCES, Verdict.UNDECIDED),
        (Policy(), ran(Severity.ERROR, MISSING), (Gap("x", blocking=True),), SOURCES, Verdict.NO_GO),
    ],
)
def test_the_verdict(
    policy: Policy, one: Ran, gaps: tuple[Gap, ...], sources: tuple[tuple[str, str], ...], verdict: Verdict
) -> None:
    assert judge(policy, [one], gaps, sources=sources).verdict is verdict


def test_the_verdict_carries_its_scope() -> None:
    assert (
        judge(Policy(), [ran()], (), sources=SOURCES).scope == "repository only: nothing was compared with a database"
    )
    assert judge(Policy(), [ran()], (), sources=BOTH).scope == "repository and live database"
    assert judge(Policy(), [ran()], (), sources=(("live", "db"),)).scope == (
        "live database only: it was not compared with migrations"
    )


def test_a_check_without_its_evidence_is_a_gap_and_never_passed() -> None:
    result = judge(Policy(), [ran(absent=Gap("the live database (none was named)"))], (), sources=SOURCES)
    assert [c.outcome for c in result.checks] == [Outcome.GAP]
    assert [g.reason for g in result.gaps] == ["the live database (none was named)"]


def test_nothing_examined_is_not_applicable() -> None:
    made = Check("DRF101", "missing-object", Severity.ERROR, "", "", never)
    assert judge(Policy(), [Ran(made, READ)], (), sources=SOURCES).checks[0].outcome is Outcome.NOT_APPLICABLE


def test_a_crashed_check_is_named() -> None:
    (gap,) = judge(Policy(), [ran(crash="ZeroDivisionError: x")], (), sources=SOURCES).gaps
    assert "DRF101 missing-object crashed: ZeroDivisionError" in gap.reason


def test_a_finding_may_weigh_otherwise_than_its_check() -> None:
    note = Finding("f", "m", severity=Severity.NOTE)
    assert judge(Policy(), [ran(Severity.ERROR, note)], (), sources=SOURCES).findings[0].severity is Severity.NOTE


def test_a_fingerprint_survives_moved_lines_and_other_words() -> None:
    one = Finding("a.sql", "fails", Location("a.sql", 3), detail="42703 x")
    other = Finding("a.sql", "fails otherwise", Location("a.sql", 9), detail="42703 x")
    assert fingerprint("MIG103", one) == fingerprint("MIG103", other)
    assert fingerprint("MIG103", one) != fingerprint("MIG104", one)
    assert fingerprint("MIG103", one) != fingerprint("MIG103", Finding("a.sql", "fails", detail="42703 y"))
