"""References to objects as SQL."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pgproof.catalog.names import own, parts_of, qualified, relation
from pgproof.model import ObjectName

PARTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=4)


@given(PARTS)
def test_a_reference_is_taken_apart_as_it_was_put_together(parts: list[str]) -> None:
    assert parts_of(qualified(parts)) == tuple(parts)


def test_a_reference_quotes_only_where_it_must() -> None:
    assert qualified(("app", "Order", "a.b", "user")) == 'app."Order"."a.b"."user"'


def test_a_child_knows_its_relation() -> None:
    name = ObjectName("column", ("app", "Order", "Id"))
    assert (relation(name), own(name)) == ('app."Order"', '"Id"')
