"""From a text with holes to statements: what is filled in, what is left alone, and where each character comes from."""

from __future__ import annotations

import pytest

from pgproof.code.queries.attempt import Unfit, attempts
from pgproof.code.queries.dialect import foreign_syntax, foreign_words
from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.runtime import made_by_code
from pgproof.code.queries.shape import is_statement, looks_like_statement
from pgproof.code.queries.written import Written, hole, join, piece, place
from pgproof.code.source import Role
from pgproof.code.usage import Literal, Query
from pgproof.model import Location


def written(text: str, *kinds: str, values: tuple[str, ...] = ()) -> Written:
    """Return a text in which each `{}` is a hole of the next kind."""
    parts = []
    column = 1
    for number, part in enumerate(text.split("{}")):
        if number:
            literals = [Literal("string", value) for value in values]
            parts.append(hole("{}", 1, column, kinds[number - 1], values=literals))
            column += 2
        parts.append(piece(part, 1, column))
        column += len(part)
    return join([part for part in parts if part.text])


def query(text: str, *kinds: str, client: str = "", values: tuple[str, ...] = ()) -> Query:
    filled = fill(written(text, *kinds, values=values), client)
    return Query(Location("a.py", 1, 1), client, filled.text, filled.holes, filled.lines)


@pytest.mark.parametrize(
    ("client", "text", "sent"),
    [
        ("psycopg", "select a from t where b = %s and c = %(c)s", "select a from t where b = $1 and c = $2"),
        ("psycopg", "select a from t where b in %s", "select a from t where b in ($1)"),
        ("psycopg", "insert into t (a, b) values %s", "insert into t (a, b) values ($1,$2)"),
        ("psycopg", "select a from t where b like '%s'", "select a from t where b like $1"),
        ("psycopg", "select now() - interval '%s days'", "select now() -  $1::interval"),
        ("psycopg", "select a from t where b is %s", "select a from t where b is null"),
        ("sqlalchemy", "select a::int from t where b = :b::uuid", "select a::int from t where b = $1::uuid"),
        ("sqlalchemy", "select a[1:2], 'x:y' from t -- :no", "select a[1:2], 'x:y' from t -- :no"),
        ("asyncpg", "select a from t where b = $2 and c = $1 or $2", "select a from t where b = $1 and c = $2 or $3"),
        ("pgtyped", "select a from t where b = :b!", "select a from t where b = $1"),
        ("pgx", "select a where b = @b and c @> '{}' and d @@ e", "select a where b = $1 and c @> '{}' and d @@ e"),
        ("node-postgres", "select a from t where b ? 'c'", "select a from t where b ? 'c'"),
        ("node-postgres", "select a from t where b = ? and c ? 'd'", "select a from t where b = $1 and c ? 'd'"),
        ("node-postgres", "select a::int from t where b = :b or c", "select a::int from t where b = $1 or c"),
        ("node-postgres", "select a from t where b = $1 and c[1:d] = e", "select a from t where b = $1 and c[1:d] = e"),
        ("node-postgres", "insert into t (a, b) values %L", "insert into t (a, b) values ($1,$2)"),
        ("", "select a from t where b = %L and c % i = 1", "select a from t where b = $1 and c % i = 1"),
        ("knex", "select a from t where b ? 'c' and d in (?)", "select a from t where b ? 'c' and d in ($1)"),
        ("pg-promise", "select a from t where b = ${b} and c = $<c:json>", "select a from t where b = $1 and c = $2"),
        ("sql file", "insert into t (a, b) values (${a}, $(b.c))", "insert into t (a, b) values ($1, $2)"),
        ("", "select a from t where b = {{b::uuid}}", "select a from t where b = $1"),
    ],
)  # fmt: skip
def test_the_parameters_of_each_style(client: str, text: str, sent: str) -> None:
    filled = fill(piece(text, 1, 1), client)
    (attempt,) = attempts(Query(Location("a.py", 1, 1), client, filled.text, filled.holes, filled.lines))
    assert attempt.text == sent


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("select {} from t", "select $1 from t"),
        ("select a from t where {}", "select a from t where $1"),
        ("select a from t where b = 1 {}", "select a from t where b = 1  "),
        ("{} select a from t", "  select a from t"),
        ("select a from t order by {} desc", "select a from t order by $1 desc"),
        ("update t set {} where a = 1", "update t set ctid = null where a = 1"),
        ("insert into t (a, b) values ({})", "insert into t (a, b) values ($1,$2)"),
        ("select a from t where b is distinct from {}", "select a from t where b is distinct from $1"),
    ],
)
def test_a_piece_of_sql_becomes_a_parameter_or_nothing(text: str, sent: str) -> None:
    (attempt,) = attempts(query(text, "text"))
    assert attempt.text == sent
    assert attempt.loose or attempt.omitted or "values" in text or "set" in text


@pytest.mark.parametrize(
    "text",
    [
        "select a from {}",
        "select a from t_{}",
        "select t.{} from t",
        "select {}.a from t",
        'select "{}" from t',
        "insert into t ({}) values (1)",
        "select {}(a) from t",
    ],
)
def test_a_name_that_comes_in_at_run_time_cannot_be_tried(text: str) -> None:
    with pytest.raises(Unfit):
        attempts(query(text, "text"))


@pytest.mark.parametrize(
    "text", ["select a from ${b:name}", "select a from $1~", "select ?? from t", "select %I from t"]
)
def test_a_parameter_may_be_a_name(text: str) -> None:
    client = "knex" if "?" in text else "pg-promise"
    with pytest.raises(Unfit):
        attempts(query(text, client=client))


def test_a_choice_is_tried_in_each_form() -> None:
    forms = attempts(query("select a from t {}", "text", values=("order by b", "")))
    assert [form.text for form in forms] == ["select a from t order by b", "select a from t "]


def test_an_offset_leads_back_to_the_source() -> None:
    one = query("select {}, wrong from t where x = {}", "text", "value")
    (attempt,) = attempts(one)
    offset = attempt.source(attempt.text.index("wrong"))
    assert one.text[offset:].startswith("wrong")
    assert place(one.text, one.lines, offset) == (1, 12)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM t",
        "select count(*) from t",
        "-- a comment\nselect id, name from t",
        "with x as (select 1) select * from x",
        "insert into t (a) values (1)",
        "update only t set a = 1",
        "delete from t where a = 1",
        "truncate t",
        "(select id from t) union (select id from u)",
    ],
)
def test_statements(text: str) -> None:
    assert is_statement(piece(text, 1, 1))
    assert looks_like_statement(piece(text, 1, 1)) or text == "truncate t"


@pytest.mark.parametrize(
    "text",
    [
        "Select an option from the list",
        "select an item from the menu",
        "SELECT A FILE FROM THE LIST",
        "Update your profile",
        "with great power",
        "Delete from here",
        "insert coin",
        "values are good",
        "(select max(a) from t)",
        "call me",
        "",
    ],
)
def test_prose_and_pieces(text: str) -> None:
    assert not looks_like_statement(piece(text, 1, 1))


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("insert or ignore into t values (1)", "SQLite"),
        ("select a from t limit 5, 10", "MySQL"),
        ("select `a` from t", "MySQL"),
        ("select top 5 a from t", "SQL Server"),
        ("select uniq(a) from t", "ClickHouse"),
        ("select count() from t", "ClickHouse"),
        ("select a from t final where b = 1", "ClickHouse"),
        ("match (n:Person) return n.name", "Cypher"),
        ("select a from t where b = 'select `x` from y limit 1, 2'", ""),
        ("select a, date_trunc('day', b), nullif(a, 0) from t where c @@ d and e ? 'f' limit 5", ""),
        ("explain (analyze, format json) select a /* limit 1, 2 */ from t", ""),
    ],
)
def test_other_dialects(text: str, system: str) -> None:
    assert foreign_syntax(text) == system


@pytest.mark.parametrize(
    ("words", "system"),
    [
        ("better-sqlite3", "SQLite"),
        ("mysql2/promise", "MySQL"),
        ("src/clickhouse/queries", "ClickHouse"),
        ("src/orders", ""),
    ],
)
def test_other_drivers(words: str, system: str) -> None:
    assert foreign_words(words) == system


def test_what_the_code_makes() -> None:
    texts = [
        "select id" + ", id" * 1_000 + " into temp fresh from t",
        "alter table t add column late int, alter column old drop not null",
    ]
    texts.append("create table made (a int)")
    texts.append("select to_regclass('public.asked') is null")
    texts.append("select 1 from information_schema.columns where table_name = 'u' and column_name = 'newer'")
    made = made_by_code([(Role.PRODUCT, query(text)) for text in texts])[Role.PRODUCT]
    assert made.names == {("relation", "fresh"), ("relation", "made"), ("relation", "asked")}
    assert {("u", "newer"), ("t", "late"), ("t", "old"), ("made", "a")} <= made.columns


def test_what_is_a_hole_already_is_no_sign_of_a_style() -> None:
    text = written("select id from orders where a = @a and b in ({})", "text")
    formatted = Written(text.text.replace("{}", "%s"), text.lines, text.holes)
    assert [one.kind for one in fill(formatted, "").holes] == ["value", "text"]
