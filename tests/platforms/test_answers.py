"""A stand-in beside the real extension: the same answers, or errors, to the same queries (`answers.sql`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import MAJORS
from tests.platforms.conftest import Owner, in_transaction, lacking

_SECTIONS = re.split(r"^-- (\S+)\n", (Path(__file__).parent / "answers.sql").read_text(), flags=re.MULTILINE)[1:]
QUERIES = {
    extension: [query.strip() for query in section.split("\n\n") if query.strip()]
    for extension, section in zip(_SECTIONS[::2], _SECTIONS[1::2], strict=True)
}
_WORDS = """
create temp view words as
select unnest(array['', 'word', 'two words', 'words two', 'Concatenate', 'cat', 'con-cat x', 'aaa aa a', 'foo_bar',
  'Bärchen', 'naïve café', 'x1 y2', 'the quick brown fox', 'quick', 'brown the', 'ox']) as word
"""


def answer(owner: Owner, query: str) -> Any:
    try:
        with owner.connection.transaction():
            return owner.run(query)
    except psycopg.Error as error:
        return error.sqlstate


def answers(major: int, extension: str) -> dict[str, Any]:
    for owner in in_transaction(major):
        owner.create(extension)
        owner.run(_WORDS)
        return {query: answer(owner, query) for query in QUERIES[extension]}
    raise AssertionError


@pytest.mark.parametrize(
    ("extension", "major"), [(extension, major) for extension in QUERIES for major in lacking(extension)]
)
def test_it_answers_as_the_real_one(extension: str, major: int) -> None:
    real = next(other for other in MAJORS if other not in lacking(extension))
    assert answers(major, extension) == answers(real, extension)


def test_most_queries_have_an_answer() -> None:
    """The test above would hold of queries that are wrong everywhere: 42601 and the like."""
    wrong = {
        query: state
        for extension in QUERIES
        for query, state in answers(18, extension).items()
        if state in ("42883", "42P01", "42703", "42725")
    }
    assert not wrong


@pytest.mark.parametrize("major", lacking("pg_trgm"))
def test_a_threshold_that_was_undone_is_the_default_again(owner: Owner) -> None:
    """PostgreSQL leaves an empty text where a setting was made and rolled back."""
    owner.create("pg_trgm")
    with owner.connection.transaction(force_rollback=True):
        owner.run("select set_limit(0.9)")
    assert owner.run("select show_limit(), 'word' % 'two words'") == [(0.3, True)]
