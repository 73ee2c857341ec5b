"""Each expression of a relation can be given back to the server, which spells it the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgproof.catalog import snapshot
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Object
from tests.catalog.test_hostile import EVERYTHING, NAMES, spelled
from tests.catalog.test_recreate import HARD
from tests.conftest import LiveDatabase

if TYPE_CHECKING:
    from psycopg import Connection

KEYS = ("primary key", "unique", "foreign key")
"""Constraints without an expression."""

KINDS = (
    *("table", "column", "constraint", "index", "view", "materialized view", "trigger", "policy", "rule"),
    *("publication table", "statistics object"),
)


def tried(live: LiveDatabase) -> dict[tuple[str, str], int]:
    """Try all expressions and return how many of each kind and attribute there were."""
    import psycopg

    counts: dict[tuple[str, str], int] = {}
    catalog = snapshot.read(live.session())
    with psycopg.connect(live.url) as connection:
        connection.execute("set search_path = pg_catalog")
        for thing in catalog.of(*KINDS):
            for attribute, effect in BY_NAME[thing.name.kind].attributes.items():
                text = thing.attributes[attribute]
                if effect & Effect.EXPRESSION and isinstance(text, str) and thing.attributes.get("type") not in KEYS:
                    spelling = parsed_again(connection, thing, attribute, text)
                    assert parsed_again(connection, thing, attribute, spelling) == spelling
                    assert spelling == text or thing.attributes.get("generated"), thing.name
                    counts[thing.name.kind, attribute] = counts.get((thing.name.kind, attribute), 0) + 1
    return counts


def parsed_again(connection: Connection[Any], thing: Object, attribute: str, text: str) -> str:
    trial = BY_NAME[thing.name.kind].trial(thing, attribute, text)
    assert trial is not None, thing.name
    with connection.transaction(force_rollback=True):
        for statement in trial.statements:
            connection.execute(statement.encode())
        [(spelling,)] = connection.execute(trial.read.encode()).fetchall()
    return str(spelling)


def test_expressions_of_hard_relations(live: LiveDatabase) -> None:
    live.execute("create function tf() returns trigger language plpgsql as 'begin return new; end'")
    live.execute(HARD)
    live.execute("create policy p on stored using (a > 1) with check (exists (select from fk where fk.id = stored.a))")
    assert tried(live).keys() == {
        *(("table", "partition key"), ("column", "default"), ("constraint", "definition"), ("index", "definition")),
        *(("view", "definition"), ("materialized view", "definition"), ("trigger", "definition")),
        *(("policy", "using"), ("policy", "check"), ("rule", "definition")),
    }


def test_expressions_with_hostile_names(live: LiveDatabase) -> None:
    import psycopg

    with psycopg.connect(live.url, autocommit=True) as connection:
        for name in NAMES:
            words = spelled(name)
            connection.execute(f"drop role if exists {words['n']}".encode())
            connection.execute(EVERYTHING.format(**words).encode())
    try:
        assert all(count >= len(NAMES) for count in tried(live).values())
    finally:
        for name in NAMES:
            live.execute(f"drop owned by {spelled(name)['n']} cascade; drop role {spelled(name)['n']}")
