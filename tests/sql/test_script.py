"""Scripts as psql reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.model import Location
from pgproof.sql.reader import Reader, Run
from pgproof.sql.script import Broken, Copy, Refused, Sql, Step, read_script
from pgproof.sql.source import Source
from tests.sql.generated import scripts, statements

PLACE = Path("/")


def steps(text: str, root: Path = PLACE, **variables: str) -> list[Step]:
    """Read a script that lies in the root."""
    return read_script(text, "script.sql", root, variables)


def shown(found: list[Step]) -> list[str]:
    """Return one word and the text of each step."""
    return [
        f"{type(step).__name__}: {step.text if isinstance(step, Refused | Broken) else step.statement.text}"
        for step in found
    ]


@given(scripts())
def test_psql_splits_where_the_parser_splits(script: tuple[str, list[tuple[int, str]]]) -> None:
    text, _ = script
    run = Run(PLACE, {}, "utf-8")
    Reader(run, Source("script.sql", text)).read()
    assert run.steps == steps(text)
    assert all(isinstance(step, Sql) for step in run.steps)


@given(statements, st.sampled_from(["\\echo hi\n", "\\pset null x\n", "\\timing \\echo x\n"]), statements)
def test_a_command_between_statements_moves_nothing(first: str, command: str, second: str) -> None:
    text = f"{first};\n{command}{second};\n"
    found = steps(text)
    assert shown(found) == [f"Sql: {first}", f"Sql: {second}"]
    assert all(isinstance(step, Sql) and text.startswith(step.statement.text, step.statement.start) for step in found)


@given(
    statements, st.sampled_from(["select from from where", "create table t (a int", "insert into t values ('it's')"])
)
def test_one_error_loses_one_statement(good: str, bad: str) -> None:
    found = steps(f"{good};\n{bad};\n{good};\n")
    assert [type(step) for step in found] == [Sql, Broken, Sql]
    assert found[1].location == Location("script.sql", 2 + good.count("\n"), 1)
    assert shown(found)[1:] == [f"Broken: {bad}", f"Sql: {good}"]


@given(st.lists(st.text("abc\t'\"$;-\\:é", max_size=8).filter(lambda line: line != "\\."), max_size=6))
def test_copy_data_is_kept_as_it_is(rows: list[str]) -> None:
    data = "".join(f"{row}\n" for row in rows)
    found = steps(f"select 1;\nCOPY t (a) FROM stdin;\n{data}\\.\nselect 2;\n")
    assert shown(found) == ["Sql: select 1", "Copy: COPY t (a) FROM stdin", "Sql: select 2"]
    assert isinstance(found[1], Copy)
    assert (found[1].data, found[1].data_at, found[1].terminated) == (data, Location("script.sql", 3, 1), True)


def test_copy_data_without_an_end_is_all_the_rest() -> None:
    (copy,) = steps("copy t from stdin;\n1\nselect 1;")
    assert isinstance(copy, Copy)
    assert (copy.data, copy.terminated) == ("1\nselect 1;", False)


def test_the_data_of_a_broken_copy_is_not_read_as_sql() -> None:
    found = steps("copy t (a,, b) from stdin;\ndrop table t;\n\\.\nselect 1;")
    assert shown(found) == ["Broken: copy t (a,, b) from stdin", "Sql: select 1"]


def test_carriage_returns_do_no_harm() -> None:
    found = steps("copy t from stdin;\r\n1\r\n\\.\r\n\\echo x\r\nselect\r\n 1;\r\n")
    assert shown(found) == ["Copy: copy t from stdin", "Sql: select\r\n 1"]
    assert found[1].location == Location("script.sql", 5, 1)


def test_a_variable_is_replaced_where_psql_replaces_it() -> None:
    text = "select :'v', :\"v\", :n, ':v', \":v\", a::n, b[1:n], $$ :n $$, :{?v}, :{?w}, c := 1 -- :n\n from t;"
    (broken,) = steps(text, v="it's", n="7")
    assert isinstance(broken, Broken)
    assert broken.text == (
        "select 'it''s', \"it's\", 7, ':v', \":v\", a::n, b[17], $$ :n $$, TRUE, FALSE, c := 1 -- :n\n from t"
    )


def test_places_are_those_of_the_file_after_variables_were_replaced() -> None:
    text = "\\set long 'a, b, c'\nselect :long,\n       x + y from :long;\n"
    (step,) = steps(text)
    assert isinstance(step, Sql)
    sent = step.statement.text
    assert sent == "select a, b, c,\n       x + y from a, b, c"
    assert step.place(sent.index("b,")) == Location("script.sql", 2, 8)
    assert step.place(sent.index("x +")) == Location("script.sql", 3, 8)
    assert step.place(sent.rindex("a, b")) == Location("script.sql", 3, 19)


def test_a_variable_may_hold_whole_statements() -> None:
    found = steps("\\set both 'select 1; select 2'\n:both; select 3;")
    assert shown(found) == ["Sql: select 1", "Sql: select 2", "Sql: select 3"]


def test_a_variable_that_is_not_set_is_named() -> None:
    (broken,) = steps("select :'tenant';")
    assert isinstance(broken, Broken)
    assert "variable tenant is not set" in broken.error.message
    assert broken.place == Location("script.sql", 1, 8)


def test_variables_that_double_end_soon() -> None:
    text = "\\set a 'xxxxxxxxxxxxxxxx'\n" + "\\set a :a:a\n" * 60 + "select 1;"
    assert shown(steps(text))[-1] == "Sql: select 1"
    text = "".join(f"\\set v{i} ':v{i + 1}:v{i + 1}'\n" for i in range(60)) + "\\set v60 x\nselect :v0;"
    assert any(isinstance(step, Refused) and "16 MB" in step.reason for step in steps(text))


@pytest.mark.parametrize(
    ("condition", "taken"),
    [("true", "yes"), ("off", "no"), ("1", "yes"), ("0", "no"), (":{?v}", "yes"), (":{?w}", "no"), ("'on'", "yes")],
)
def test_a_branch_is_taken(condition: str, taken: str) -> None:
    found = steps(f"\\if {condition}\nselect 'yes';\n\\else\nselect 'no';\n\\endif\n", v="")
    assert shown(found) == [f"Sql: select '{taken}'"]


def test_branches_nest_and_what_they_skip_does_nothing() -> None:
    skipped = "\\if true\nselect 1;\n\\else\n\\! rm x\n\\endif\n\\i gone.sql\n"
    text = f"\\if false\n{skipped}\\elif true\nselect 2;\n\\else\n{skipped}\\endif"
    assert shown(steps(text)) == ["Sql: select 2"]


def test_a_branch_may_be_a_part_of_a_statement() -> None:
    (step,) = steps("select 1\n\\if false\n, 2\n\\else\n, 3\n\\endif\n;")
    assert isinstance(step, Sql)
    assert step.statement.text.split() == ["select", "1", ",", "3"]
    assert step.place(step.statement.text.index("3")) == Location("script.sql", 5, 3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\\if perhaps\nselect 1;\n\\endif", "neither true nor false"),
        ("\\if true\nselect 1;", "\\endif is missing"),
        ("\\else\n", "no \\if before it"),
        ("\\if true\n\\else\n\\elif true\n\\endif", "after \\else"),
    ],
)
def test_a_condition_that_is_wrong_is_said(text: str, problem: str) -> None:
    assert [step.error.message for step in steps(text) if isinstance(step, Broken) if problem in step.error.message]


@pytest.mark.parametrize(
    "command",
    [
        "\\connect other",
        "\\c - admin",
        "\\! rm -rf x",
        "\\!rm",
        "\\o |cat",
        "\\o file",
        "\\w file",
        "\\cd /",
        "\\password",
        "\\setenv A b",
        "\\getenv a A",
        "\\prompt x",
        "\\set x `date`",
        "\\echo `date`",
        "\\copy t from program 'cat'",
        "\\copy t to 'file'",
        "\\copy t from pstdin",
        "\\copy t from '/etc/passwd'",
        "\\lo_import file",
        "\\nonsense",
        "\\.",
        "\\ir /etc/passwd",
        "\\i ../../../etc/passwd",
    ],
)
def test_what_reaches_outside_is_refused_and_said(command: str, tmp_path: Path) -> None:
    found = steps(f"select 1;\n{command}\nselect 2;", tmp_path)
    assert shown(found) == ["Sql: select 1", f"Refused: {command}", "Sql: select 2"]
    assert found[1].location == Location("script.sql", 2, 1)


@pytest.mark.parametrize("command", ["\\gexec", "\\gset", "\\g |cat", "\\g file", "\\watch 1", "\\gset prefix_"])
def test_a_query_for_a_refused_command_is_part_of_what_is_refused(command: str) -> None:
    found = steps(f"select 'drop table x'\n{command}\nselect 2;")
    assert shown(found) == [f"Refused: select 'drop table x'\n{command}", "Sql: select 2"]


def test_g_sends_like_a_semicolon() -> None:
    assert shown(steps("select 1 \\g\nselect 2\\gx\nselect 3")) == ["Sql: select 1", "Sql: select 2", "Sql: select 3"]


@pytest.mark.parametrize(
    "command",
    [
        "echo hi",
        "qecho",
        "warn y",
        "pset pager off",
        "timing",
        "x",
        "a",
        "t",
        "f ,",
        "encoding UTF8",
        "dt+ *.*",
        "l",
        "o",
        "p",
    ],
)
def test_what_only_shows_something_is_skipped(command: str) -> None:
    assert shown(steps(f"\\{command}\nselect 1;")) == ["Sql: select 1"]


def test_q_ends_the_script() -> None:
    assert shown(steps("select 1;\n\\q\nselect 2;")) == ["Sql: select 1"]


def test_a_dump_of_a_patched_pg_dump_is_read() -> None:
    text = "\\restrict Zk1\nset a.b = 1;\ncopy t from stdin;\n1\n\\.\n\\echo no\n\\unrestrict Zk1\n\\echo yes\n"
    assert shown(steps(text)) == ["Sql: set a.b = 1", "Copy: copy t from stdin", "Refused: \\echo no"]


def test_own_transactions_are_statements() -> None:
    assert shown(steps("begin;\nselect 1;\ncommit;\n\\echo x")) == ["Sql: begin", "Sql: select 1", "Sql: commit"]


def test_an_apostrophe_in_a_string_hides_no_statement() -> None:
    text = (
        "insert into t values ('it's a trap', 'and it's two');\ncreate table a (b int);\ninsert into t values ('ok');\n"
    )
    assert shown(steps(text)) == [
        "Broken: insert into t values ('it's a trap', 'and it's two')",
        "Sql: create table a (b int)",
        "Sql: insert into t values ('ok')",
    ]


def test_an_open_quote_at_the_end_is_broken_to_the_end() -> None:
    found = steps("select 1; select 'open")
    assert shown(found) == ["Sql: select 1", "Broken: select 'open"]


def test_an_open_parenthesis_hides_no_statement_and_no_command() -> None:
    text = (
        "create table t (a int;\n\\echo x\ncreate table u (b int);\ncreate table v (c int;\ncreate table w (d int);\n"
    )
    assert shown(steps(text)) == [
        "Broken: create table t (a int;",
        "Sql: create table u (b int)",
        "Broken: create table v (c int",
        "Sql: create table w (d int)",
    ]


def test_statements_in_a_broken_function_are_never_run_on_their_own() -> None:
    broken = "create function f() returns int language sql begin atomic selec 1; drop table t; end"
    assert shown(steps(f"{broken};\nselect 1;")) == [f"Broken: {broken}", "Sql: select 1"]
    assert all(isinstance(step, Broken) for step in steps("do $a$ begin drop table t; end $b$;\ndrop table u;"))


def test_nested_dollar_quotes_end_where_psql_ends_them() -> None:
    found = steps("do $$ begin execute $$ drop table t; $$; end $$;\nselect 1;")
    assert shown(found)[-1] == "Sql: select 1"
    assert not any("Sql: drop" in line for line in shown(found))


def test_a_condition_that_a_query_would_have_set_is_refused_and_no_mistake() -> None:
    text = "select true as fresh \\gset\n\\if :fresh\nselect 1;\n\\else\nselect 2;\n\\endif\n"
    steps = read_script(text, "a.sql", Path("/"))
    assert [step.reason for step in steps if isinstance(step, Refused)] == [
        "\\gset sets variables to what a query returns",
        "\\if asks for what a query returns",
    ]
    assert not [step for step in steps if isinstance(step, Broken)]
