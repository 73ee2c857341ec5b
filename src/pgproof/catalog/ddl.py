"""SQL that makes a whole catalog, in an order that is nearly right, and a way to run it that finds the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pgproof.catalog.belonging import parents
from pgproof.catalog.grants import grants
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.names import own, relation
from pgproof.catalog.object import NOT_READABLE, Catalog, Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal

if TYPE_CHECKING:
    from psycopg import Connection

FIRST = (
    *("schema", "extension", "collation", "enum", "composite type", "domain", "range type", "sequence", "function"),
    *("procedure", "operator", "operator family", "operator class", "cast", "aggregate", "access method"),
    *("foreign data wrapper", "server", "user mapping", "table", "foreign table", "column", "view"),
    *("materialized view", "constraint", "index", "rule", "trigger", "policy", "statistics object"),
    *("text search parser", "text search template", "text search dictionary", "text search configuration"),
    *("publication", "publication table", "publication schema"),
)
"""A good order of kinds: the better it is, the fewer statements have to be tried again. Other kinds come last."""

BATCH = 1000
"""Statements of one transaction: each holds the locks of what it made to the end."""

APPLY = """
create function pg_temp.pgproof_apply(statements jsonb) returns jsonb language plpgsql as $body$
declare
  statement text;
  failed jsonb = '[]';
begin
  for statement in select pg_catalog.jsonb_array_elements_text(statements) loop
    begin
      execute statement;
    exception when others then
      failed = failed || pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_array(statement, sqlstate, sqlerrm));
    end;
  end loop;
  return failed;
end $body$
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """A statement that failed to the end, and what the server said of it."""

    statement: str
    sqlstate: str
    message: str


def create_all(catalog: Catalog, role: str = "") -> list[str]:
    """Return statements that make the catalog in an empty database, in nearly the right order; see `make_all`.

    The roles that it mentions (`owners.roles`) must be there. `role` is the one that will run the statements: what
    belongs to it needs no change of owner.
    """
    return [statement for section in _sections(catalog, role) for statement in section]


def make_all(catalog: Catalog, connection: Connection[Any], role: str = "") -> list[Failure]:
    """Make the catalog in an empty database, and return what could not be made.

    First everything as belonging to the connected role, then it is given to its owners: who has given a table away may
    no longer add a constraint to it.
    """
    return [failure for section in _sections(catalog, role) for failure in apply(section, connection)]


def _sections(catalog: Catalog, role: str) -> Iterator[list[str]]:
    for last in (False, True):
        yield from _sections_of(
            [thing for thing in catalog.of(*BY_NAME) if BY_NAME[thing.name.kind].last is last], catalog, role
        )


def _sections_of(things: list[Object], catalog: Catalog, role: str) -> Iterator[list[str]]:
    children = _children(catalog)
    made = {child.name for several in children.values() for child in several}
    objects = [thing for thing in things if thing.name not in made]
    objects.sort(key=lambda thing: (*_rank(thing, catalog), thing.name))
    yield [
        statement
        for thing in objects
        for statement in BY_NAME[thing.name.kind].create(thing, *children.get(thing.name, ()))
    ]
    yield [statement for thing in things for statement in _comment(thing)]
    yield [statement for thing in things for statement in _ownership(thing, role)]
    yield [statement for thing in things for statement in _privileges(thing, catalog)]


def apply(statements: Sequence[str], connection: Connection[Any]) -> list[Failure]:
    """Run the statements, those that fail again and again as long as others succeed, and return what failed to the end.

    So each finds what it depends on without anybody knowing the dependencies. The bodies of functions are not checked.
    The role that is connected must be able to make functions in `pg_temp`.
    """
    settings = "set local search_path = pg_catalog; set local check_function_bodies = off"
    waiting = [Failure(statement, "", "") for statement in statements]
    while True:
        failed: list[Failure] = []
        for start in range(0, len(waiting), BATCH):
            batch = [failure.statement for failure in waiting[start : start + BATCH]]
            with connection.transaction():
                connection.execute(settings)
                connection.execute(APPLY)
                row = connection.execute("select pg_temp.pgproof_apply(%s::jsonb)", [json.dumps(batch)]).fetchone()
                connection.execute("drop function pg_temp.pgproof_apply(jsonb)")
            failed += (Failure(*one) for one in cast("tuple[list[list[str]]]", row)[0])
        if not failed or len(failed) == len(waiting):
            return failed
        waiting = failed


def _rank(thing: Object, catalog: Catalog) -> tuple[int, int]:
    """Order by kind, then parents first: what a parent gets later does not always reach its children."""
    kind = thing.name.kind
    above: dict[ObjectName, None] = {}
    waiting = [thing]
    while waiting:
        for parent in parents(waiting.pop()):
            if parent.kind == kind and parent in catalog.objects and parent not in above:
                above[parent] = None
                waiting.append(catalog.objects[parent])
    return FIRST.index(kind) if kind in FIRST else len(FIRST), len(above)


def _children(catalog: Catalog) -> dict[ObjectName, list[Object]]:
    """Return the children that each parent is made with, in their order."""
    children: dict[ObjectName, list[Object]] = {}
    for thing in catalog.objects.values():
        for parent in parents(thing):
            if parent in catalog.objects and thing.name.kind in BY_NAME[parent.kind].made_with:
                children.setdefault(parent, []).append(thing)
    for things in children.values():
        things.sort(key=_place)
    return children


def _place(thing: Object) -> tuple[int, ObjectName]:
    ordering = (a for a, effect in BY_NAME[thing.name.kind].attributes.items() if effect & Effect.ORDER)
    return next((cast(int, thing.attributes[attribute]) for attribute in ordering), 0), thing.name


def _ownership(thing: Object, role: str) -> Iterator[str]:
    owner = thing.attributes.get("owner")
    if isinstance(owner, str) and owner != role:
        yield f"alter {_word(thing.name)} {_address(thing.name)} owner to {identifier(owner)}"


def _privileges(thing: Object, catalog: Catalog) -> Iterator[str]:
    word, held = BY_NAME[thing.name.kind].grant, thing.attributes.get("privileges")
    if word and isinstance(held, dict) and held != NOT_READABLE:
        address, column = (relation(name), own(name)) if (name := thing.name).kind == "column" else (_address(name), "")
        yield from grants(word, address, _owner(thing, catalog), cast(Any, held), catalog.major, column)


def _owner(thing: Object, catalog: Catalog) -> str:
    """Return the owner: the object's own, or that of what it belongs to most closely."""
    owner = thing.attributes.get("owner")
    if isinstance(owner, str):
        return owner
    above = [catalog.objects[parent] for parent in parents(thing) if parent in catalog.objects]
    return _owner(above[-1], catalog) if above else catalog.owner


def _comment(thing: Object) -> Iterator[str]:
    comment = thing.attributes.get("comment")
    if isinstance(comment, str):
        yield f"comment on {_word(thing.name)} {_address(thing.name)} is {literal(comment)}"


def _word(name: ObjectName) -> str:
    return BY_NAME[name.kind].word or name.kind


def _address(name: ObjectName) -> str:
    return BY_NAME[name.kind].address(name)
