"""Statements and their places, by PostgreSQL's own parser."""

from __future__ import annotations

import pytest
from hypothesis import given

from pgproof.sql.parse import SyntaxProblem, parse, place
from pgproof.sql.split import split
from tests.conftest import LiveDatabase
from tests.sql.generated import scripts


@given(scripts())
def test_every_statement_is_found_at_its_place(script: tuple[str, list[tuple[int, str]]]) -> None:
    text, expected = script
    found = split(text)
    assert [(statement.start, statement.text) for statement in found] == expected
    for statement in found:
        assert text.startswith(statement.text, statement.start)
        assert (statement.line, statement.column) == place(text, statement.start)


def test_the_place_is_that_of_the_first_word_not_of_the_comment_before_it() -> None:
    (statement,) = split("-- é\n/* a /* nested */ one */\n   select 1  ;\n")
    assert (statement.text, statement.line, statement.column) == ("select 1", 3, 4)


def test_a_semicolon_in_a_function_body_ends_nothing() -> None:
    body = "create function f() returns int language sql begin atomic select 1; select 2; end"
    assert [statement.text for statement in split(body + "; select 3")] == [body, "select 3"]


def test_an_error_is_placed_in_characters_not_in_bytes() -> None:
    with pytest.raises(SyntaxProblem) as raised:
        split("select 'é';\nselect 'éé' from from")
    assert (raised.value.position, raised.value.line, raised.value.column) == (29, 2, 18)
    assert raised.value.message == 'syntax error at or near "from"'


def test_locations_in_trees_are_characters() -> None:
    tree = parse("select 'éé', now()")[0]
    call = tree["SelectStmt"]["targetList"][1]["ResTarget"]["val"]["FuncCall"]
    assert call["location"] == 13


def test_a_nul_is_refused_where_the_c_parser_would_stop_in_silence() -> None:
    with pytest.raises(SyntaxProblem, match="NUL") as raised:
        split("select 1;\n select '\0'; select 2")
    assert (raised.value.line, raised.value.column) == (2, 10)


@pytest.mark.parametrize("expression", ["||".join("a" for _ in range(5_000)), "f(" * 1_500 + "1" + ")" * 1_500])
def test_a_deeply_nested_expression_is_parsed(expression: str) -> None:
    (statement,) = split(f"select {expression}")
    depth, node = 0, statement.tree["SelectStmt"]["targetList"][0]["ResTarget"]["val"]
    while (expression_node := node.get("A_Expr") or node.get("FuncCall")) is not None:
        depth, node = depth + 1, expression_node.get("lexpr") or expression_node["args"][0]
    assert depth >= 1_500


def test_no_break_space_is_part_of_a_name() -> None:
    (statement,) = split("select 1 as a\u00a0")
    assert statement.text == "select 1 as a\u00a0"


def test_a_text_without_statements_has_none() -> None:
    assert split("") == split(" -- only a comment\n/* and another */;;") == []


@pytest.mark.parametrize("major", [18])
def test_the_server_counts_the_same_statements(live: LiveDatabase) -> None:
    import psycopg

    text = (
        "select ';'; select $a$;$b$;$a$; select E'\\';'; select U&'\\003b;'; /* ; /* ; */ ; */ select \";\" from "
        '(select 1 as ";") x; select 1 -- ;\n; create function f() returns int begin atomic select 1; select 2; end;'
        "create table t (a int); create rule r as on insert to t do also (select 1; select 2);;"
    )
    with psycopg.connect(live.url, autocommit=True) as connection:
        cursor = connection.execute(text.encode())
        answered = 1
        while cursor.nextset():
            answered += 1
    assert len(split(text)) == answered == 9
