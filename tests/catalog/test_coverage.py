"""The coverage page says what the tests test, and no more."""

from __future__ import annotations

from pgproof.catalog.kinds import ALL
from tests.catalog.coverage import PAGE, page
from tests.catalog.mutations import MORE_MUTATIONS, MUTATIONS


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.catalog.coverage writes it anew"


def test_every_kind_has_a_change_that_must_be_reported() -> None:
    changed = {mutation.kind for mutation in (*MUTATIONS, *MORE_MUTATIONS)}
    assert {kind.name for kind in ALL} - changed <= {"subscription"}, "a kind that no mutation changes"
