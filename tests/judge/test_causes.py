"""One root cause gives one finding."""

from __future__ import annotations

from pgproof.judge.causes import group
from pgproof.model import Finding, ObjectName

TABLE = ObjectName("table", ("public", "invoice"))
POLICY = ObjectName("policy", ("public", "invoice", "owner"))


def finding(subject: ObjectName | str, *explains: ObjectName | str) -> Finding:
    return Finding(subject, "wrong", explains=frozenset(explains))


def test_what_a_finding_explains_is_its_consequence() -> None:
    (grouped,) = group([("HIS103", finding("0004.sql", TABLE)), ("DRF101", finding(TABLE))])
    assert grouped.code == "HIS103"
    assert [c.subject for c in grouped.consequences] == [TABLE]


def test_a_chain_ends_at_its_root() -> None:
    (grouped,) = group(
        [("COD", finding(POLICY)), ("DRF101", finding(TABLE, POLICY)), ("HIS103", finding("0004.sql", TABLE))]
    )
    assert grouped.code == "HIS103"
    assert {c.subject for c in grouped.consequences} == {TABLE, POLICY}


def test_two_that_explain_each_other_are_both_reported() -> None:
    grouped = group([("A", finding(TABLE, POLICY)), ("B", finding(POLICY, TABLE))])
    assert [g.code for g in grouped] == ["A", "B"]


def test_a_finding_does_not_explain_itself() -> None:
    (grouped,) = group([("DRF101", finding(TABLE, TABLE))])
    assert grouped.consequences == ()


def test_the_wider_cause_is_the_cause() -> None:
    narrow, wide = finding("0004.sql", TABLE), finding("0005.sql", TABLE, POLICY)
    grouped = group([("HIS103", narrow), ("HIS103", wide), ("DRF101", finding(TABLE))])
    assert [len(g.consequences) for g in grouped] == [0, 1]
