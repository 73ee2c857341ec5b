"""Findings that are known: each is used up once, by any of its names."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pgproof.judge.fingerprint import line_fingerprint
from pgproof.judge.known import Known

NAMES = st.sampled_from("abc")


def test_the_first_name_that_is_known_counts() -> None:
    known = Known([(("a", "b"), 1), (("b",), 2)])
    assert [known.take("x", "b"), known.take("a"), known.take("b"), known.take("b"), known.take("b")] == [
        0,
        None,
        1,
        1,
        None,
    ]
    assert (known.left(0), known.left(1)) == (0, 0)


@given(st.lists(st.tuples(st.tuples(NAMES), st.integers(0, 3))), st.lists(NAMES))
def test_no_more_is_taken_than_there_is(items: list[tuple[tuple[str, ...], int]], asked: list[str]) -> None:
    known = Known(items)
    there: Counter[str] = Counter()
    for names, count in items:
        there[names[0]] += count
    for name in asked:
        assert (known.take(name) is not None) is (there[name] > 0)
        there[name] -= there[name] > 0
    assert sum(known.left(number) for number in range(len(items))) == there.total()


def test_a_line_is_the_same_wherever_it_stands() -> None:
    lines = ("db/1.sql:3:1: x fails", "db/1.sql:9: x fails", "db/1.sql: x fails", "db/1.sql:3:1: x fails (42703)")
    assert len({line_fingerprint(line) for line in lines}) == 1
    others = ("db/2.sql:3:1: x fails", "db/1.sql:3:1: y fails", "db/1.sql:3:1: x fails: 3: (x)")
    assert len({line_fingerprint(line) for line in (*lines, *others)}) == 4
