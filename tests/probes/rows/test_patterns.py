"""Strings for patterns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.probes.rows.patterns import like, matching

ATOMS = st.sampled_from(["a", "[a-z]", "[^0-9]", r"\d", "[A-F0-9]", ".", r"\.", "-", "@", "[._-]", "(?:x|y)", r"\w"])
QUANTIFIERS = st.sampled_from(["", "?", "*", "+", "{2}", "{1,3}", "{2,}"])
PIECES = st.lists(st.tuples(ATOMS, QUANTIFIERS).map("".join), min_size=1, max_size=6).map("".join)


@given(st.lists(PIECES, min_size=1, max_size=3).map(lambda parts: f"^({'|'.join(parts)})$"))
def test_every_string_matches_the_pattern_that_it_was_made_for(pattern: str) -> None:
    made = matching(pattern, 5)
    assert made
    assert all(re.fullmatch(pattern, one) for one in made)


@given(st.text(max_size=40))
def test_no_text_whatever_it_is_ends_the_generator(pattern: str) -> None:
    assert len(matching(pattern, 3)) <= 3


def test_the_same_seed_gives_the_same_strings() -> None:
    assert matching("^[a-z]{8}$", 5, "one") == matching("^[a-z]{8}$", 5, "one")
    assert matching("^[a-z]{8}$", 5, "one") != matching("^[a-z]{8}$", 5, "two")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
        r"^\+?[1-9]\d{1,14}$",
        r"^#([0-9a-f]{3}|[0-9a-f]{6})$",
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        r"^\d{4}-\d{2}-\d{2}$",
        r"^https?://[^\s/$.?#].[^\s]*$",
    ],
)
def test_patterns_of_real_constraints_are_met(pattern: str) -> None:
    assert all(re.search(pattern, one) for one in matching(pattern, 6))


def test_classes_by_name_are_understood() -> None:
    (made,) = matching("^[[:upper:]][[:digit:]]{3}$", 1)
    assert re.fullmatch("[A-Z][0-9]{3}", made)


def test_like_knows_its_two_wildcards_and_the_escape() -> None:
    assert like("a_%") == ["aa", "aaa", "aaab1"]
    assert like(r"50\%") == ["50%"]
