"""Ignores: what they speak of, how long they hold, and when they are told to go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pgproof.evidence.ignores import Ignores
from pgproof.judge.ignoring import Ignoring, Rule, rules
from pgproof.judge.result import Outcome, Stale, Staleness, Suppression, Suppressor, Verdict
from pgproof.model import Finding, Gap, Location, ObjectName
from pgproof.model.errors import UsageError
from pgproof.project.ignore import Ignore
from tests.judge.suppression import (
    CHECKS,
    FAILURE,
    INDEX,
    MISSING,
    PHANTOM,
    TABLE,
    failure,
    judged,
    missing,
    ran,
)

TODAY = date(2026, 6, 15)
COMMENT = Ignore("MIG103", "it is made by hand", Location("db/1.sql", 2), comment=True, lines=(3, 5))
ENTRY = Ignore("DRF101", "the vendor's", Location("pgproof.toml", 4))


def ignoring(*ignores: Ignore, today: date | None = TODAY) -> Ignoring:
    return Ignoring(rules(Ignores(ignores), CHECKS), today)


def refusal(*ignores: Ignore, misread: tuple[tuple[Location, str], ...] = ()) -> str:
    with pytest.raises(UsageError) as caught:
        rules(Ignores(ignores, misread), CHECKS)
    return f"{caught.value.problem}\n{caught.value.way_out}"


@pytest.mark.parametrize(
    ("finding", "fits"),
    [
        (failure(3), True),
        (failure(5), True),
        (failure(2), False),
        (failure(6), False),
        (failure(3, "db/2.sql"), False),
        (Finding("db/1.sql", "wrong", Location("db/1.sql")), True),
        (Finding("db/1.sql", "wrong"), False),
    ],
)
def test_a_comment_speaks_of_its_lines_and_of_what_is_wrong_with_the_whole_file(finding: Finding, fits: bool) -> None:
    assert Rule("MIG103", COMMENT).fits("MIG103", finding) is fits
    assert not Rule("MIG103", COMMENT).fits("DRF101", finding)


def test_a_comment_on_the_file_speaks_of_all_its_lines() -> None:
    rule = Rule("MIG103", replace(COMMENT, lines=None))
    assert rule.fits("MIG103", failure(999))
    assert not rule.fits("MIG103", failure(3, "db/2.sql"))


@pytest.mark.parametrize(
    ("subject", "of", "fits"),
    [
        ("", TABLE, True),
        ("public.note", TABLE, True),
        ("table public.note", TABLE, True),
        ("public.*", TABLE, True),
        ("index *", INDEX, True),
        ("index *", TABLE, False),
        ("public.not", TABLE, False),
        ("public.n?te", TABLE, False),
        ("*", "db/1.sql", True),
        ("db/*.sql", "db/1.sql", True),
        ("public.f(integer[])", ObjectName("function", ("public", "f", "integer[]")), True),
        ("public.f(*)", ObjectName("function", ("public", "f", "integer[]")), True),
    ],
)
def test_an_entry_names_subjects_as_reports_write_them(subject: str, of: ObjectName | str, fits: bool) -> None:
    assert Rule("DRF101", replace(ENTRY, subject=subject)).fits("DRF101", Finding(of, "x")) is fits


@pytest.mark.parametrize("word", ["MIG103", "mig103", "replay-failure", "Replay-Failure"])
def test_a_check_is_named_by_its_code_or_its_name(word: str) -> None:
    (rule,) = rules(Ignores((replace(COMMENT, check=word),)), CHECKS)
    assert rule.code == "MIG103"


def test_what_is_ignored_is_no_part_of_the_verdict_and_is_not_lost() -> None:
    result = judged([ran(FAILURE, failure())], ignoring(COMMENT))
    assert (result.verdict, result.findings) == (Verdict.GO, ())
    assert result.reason == "nothing else was found that would fail, leak, lose or corrupt"
    (one,) = result.suppressed
    assert one.finding.code == "MIG103"
    place = Location("db/1.sql", 2)
    assert one.suppression == Suppression(Suppressor.COMMENT, "MIG103", "it is made by hand", place)
    assert [check.outcome for check in result.checks] == [Outcome.SUPPRESSED]
    assert result.stale == ()


def test_what_is_not_ignored_still_counts() -> None:
    result = judged([ran(FAILURE, failure(3), failure(9, detail="other"))], ignoring(COMMENT))
    assert (result.verdict, len(result.findings), len(result.suppressed)) == (Verdict.NO_GO, 1, 1)
    assert [check.outcome for check in result.checks] == [Outcome.FAILED]


@pytest.mark.parametrize(
    ("until", "holds"), [(date(2026, 6, 14), False), (date(2026, 6, 15), True), (date(2026, 6, 16), True)]
)
def test_an_ignore_holds_until_its_last_day(until: date, holds: bool) -> None:
    result = judged([ran(FAILURE, failure())], ignoring(replace(COMMENT, until=until)))
    assert len(result.suppressed) == holds
    assert [one.state for one in result.stale] == [Staleness.EXPIRED] * (not holds)


def test_without_a_day_nothing_expires() -> None:
    assert ignoring(replace(COMMENT, until=date(2000, 1, 1)), today=None).suppress("MIG103", failure())


def test_an_expired_ignore_is_told_even_when_nothing_is_found_and_with_its_day() -> None:
    (stale,) = judged([ran()], ignoring(replace(COMMENT, until=date(2026, 1, 1)))).stale
    assert (stale.state, stale.suppression.until) == (Staleness.EXPIRED, "2026-01-01")


def test_an_ignore_that_ignores_nothing_is_told() -> None:
    result = judged([ran(FAILURE)], ignoring(COMMENT))
    place = Location("db/1.sql", 2)
    expected = Suppression(Suppressor.COMMENT, "MIG103", "it is made by hand", place)
    assert result.stale == (Stale(expected, Staleness.UNUSED),)
    assert result.verdict is Verdict.GO


@pytest.mark.parametrize(
    "all_ran",
    [[], [ran(MISSING)], [ran(absent=Gap("the live database (none was named)"))], [ran(crash="KeyError: 'x'")]],
)
def test_nobody_is_told_to_delete_what_was_not_looked_for(all_ran: list[object]) -> None:
    assert judged(all_ran, ignoring(COMMENT)).stale == ()  # type: ignore[arg-type]


def test_a_policys_ignore_need_not_be_used() -> None:
    assert judged([ran(MISSING)], ignoring(replace(ENTRY, expected=False))).stale == ()


def test_of_two_that_speak_of_a_finding_both_are_needed_and_the_first_is_named() -> None:
    both = replace(ENTRY, check="MIG103")
    result = judged([ran(FAILURE, failure())], ignoring(COMMENT, both))
    assert [one.suppression.by for one in result.suppressed] == [Suppressor.COMMENT]
    assert result.stale == ()


def test_what_an_ignored_cause_explains_is_ignored_with_it() -> None:
    phantom = Finding("db/1.sql", "never ran", explains=frozenset({TABLE}))
    result = judged([ran(PHANTOM, phantom), ran(MISSING, missing())], ignoring(replace(ENTRY, check="HIS103")))
    assert (result.findings, result.verdict) == ((), Verdict.GO)
    assert [one.finding.consequences for one in result.suppressed] == [("public.note: is missing",)]
    assert [check.outcome for check in result.checks] == [Outcome.SUPPRESSED] * 2


def test_an_ignore_of_what_another_finding_explains_now_is_not_unused() -> None:
    phantom = Finding("db/1.sql", "never ran", explains=frozenset({TABLE}))
    result = judged([ran(PHANTOM, phantom), ran(MISSING, missing())], ignoring(ENTRY))
    assert [one.code for one in result.findings] == ["HIS103"]
    assert result.stale == ()


def test_a_misspelt_check_is_refused_with_its_place() -> None:
    assert refusal(replace(ENTRY, check="DRF10l")).startswith(
        'pgproof.toml:4: no check is called "DRF10l", did you mean "DRF101"?\n'
    )
    assert 'did you mean "missing-object"?' in refusal(replace(ENTRY, check="missing-objekt"))


def test_the_beginning_of_a_code_is_no_check() -> None:
    assert 'no check is called "DRF"' in refusal(replace(ENTRY, check="DRF"))


def test_all_mistakes_are_told_at_once_by_their_places() -> None:
    misread = ((Location("db/2.sql", 7), "pgproof:ignore A gives no reason"),)
    problem, *lines = refusal(replace(ENTRY, check="x"), replace(COMMENT, check="y"), misread=misread).splitlines()
    assert problem == "3 ignores cannot be followed"
    assert [line.split(": ")[0] for line in lines[:3]] == ["db/1.sql:2", "db/2.sql:7", "pgproof.toml:4"]


def test_a_policy_decides_what_may_be_ignored() -> None:
    entry = replace(ENTRY, allowed=("MIG", "DRF2"), policy="../policy.toml")
    assert refusal(entry).startswith("pgproof.toml:4: DRF101 may not be ignored, says ../policy.toml")
    assert rules(Ignores((replace(COMMENT, allowed=entry.allowed, policy=entry.policy),)), CHECKS)
    assert "may not be ignored" in refusal(replace(COMMENT, allowed=(), policy="p"))


def test_another_directorys_comment_may_name_what_does_not_exist() -> None:
    assert rules(Ignores((replace(COMMENT, check="OLD1", expected=False),)), CHECKS) == []
