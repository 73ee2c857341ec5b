"""Policies evaluated: each table read and written as every role that may, on no row or one.

Whether a policy lets the right rows through is another question. Here it must not fail: a policy that reads its own
table recurses (42P17), one that reads a table which the role may not read refuses every query (42501).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import cast

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Catalog
from pgproof.probes.observed import Step
from pgproof.probes.rows.table import Table, TableName
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import value
from pgproof.sql.quote import identifier

READER = "pgproof_reader"
"""A role for tables that no role of the project may read: a policy for everyone can be evaluated by it."""
_EVERYONE = "public"


def evaluate(world: World, names: set[TableName]) -> Iterator[Step]:
    """Yield, for each table with policies, role and command, whether the policies can be evaluated."""
    roles = _roles_of_policies(world.catalog)
    unread: list[Table] = []
    for name in sorted(names & roles.keys()):
        table = world.tables[name]
        thing = world.catalog.objects[table.object_name]
        held = cast("Mapping[str, list[str]]", thing.attributes["privileges"])
        owner = str(thing.attributes["owner"])
        wanted = sorted(role for role in held if role not in (owner, _EVERYONE))
        bound = [role for role in wanted if role in roles[name] or _EVERYONE in roles[name]]
        for role in bound:
            yield from _as_role(world, table, role, set(held[role]) | set(held.get(_EVERYONE, ())))
        if not wanted and _EVERYONE in roles[name]:
            unread.append(table)
    if unread:
        yield from _as_reader(world, unread)


def _roles_of_policies(catalog: Catalog) -> dict[TableName, set[str]]:
    """Return the roles that the policies of each table are for, where they are switched on."""
    found: dict[TableName, set[str]] = defaultdict(set)
    for policy in catalog.of("policy"):
        name = (policy.name.parts[0], policy.name.parts[1])
        found[name].update(cast("list[str]", policy.attributes["roles"] or []))
    on = {thing.name.parts for thing in catalog.of("table") if thing.attributes["row security"]}
    return {name: roles for name, roles in found.items() if name in on}


def _as_role(world: World, table: Table, role: str, privileges: set[str]) -> Iterator[Step]:
    plain = {one.rstrip("*") for one in privileges}
    for command, statement in _statements(table):
        if command.upper() not in plain or (command in ("update", "delete") and "SELECT" not in plain):
            continue
        answer = world.session.ask(f"set local role {identifier(role)}", statement)
        yield Step(table.object_name, f"{command} as {role}", answer.refusal is None, refusal=answer.refusal)


def _as_reader(world: World, tables: list[Table]) -> Iterator[Step]:
    """Evaluate policies as a role that may read and write everything, which is gone afterwards."""
    schemas = sorted({name[0] for name in world.tables})
    with world.session.undone():
        for statement in (f"create role {READER}", f"grant {READER} to current_user"):
            if world.session.ask(statement, keep=True).refusal is not None:
                for table in tables:
                    yield Step(table.object_name, "select as another role", False, "no role could be made")
                return
        for schema in schemas:
            world.session.ask(f"grant usage on schema {identifier(schema)} to {READER}", keep=True)
        for name in sorted(world.tables):
            world.session.ask(f"grant select, insert, update, delete on {qualified(name)} to {READER}", keep=True)
        for table in tables:
            for command, statement in _statements(table):
                answer = world.session.ask(f"set local role {READER}", statement)
                yield Step(
                    table.object_name, f"{command} as another role", answer.refusal is None, refusal=answer.refusal
                )


def _statements(table: Table) -> Iterator[tuple[str, str]]:
    name = qualified(table.name)
    yield "select", f"select 1 from {name} limit 1"
    columns = [column for column in table.filled if column.identity != "always"]
    if columns:
        first = identifier(columns[0].name)
        yield "insert", f"insert into {name} ({first}) select {value(None)}::{columns[0].type} where false"
        yield "update", f"update {name} set {first} = {first} where false"
    yield "delete", f"delete from {name} where false"
