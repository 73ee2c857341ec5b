"""Identifiers and literals that the server reads back as they were."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pgproof.sql.parse import parse
from pgproof.sql.quote import identifier, literal
from tests.conftest import LiveDatabase


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_an_identifier_is_read_back(name: str) -> None:
    assume(name not in ("none", "public"))  # no role is called so, in quotes or not
    (tree,) = parse(f"drop role {identifier(name)}, {identifier(name)}")
    roles = tree["DropRoleStmt"]["roles"]
    # the parser cuts names at 63 bytes, as the server does
    assert roles[0]["RoleSpec"]["rolename"] == name.encode()[:63].decode("utf-8", "ignore")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
def test_a_literal_is_read_back(text: str) -> None:
    (tree,) = parse(f"comment on table t is {literal(text)}")
    assert tree["CommentStmt"].get("comment", "") == text


def test_what_no_database_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="identifier"):
        identifier("")
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")


def test_every_key_word_that_needs_quotes_gets_them(live: LiveDatabase) -> None:
    words = [word for (word,) in live.rows("select word from pg_get_keywords() where catcode <> 'U'")]
    assert len(words) > 100
    assert [word for word in words if not identifier(word).startswith('"')] == []


@pytest.mark.parametrize("major", [18])
@pytest.mark.parametrize("conforming", ["on", "off"])
def test_a_literal_means_the_same_whatever_the_server_takes_backslashes_for(
    live: LiveDatabase, conforming: str
) -> None:
    import psycopg

    texts = ["a'b", "a\\b", "\\", "\\'", "'", "", "é\\n\n$$"]
    with psycopg.connect(live.url, autocommit=True) as connection:
        connection.execute(f"set standard_conforming_strings = {conforming}")
        for text in texts:
            assert connection.execute(f"select {literal(text)}").fetchone() == (text,)
