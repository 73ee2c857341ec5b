"""The part of a catalog that an object needs is enough to parse its expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.closure import closure
from pgproof.catalog.ddl import make_all
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Catalog, Object, Value
from pgproof.catalog.reparse import Text, parse_again
from pgproof.model import ObjectName
from tests.conftest import LiveDatabase, make_live

SCHEMAS = ("mutations.sql", "expressions.sql", "relations.sql")


def texts(thing: Object) -> list[Text]:
    found: list[Text] = []

    def collect(attribute: str, value: Value) -> None:
        if isinstance(value, str):
            found.append(Text(thing.name, attribute, value, thing))
        for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            collect(attribute, one)

    for attribute, effect in BY_NAME[thing.name.kind].attributes.items():
        if effect & Effect.EXPRESSION:
            collect(attribute, thing.attributes.get(attribute))
    return found


@pytest.fixture(params=SCHEMAS)
def filled(live: LiveDatabase, request: pytest.FixtureRequest) -> Iterator[LiveDatabase]:
    """A database with one of the schemas, whose roles are dropped in the end: roles belong to the cluster."""
    sql = (Path(__file__).parent / request.param).read_text("utf-8")
    roles = sorted(set(re.findall(r'^create role ("[^"]+"|\w+)', sql, re.MULTILINE)))
    for role in roles:
        live.execute(f"drop role if exists {role}")
    live.execute(sql)
    yield live
    for role in roles:
        live.execute(f"drop owned by {role} cascade")
    for role in roles:
        live.execute(f"drop role {role}")


@pytest.mark.parametrize("major", [18])
def test_what_can_be_parsed_in_the_whole_schema_can_be_parsed_in_the_part(filled: LiveDatabase) -> None:
    live = filled
    whole = snapshot.read(live.session())
    things = [thing for thing in whole.of(*BY_NAME) if texts(thing)]
    assert len(things) > 3
    pairs = [
        (text, Text(text.name, text.attribute, f"{text.spelling} ", text.thing)) for t in things for text in texts(t)
    ]
    can = {
        text for text, parsed in parse_again(pairs, partial(psycopg.connect, live.url)).items() if not parsed.problem
    }
    assert len(can) > 3
    for thing in things:
        part = closure(whole, [thing.name])
        made = make_live(live.cluster)
        with psycopg.connect(made.url) as connection:
            make_all(part, connection, "postgres")
        there = partial(psycopg.connect, made.url)
        own = [pair for pair in pairs if pair[0].name == thing.name and set(pair) & can]
        problems = [p.problem for t, p in parse_again(own, there).items() if t in can]
        made.close()
        live.execute(f"drop database {made.name} with (force)")
        assert not any(problems), (thing.name, problems, sorted(map(str, part.objects)))


def test_of_many_tables_only_those_that_are_mentioned_are_needed() -> None:
    def table(name: str) -> Object:
        return Object(ObjectName("table", ("app", name)), {"inherits": None})

    view = Object(ObjectName("view", ("app", "v")), {"definition": 'SELECT a FROM app.one, app."Two words"'})
    objects = [view, *(table(name) for name in ("one", "Two words", "three"))]
    whole = Catalog(18, "app", {thing.name: thing for thing in objects})
    part = closure(whole, [view.name])
    assert {str(name) for name in part.objects} == {"app.v", "app.one", 'app."Two words"'}
