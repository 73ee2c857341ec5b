"""Many results at a glance."""

from __future__ import annotations

from pgproof.judge.overview import Counts, Frequency, overview
from pgproof.judge.result import Verdict
from tests.reports.results import BROKEN, CROWDED, HEALTHY, UNREADABLE

SEEN = overview([("a", HEALTHY), ("b", UNREADABLE), ("c", BROKEN), ("d", CROWDED), ("c", BROKEN)])


def test_the_worst_come_first() -> None:
    assert [(row.name, row.verdict) for row in SEEN.rows] == [
        ("d", Verdict.NO_GO),
        ("c", Verdict.NO_GO),
        ("c", Verdict.NO_GO),
        ("b", Verdict.UNDECIDED),
        ("a", Verdict.GO),
    ]


def test_the_totals_are_those_of_all() -> None:
    assert (SEEN.no_go, SEEN.undecided, SEEN.go) == (3, 1, 1)
    assert SEEN.counts == Counts(errors=19, warnings=6, notes=3, blocking_gaps=2)


def test_what_is_found_in_most_results_comes_first_and_each_result_counts_once() -> None:
    assert SEEN.frequent[0] == Frequency("DRF102", "extra-object", results=4, findings=6)
    assert SEEN.frequent[1] == Frequency("HIS103", "phantom-migration", results=3, findings=16)


def test_of_nothing_there_is_an_overview_too() -> None:
    assert overview([]).counts == Counts(0, 0, 0, 0)
