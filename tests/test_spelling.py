"""Which names are slips of the pen for others."""

from __future__ import annotations

import pytest

from pgproof.model.spelling import slip


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("user_preference", "user_preferences"),
        ("usres", "users"),
        ("biling", "billing"),
        ("public", "pulbic"),
        ("invoicex", "invoice"),
        ("orderz", "orders"),
    ],
)
def test_one_letter_is_a_slip(word: str, known: str) -> None:
    assert slip(word, ["something", known]) == known
    assert slip(known, [word]) == word


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("users", "users"),
        ("log", "logs"),
        ("writing_test_results", "reading_test_results"),
        ("test_results", "pte_test_results"),
        ("event_2025_01", "event_2025_02"),
        ("v1", "v2"),
        ("folders", "orders"),
        ("task1", "task"),
    ],
)
def test_other_names_are_none(word: str, known: str) -> None:
    assert slip(word, [known]) == ""
    assert slip(known, [word]) == ""
