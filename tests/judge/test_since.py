"""What was found before a change is left out."""

from __future__ import annotations

from dataclasses import replace

from pgproof.evidence.ignores import Ignores
from pgproof.judge.ignoring import Ignoring, rules
from pgproof.judge.result import Suppressor, Verdict
from pgproof.judge.since import Before, Persisting, found_before
from pgproof.model import Finding, Gap, Location
from pgproof.project.ignore import Ignore
from tests.judge.suppression import CHECKS, FAILURE, MISSING, PHANTOM, TABLE, failure, judged, missing, ran

NOTHING = Ignoring([], None)


def before(*all_ran: object, ignoring: Ignoring = NOTHING) -> Before:
    return found_before("main (1a2b3c4d)", all_ran, ignoring)  # type: ignore[arg-type]


def test_only_what_is_new_is_reported() -> None:
    new = failure(detail="new")
    result = judged([ran(FAILURE, failure(9), new)], since=Persisting(before(ran(FAILURE, failure()))))
    assert [one.fingerprint for one in result.findings] != [result.suppressed[0].finding.fingerprint]
    assert (len(result.findings), len(result.suppressed), result.verdict) == (1, 1, Verdict.NO_GO)
    suppression = result.suppressed[0].suppression
    assert (suppression.by, suppression.reason) == (Suppressor.SINCE, "found in main (1a2b3c4d) too")
    assert result.scope.endswith("; only what is new since main (1a2b3c4d)")


def test_a_change_that_breaks_nothing_is_go() -> None:
    result = judged([ran(FAILURE, failure())], since=Persisting(before(ran(FAILURE, failure()))))
    assert (result.verdict, result.stale) == (Verdict.GO, ())


def test_a_second_finding_of_the_same_kind_is_new() -> None:
    result = judged([ran(FAILURE, failure(1), failure(2))], since=Persisting(before(ran(FAILURE, failure(1)))))
    assert (len(result.findings), len(result.suppressed)) == (1, 1)


def test_what_something_else_explained_before_is_not_new() -> None:
    phantom = Finding("db/1.sql", "never ran", explains=frozenset({TABLE}))
    old = before(ran(PHANTOM, phantom), ran(MISSING, missing()))
    assert judged([ran(PHANTOM), ran(MISSING, missing())], since=Persisting(old)).findings == ()


def test_what_was_ignored_before_and_is_not_any_more_is_new() -> None:
    ignore = Ignore("MIG103", "why", Location("db/1.sql", 2), comment=True, lines=(3, 3))
    ignoring = Ignoring(rules(Ignores((ignore,)), CHECKS), None)
    old = before(ran(FAILURE, failure(3)), ignoring=ignoring)
    assert len(judged([ran(FAILURE, failure(3))], since=Persisting(old)).findings) == 1


def test_what_could_not_be_looked_for_before_is_reported_with_a_gap() -> None:
    old = before(ran(FAILURE, absent=Gap("no migrations were found")), ran(MISSING, crash="KeyError"))
    result = judged([ran(FAILURE, failure()), ran(MISSING)], since=Persisting(old))
    assert len(result.findings) == 1
    told = "whether the findings of MIG103 are new (in main (1a2b3c4d): no migrations were found)"
    assert [gap.reason for gap in result.gaps] == [told]


def test_what_an_old_failure_explains_and_did_not_before_is_new() -> None:
    old, line = failure(), "db/2.sql:4:1: fails as well"
    now = [ran(FAILURE, replace(old, consequences=("db/1.sql:9: fails too", line)))]
    result = judged(now, since=Persisting(before(ran(FAILURE, replace(old, consequences=("db/1.sql:7: fails too",))))))
    (one,) = result.findings
    assert one.consequences == (line,)
    assert one.seen == ("found in main (1a2b3c4d) too; what it explains here is new",)


def test_what_a_branch_brings_to_light_by_mending_its_cause_is_not_its_doing() -> None:
    old = replace(failure(), consequences=("db/2.sql:4:1: column x does not exist",))
    light = Finding("db/2.sql", "column x does not exist (42703)", Location("db/2.sql", 9), detail="42703 x")
    assert judged([ran(FAILURE, light)], since=Persisting(before(ran(FAILURE, old)))).findings == ()
