"""What PostgreSQL's answer proves, on a real server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgproof.code.queries.examine import examine
from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.prepare import prepare
from pgproof.code.queries.verdict import Kind
from pgproof.code.queries.written import hole, join, piece
from pgproof.code.usage import Literal, Query
from pgproof.model import Location
from tests.conftest import LiveDatabase

SCHEMA = """
create type mood as enum ('calm', 'wild');
create table animals (
    id bigint generated always as identity primary key,
    name text not null,
    mood mood,
    born date,
    keeper uuid,
    fed timestamptz
);
create function feed(animal bigint, food text) returns text language sql stable as 'select name from animals';
"""
KINDS = {
    "select id from plants": Kind.TABLE,
    "select id from nowhere.animals": Kind.TABLE,
    "truncate plants": Kind.TABLE,
    "copy plants (id) from stdin": Kind.TABLE,
    "select colour from animals": Kind.COLUMN,
    "select a.colour from animals a": Kind.COLUMN,
    "update animals set colour = %s": Kind.COLUMN,
    "copy animals (colour) from stdin": Kind.COLUMN,
    "select b.id from animals a": Kind.COLUMN,
    "select feed(id) from animals": Kind.FUNCTION,
    "select fed_by(id, %s) from animals": Kind.FUNCTION,
    "select id from animals where coallesce(%s, name) = 'x'": Kind.FUNCTION,
    "select id::moody from animals": Kind.TYPE,
    "select id from animals where keeper = id": Kind.MISMATCH,
    "select id from animals where keeper like %s": Kind.MISMATCH,
    "update animals set born = 5": Kind.MISMATCH,
    "select coalesce(a.name, a.fed) from animals a where a.id = %s": Kind.MISMATCH,
    "select id from animals where mood = 'tame'": Kind.LITERAL,
    "select id from animals where id = 'one'": Kind.LITERAL,
    "select id from animals where born > '2024-13-01'": Kind.LITERAL,
    "select mood, count(*) from animals": Kind.FORM,
    "select id from animals a, animals b": Kind.FORM,
    "select id from animals where": Kind.FORM,
    "insert into animals (id, name) values (1, 'x')": Kind.FORM,
    "insert into animals (name) values ('x') returning count(*)": Kind.FORM,
}
UNKNOWN = (
    "select id from animals where name = any(%s) or array_length(%s, 1) is null",
    "select id from animals where fed > now() - %s",
    "select id from animals where coalesce(%s, 'x') = id",
    "select feed(%s + %s, id) from animals",
    "select id from animals where born + %s > now()",
    "select v.id from (values (%s, %s)) v (id, name) join animals a on a.id = v.id",
    "select %s + %s",
    "update animals set fed = coalesce(nullif(%s, '1970-01-01'), animals.fed)",
    "update animals set fed = case when name = 'x' then nullif(%s, '') else animals.fed end",
    "select id from animals group by id || %s having id || %s = 'x'",
)
FINE = (
    "select id from animals where name = %s",
    "select feed(%s, %s)",
    "select id from animals where id = any(%s)",
    "select %s",
    "select id from animals where fed between %s and now(); delete from animals where name = %s",
    "listen changes",
    "create table plants (id int)",
)


def query(text: str) -> Query:
    filled = fill(piece(text, 1, 1), "psycopg")
    return Query(Location("a.py", 1, 1), "psycopg", filled.text, filled.holes, filled.lines)


@pytest.mark.parametrize("major", [15, 18])
def test_an_answer_is_a_mistake_only_when_nothing_else_can_be_the_cause(live: LiveDatabase) -> None:
    import psycopg

    live.execute(SCHEMA)
    texts = [*KINDS, *UNKNOWN, *FINE, "select id from (select id from animals)"]
    of_any_system = replace(query("insert into animals (name, born) values ('x')"), client="database/sql")
    with psycopg.connect(live.url, autocommit=True) as connection:
        examined = examine([query(text) for text in texts], lambda each, _: prepare(connection, each))
        later = connection.info.server_version < 160000
        counted = examine([of_any_system], lambda each, _: prepare(connection, each))
        assert connection.execute("select count(*) from animals").fetchone() == (0,)
    refused = {texts[number]: tried.verdict.kind for number, tried in examined.refused}
    assert refused == KINDS
    assert [tried.verdict.kind for _, tried in counted.refused] == [Kind.FORM]
    assert sum(examined.unknown.values()) == len(UNKNOWN) + later
    place = {texts[number]: tried.location.column for number, tried in examined.refused}
    assert place["select colour from animals"] == 8


def test_what_comes_in_at_run_time_is_no_mistake_and_the_rest_is_judged(live: LiveDatabase) -> None:
    import psycopg

    live.execute(SCHEMA + "create view tame as select id, name from animals;")
    texts = {
        "update animals set {} where name = 'x' returning id": None,
        "update tame set {} where name = 'x'": None,
        "insert into animals (name) values ('x') on conflict (id) do update set {}": None,
        "update plants set {} where name = 'x'": Kind.TABLE,
        "update animals set {} where colour = 'x'": Kind.COLUMN,
        "update animals set {} returning colour": Kind.COLUMN,
        "insert into animals (colour) values ('x') on conflict (id) do update set {}": Kind.COLUMN,
    }
    asked = []
    for text in texts:
        before, _, after = text.partition("{}")
        parts = [piece(before, 1, 1), hole("{}", 1, 50, "text"), *([piece(after, 1, 52)] if after else [])]
        written = join(parts)
        asked.append(Query(Location("a.py", 1, 1), "psycopg", written.text, written.holes, written.lines))
    with psycopg.connect(live.url, autocommit=True) as connection:
        examined = examine(asked, lambda each, _: prepare(connection, each))
    kinds = {number: tried.verdict.kind for number, tried in examined.refused}
    assert [kinds.get(number) for number in range(len(texts))] == list(texts.values())
    assert not examined.unknown


@pytest.mark.parametrize("major", [16])
def test_many_texts_go_out_at_once_and_each_fails_for_itself(live: LiveDatabase) -> None:
    import psycopg

    texts = [
        f"select {number} from pg_class" if number % 3 else f"select c{number} from pg_class" for number in range(1000)
    ]
    with psycopg.connect(live.url, autocommit=True) as connection:
        answers = prepare(connection, texts)
        assert prepare(connection, ["select 1"]) == [None]
    assert [answer is not None for answer in answers] == [number % 3 == 0 for number in range(1000)]
    assert answers[3] is not None
    assert answers[3].message == 'column "c3" does not exist'
    assert answers[3].position == 7


@pytest.mark.parametrize("major", [18])
def test_long_texts_and_long_answers_do_not_wait_for_each_other(live: LiveDatabase) -> None:
    import psycopg

    texts = [f"select {'a' * 50_000}{number}" for number in range(100)]  # a notice repeats the whole name
    with psycopg.connect(live.url, autocommit=True) as connection:
        answers = prepare(connection, texts)
    assert [answer and answer.sqlstate for answer in answers] == ["42703"] * 100


def test_pieces_that_are_chosen_at_run_time_may_belong_together(live: LiveDatabase) -> None:
    import psycopg

    live.execute(SCHEMA)
    column = hole("{c}", 1, 8, "text", values=[Literal("string", "false"), Literal("string", "k.id")])
    other = hole("{j}", 1, 30, "text", values=[Literal("string", ""), Literal("string", "join animals k on true")])
    text = join([piece("select ", 1, 1), column, piece(" from animals a ", 1, 11), other])
    table = hole("{t}", 1, 30, "text", values=[Literal("string", "animals"), Literal("string", "pg_class")])
    key = hole("{k}", 1, 40, "text", values=[Literal("string", "id"), Literal("string", "relname")])
    found = join([piece("select 1 from ", 1, 1), table, piece(" where ", 1, 31), key, piece(" is null", 1, 41)])
    wrong = join([piece("select colours from ", 1, 1), table, piece(" where ", 1, 31), key, piece(" is null", 1, 41)])
    given = hole("{j}", 1, 30, "text", values=[Literal("string", ""), Literal("string", "join pg_class on true")])
    joined = join([piece("select relname from animals ", 1, 1), given])
    lost = join([piece("select relnames from animals ", 1, 1), given])
    texts = (text, found, wrong, joined, lost)
    chosen = [Query(Location("a.py", 1, 1), "psycopg", one.text, one.holes, one.lines) for one in texts]
    with psycopg.connect(live.url, autocommit=True) as connection:
        examined = examine(chosen, lambda each, _: prepare(connection, each))
    assert {number for number, _ in examined.refused} == {2, 4}
    assert {number for number, _ in examined.accepted} == {0, 1, 3}
    assert not examined.unknown  # what is accepted in one form is known
