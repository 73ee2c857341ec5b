"""PL/pgSQL's text to a tree: what libpg_query loses is there, with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.probes.bodies.parse import NotRead, parse
from pgproof.probes.bodies.review import review
from pgproof.probes.bodies.rewrite import build
from pgproof.probes.bodies.tree import Assign, Dynamic, Fetch, ForInteger, ForQuery, If, Raise, Return, Sql, Statement
from pgproof.probes.bodies.uses import uses
from tests.probes.bodies.test_review import routine


def only(body: str, declare: str = "x integer; r record; c cursor for select 1;") -> Statement:
    (statement,) = parse(f"declare {declare} begin {body} end").block.statements
    return statement


def test_into_is_blanked_and_offsets_stay() -> None:
    body = "begin select a, b into strict x, r.y from t where a = 1; end"
    (statement,) = parse(body).block.statements
    assert isinstance(statement, Sql)
    assert statement.text.text == "select a, b" + " " * 20 + "from t where a = 1"
    assert body[statement.text.start :].startswith("select a")
    assert [target.text for target in statement.into] == ["x", "r.y"]


@pytest.mark.parametrize(
    "statement", ["insert into t values (1)", "merge into t using s on true when matched then delete"]
)
def test_an_into_that_is_none(statement: str) -> None:
    found = only(f"{statement};")
    assert isinstance(found, Sql)
    assert found.into == ()
    assert found.text.text == statement


def test_assignments() -> None:
    found = only("arr[f(1, 2)].name := (select 1; -- no\n);".replace("; -- no\n", ""))
    assert isinstance(found, Assign)
    assert (found.target.text, found.target.root) == ("arr[f(1, 2)].name", "arr")
    assert [subscript.text for subscript in found.target.subscripts] == ["f(1, 2)"]
    assert isinstance(only("x = 1;"), Assign)
    assert isinstance(only('"Type".open := 1;'), Assign)


def test_loops() -> None:
    counted = only("for i in reverse 10..1 by 2 loop null; end loop;")
    assert isinstance(counted, ForInteger)
    assert [bound.text for bound in counted.bounds] == ["10", "1", "2"]
    rows = only("<<l>> for r in select * from t loop exit l when r.a = 1; end loop l;")
    assert isinstance(rows, ForQuery)
    assert rows.label == "l"
    cursor = only("for r in c loop null; end loop;")
    assert isinstance(cursor, ForQuery)
    assert not isinstance(cursor.source, Dynamic)
    dynamic = only("for r in execute 'select $1' using x, 2 loop null; end loop;")
    assert isinstance(dynamic, ForQuery)
    assert isinstance(dynamic.source, Dynamic)
    assert len(dynamic.source.using) == 2


def test_commands() -> None:
    dynamic = only("execute format('a %s', x) into strict r using x;")
    assert isinstance(dynamic, Dynamic)
    assert (dynamic.command.text, len(dynamic.into), len(dynamic.using)) == ("format('a %s', x)", 1, 1)
    fetched = only("fetch next from c into r;")
    assert isinstance(fetched, Fetch)
    assert fetched.cursor == "c"
    raised = only("raise exception 'a, % '\n 'b', x using errcode = '42P01', hint = 'c' || x;")
    assert isinstance(raised, Raise)
    assert [one.text for one in raised.expressions] == ["x", "'42P01'", "'c' || x"]
    cases = only("case x when 1, 2 then null; else raise notice 'a'; end case;")
    assert isinstance(cases, If)
    assert cases.is_case
    assert cases.subject
    assert isinstance(only("return query execute 'select 1' using x;"), Return)


def test_key_words_that_are_names() -> None:
    found = parse("declare open integer; type text; begin open := 1; type := 'a'; perform 1; end").block
    assert [type(statement).__name__ for statement in found.statements] == ["Assign", "Assign", "Perform"]


def test_comments_strings_and_dollar_quotes_hide_everything() -> None:
    body = "begin -- ; end\n perform $q$ ; end $q$, 'it''s; end', E'\\'; end' /* ; /* nested */ end */; end"
    assert len(parse(body).block.statements) == 1


@pytest.mark.parametrize("body", ["", "begin", "select 1", "begin if x then end", "declare x begin end", "begin 'a"])
def test_what_is_no_body_is_not_read(body: str) -> None:
    with pytest.raises(NotRead):
        parse(body)


def test_deep_nesting_ends_in_an_error_of_its_own() -> None:
    for begin, end in (("begin ", "end; "), ("if a then ", "end if; "), ("begin exception when others then ", "end; ")):
        with pytest.raises(NotRead):
            parse("begin " + begin * 5000 + end * 5000 + "end")


PIECES = [
    "begin",
    "end",
    ";",
    "if",
    "then",
    "else",
    "loop",
    "for",
    "in",
    "x",
    ":=",
    "=",
    "'{0} %s'",
    "(",
    ")",
    "[",
    "]",
]
PIECES += [
    "..",
    ".",
    "select",
    "into",
    "return",
    "next",
    "query",
    "execute",
    "using",
    "raise",
    "exception",
    "when",
    ",",
]
PIECES += [
    "{1}",
    "case",
    "foreach",
    "array",
    "get",
    "diagnostics",
    "fetch",
    "from",
    "r",
    "1",
    "--",
    "/*",
    "$$",
    '"',
    "'",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_text_is_read_or_not_but_nothing_else_happens(pieces: list[str]) -> None:
    declared = "declare x integer := 1; r record; begin"
    function = routine(f"{declared} {' '.join(pieces)} end", "a text", "x anyelement")
    review(function)
    uses(function)
    with suppress(NotRead):
        build(function, parse(function.body))


def test_an_expression_of_thousands_of_pieces() -> None:
    function = routine("begin execute 'a' " + "|| a " * 3000 + "; return 1; end", "a text")
    assert [one.kind for one in review(function)] == ["unquoted"]
    uses(function)
    assert len(build(function, parse(function.body)).probes) == 2
