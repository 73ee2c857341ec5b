"""A catalog that was read can be made again from nothing, and the copy reads the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgproof.catalog import snapshot
from pgproof.catalog.compare import compare
from pgproof.catalog.ddl import apply, make_all
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Object, Value
from pgproof.catalog.owners import roles
from pgproof.model import ObjectName
from tests.catalog.transaction import TransactionSession
from tests.conftest import MAJORS, LiveDatabase, make_live, running_cluster

HERE = Path(__file__).parent


def differences_of_a_copy(live: LiveDatabase) -> list[Difference]:
    """Make the database's catalog again in another database and compare."""
    original = snapshot.read(live.session())
    with closing(make_live(live.cluster)) as copy:
        with psycopg.connect(copy.url, autocommit=True) as connection:
            assert make_all(original, connection, "postgres") == []
        again = snapshot.read(copy.session())
        return survivors(compare(original, again), original, again, lambda: psycopg.connect(live.url))


@pytest.mark.parametrize("schema", ["mutations.sql", "expressions.sql", "routines_and_types.sql"])
def test_a_schema_that_is_made_again_is_the_same(live: LiveDatabase, schema: str) -> None:
    live.execute((HERE / schema).read_text(encoding="utf-8"))
    assert differences_of_a_copy(live) == []


PRIVILEGES = {
    "all revoked": "revoke all on t, v, s from postgres; revoke all on function f() from public, postgres",
    "with grant option": "grant select, insert on t to ddl_reader with grant option; grant usage on s to ddl_reader",
    "to everyone": "grant select on t, v to public; grant all on schema made to public",
    "of a column": "grant select (a), update (a) on t to ddl_reader; grant select (a) on v to public",
    "of an owned sequence": "grant usage on t_b_seq to ddl_reader; revoke all on t_b_seq from postgres",
    "of another owner": "alter table t owner to ddl_reader; revoke delete on t from ddl_reader",
    "of a type": "revoke usage on type e from public; grant usage on type e to ddl_reader",
    "none on the schema public": "revoke all on schema public from public",
}

ROLE = "do $$ begin create role ddl_reader; exception when duplicate_object then null; end $$"
"""It stays in the cluster: other databases depend on it."""

OBJECTS = """
create schema made; create table t (a integer, b serial); create view v as select a from t; create sequence s;
create type e as enum ('a'); create function f() returns void language sql as ''
"""


@pytest.mark.parametrize("sql", PRIVILEGES.values(), ids=PRIVILEGES.keys())
def test_privileges_come_back(live: LiveDatabase, sql: str) -> None:
    live.execute(ROLE)
    live.execute(OBJECTS)
    live.execute(sql)
    assert differences_of_a_copy(live) == []


def test_what_cannot_be_made_is_returned_with_the_servers_words(live: LiveDatabase) -> None:
    live.execute("create type state as enum ('a'); create table note (s state, t text)")
    original = snapshot.read(live.session())
    objects = {name: thing for name, thing in original.objects.items() if name.kind != "enum"}
    with closing(make_live(live.cluster)) as copy, psycopg.connect(copy.url, autocommit=True) as connection:
        [failure] = make_all(replace(original, objects=objects), connection, "postgres")
    assert failure.statement.startswith("create table public.note")
    assert (failure.sqlstate, failure.message) == ("42704", 'type "public.state" does not exist')


def test_statements_find_their_order(live: LiveDatabase) -> None:
    backwards = [
        "create view c as select * from public.b",
        "create view b as select * from public.a",
        "create table a (id integer default public.f())",
        "create function public.f() returns integer language sql as 'select 1'",
    ]
    statements = [one.replace("view ", "view public.").replace("table ", "table public.") for one in backwards]
    with psycopg.connect(live.url, autocommit=True) as connection:
        assert apply(statements, connection) == []


def test_a_statement_that_commits_is_a_failure(live: LiveDatabase) -> None:
    with psycopg.connect(live.url, autocommit=True) as connection:
        failures = apply(["create table public.a ()", "create table public.b (); commit"], connection)
    assert [failure.sqlstate for failure in failures] == ["0A000"]
    assert [name.parts for name in snapshot.read(live.session()).objects if name.kind == "table"] == [("public", "a")]


def test_the_roles_that_are_needed_can_be_asked_for(live: LiveDatabase) -> None:
    live.execute((HERE / "routines_and_types.sql").read_text(encoding="utf-8"))
    needed = {"postgres", "routines reader", "routines_owner", "pg_database_owner"}
    assert set(roles(snapshot.read(live.session()))) == needed


characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
names = st.text(characters, min_size=1, max_size=15).filter(lambda name: len(name.encode()) < LONGEST_NAME)
texts = st.text(characters, max_size=20)
types = st.sampled_from(["integer", "text", "numeric", "timestamp with time zone[]", "character varying", "jsonb"])
LONGEST_NAME = 64


def thing(kind: str, *name: str, holds: str = "USAGE", **attributes: Any) -> Object:
    """Return an object of the schema public as it is read when it is new, with these attributes."""
    new: dict[str, Value] = dict.fromkeys(BY_NAME[kind].attributes)
    new |= {"owner": "postgres", "privileges": {"postgres": [holds], "public": [holds]}}
    given_: dict[str, Value] = {attribute.replace("_", " "): value for attribute, value in attributes.items()}
    assert given_.keys() <= new.keys()
    return Object(ObjectName(kind, ("public", *name)), {**new, **given_})


enums = st.builds(
    lambda name, labels: thing("enum", name, labels=labels or None), names, st.lists(names, max_size=4, unique=True)
)
composites = st.builds(
    lambda name, attributes: thing(
        "composite type",
        name,
        attributes=[{"name": a, "type": t, "collation": None, "comment": None} for a, t in attributes.items()] or None,
    ),
    names,
    st.dictionaries(names, types, max_size=4),
)
functions = st.builds(
    lambda name, arguments, body, flags, settings_: thing(
        "function",
        name,
        ", ".join(arguments),
        holds="EXECUTE",
        arguments=arguments or None,
        language="sql",
        body=body.replace("\r\n", "\n"),
        result="integer",
        body_is_parsed=False,
        window=False,
        cost="100",
        **flags,
        settings=settings_ or None,
    ),
    names,
    st.lists(types, max_size=3),
    texts,
    st.fixed_dictionaries(
        {
            "volatility": st.sampled_from(["immutable", "stable", "volatile"]),
            "parallel": st.sampled_from(["safe", "restricted", "unsafe"]),
            "strict": st.booleans(),
            "leakproof": st.booleans(),
            "security_definer": st.booleans(),
        }
    ),
    st.dictionaries(st.sampled_from(["my.one", "my.two"]), texts),
)


EDGES = sorted({MAJORS[0], MAJORS[-1]})


@pytest.fixture(scope="module", params=EDGES, ids=[f"pg{major}" for major in EDGES])
def transaction(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[Any]]:
    with closing(make_live(running_cluster(request.param))) as database, psycopg.connect(database.url) as connection:
        yield connection


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=enums | composites | functions)
def test_what_any_object_says_of_itself_makes_it(transaction: psycopg.Connection[Any], one: Object) -> None:
    try:
        transaction.execute("set local check_function_bodies = off")
        for statement in BY_NAME[one.name.kind].create(one):
            transaction.execute(statement.encode())
        assert snapshot.read(TransactionSession(transaction)).of(one.name.kind) == [one]
    finally:
        transaction.rollback()
