"""Comments that ignore findings: one grammar for every language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.project.comments import PYTHON, SQL, TYPESCRIPT, Comment, Misread, read_comments


def only(text: str, signs: tuple[str, ...] = SQL) -> Comment:
    (comment,) = read_comments(text, signs)
    assert isinstance(comment, Comment), comment
    return comment


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("-- pgproof:ignore MIG103 it is made by hand", SQL),
        ("--pgproof:ignore MIG103 it is made by hand", SQL),
        ("/* pgproof:ignore MIG103 it is made by hand */ select 1", SQL),
        ("-- pgproof:ignore MIG103: it is made by hand\r\nselect 1", SQL),
        ("-- pgproof:ignore  MIG103 — it is  made by hand  ", SQL),
        ("// pgproof:ignore MIG103 it is made by hand", TYPESCRIPT),
        ("{/* pgproof:ignore MIG103 it is made by hand */}", TYPESCRIPT),
        ("# pgproof:ignore MIG103 it is made by hand", PYTHON),
    ],
)
def test_a_comment_ignores_a_check_for_a_reason(text: str, signs: tuple[str, ...]) -> None:
    comment = only(text, signs)
    assert (comment.checks, comment.reason, comment.until) == (("MIG103",), "it is made by hand", None)


@pytest.mark.parametrize("text", ["MIG103 until=2027-01-31 because", "MIG103 because until=2027-01-31"])
def test_an_ignore_may_expire(text: str) -> None:
    comment = only(f"-- pgproof:ignore {text}")
    assert (comment.until, comment.reason) == (date(2027, 1, 31), "because")


def test_several_checks_share_a_reason() -> None:
    assert only("-- pgproof:ignore MIG103, hidden-definition,DRF101 because").checks == (
        "MIG103",
        "hidden-definition",
        "DRF101",
    )


def test_a_comment_may_speak_of_the_whole_file() -> None:
    assert only("-- pgproof:ignore-file MIG103 because").whole_file
    assert not only("-- pgproof:ignore MIG103 because").whole_file


def test_places_are_told() -> None:
    text = "select 1;\n  -- pgproof:ignore A one\nselect 2; -- pgproof:ignore B two\n"
    one, two = read_comments(text, SQL)
    assert isinstance(one, Comment)
    assert isinstance(two, Comment)
    assert (one.line, one.alone, text[one.offset :][:10]) == (2, True, "-- pgproof")
    assert (two.line, two.alone) == (3, False)


def test_two_comments_on_one_line_are_two() -> None:
    one, two = read_comments("/* pgproof:ignore A one */ /* pgproof:ignore B two */", SQL)
    assert isinstance(one, Comment)
    assert isinstance(two, Comment)
    assert (one.reason, two.reason) == ("one", "two")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ignore", "pgproof:ignore names no check"),
        ("ignore !!! because", "pgproof:ignore names no check"),
        ("ignore MIG103", "pgproof:ignore MIG103 gives no reason"),
        ("ignore MIG103:", "gives no reason"),
        ("ignore MIG103 until=2027-01-31", "gives no reason"),
        ("ignore MIG103 until=soon because", 'until= should be a day such as until=2027-01-31, not "soon"'),
        ("ignore MIG103 until=2027-02-30 because", 'not "2027-02-30"'),
        ("ignore MIG103 until=2027-1-3 because", 'not "2027-1-3"'),
        ("ignore MIG103 until= because", 'not ""'),
        ("ignore MIG103 until=2027-01-31 until=2027-01-31 because", "until= is given twice"),
        ("ignor MIG103 because", '"pgproof:ignor" is not known, did you mean "ignore"?'),
        ("ignore-fil MIG103 because", 'did you mean "ignore-file"?'),
        ("", '"pgproof:" is not known'),
    ],
)
def test_what_cannot_be_understood_is_never_passed_over(text: str, problem: str) -> None:
    (misread,) = read_comments(f"\n-- pgproof:{text}\n", SQL)
    assert isinstance(misread, Misread)
    assert misread.line == 2
    assert problem in misread.problem


@pytest.mark.parametrize(
    "text", ["-- see pgproof:ignore", "-- pgproof", "select 'pgproof:ignore A x'", "# pgproof:ignore A x", "pgproof:"]
)
def test_other_texts_say_nothing(text: str) -> None:
    assert list(read_comments(text, SQL)) == []


@given(st.lists(st.sampled_from(["-- ", "/* ", "*/", "pgproof:ignore", "MIG103", ",", " ", "\n", "until=", "x", "é"])))
def test_any_text_is_read(parts: list[str]) -> None:
    text = "".join(parts)
    for said in read_comments(text, SQL):
        assert text[said.offset :].startswith(("--", "/*"))
        assert said.line == text.count("\n", 0, said.offset) + 1
        if isinstance(said, Comment):
            assert said.reason
            assert all(said.checks)
