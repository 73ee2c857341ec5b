"""What was found before a change is left out."""

from __future__ import annotations

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
    result = judged(
        [ran(FAILURE, failure(9), new)], Persisting(before(ran(FAILURE, failure()))), since="main (1a2b3c4d)"
    )
    assert [one.fingerprint for one in result.findings] != [result.suppressed[0].finding.fingerprint]
    assert (len(result.findings), len(result.suppressed), result.verdict) == (1, 1, Verdict.NO_GO)
    suppression = result.suppressed[0].suppression
    assert (suppression.by, suppression.reason) == (Suppressor.SINCE, "found in main (1a2b3c4d) too")
    assert result.scope.endswith("; only what is new since main (1a2b3c4d)")


def test_a_change_that_breaks_nothing_is_go() -> None:
    result = judged([ran(FAILURE, failure())], Persisting(before(ran(FAILURE, failure()))))
    assert (result.verdict, result.stale) == (Verdict.GO, ())


def test_a_second_finding_of_the_same_kind_is_new() -> None:
    result = judged([ran(FAILURE, failure(1), failure(2))], Persisting(before(ran(FAILURE, failure(1)))))
    assert (len(result.findings), len(result.suppressed)) == (1, 1)


def test_what_something_else_explained_before_is_not_new() -> None:
    phantom = Finding("db/1.sql", "never ran", explains=frozenset({TABLE}))
    old = before(ran(PHANTOM, phantom), ran(MISSING, missing()))
    assert judged([ran(PHANTOM), ran(MISSING, missing())], Persisting(old)).findings == ()


def test_what_was_ignored_before_and_is_not_any_more_is_new() -> None:
    ignore = Ignore("MIG103", "why", Location("db/1.sql", 2), comment=True, lines=(3, 3))
    ignoring = Ignoring(rules(Ignores((ignore,)), CHECKS), None)
    old = before(ran(FAILURE, failure(3)), ignoring=ignoring)
    assert len(judged([ran(FAILURE, failure(3))], Persisting(old)).findings) == 1


def test_what_could_not_be_looked_for_before_is_reported_with_a_gap() -> None:
    old = before(ran(FAILURE, absent=Gap("no migrations were found")), ran(MISSING, crash="KeyError"))
    result = judged([ran(FAILURE, failure()), ran(MISSING)], Persisting(old))
    assert len(result.findings) == 1
    told = "whether the findings of MIG103 are new (in main (1a2b3c4d): no migrations were found)"
    assert [gap.reason for gap in result.gaps] == [told]
