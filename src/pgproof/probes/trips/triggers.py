"""Every trigger fires, and what it changes is seen.

The server counts calls of functions in a session with `track_functions = all` (manual, section 27.2.20); the caller
switches that on for the database. The counts are of the session until they are flushed, so differences are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from pgproof.catalog.names import parts_of, qualified
from pgproof.catalog.object import Object
from pgproof.probes.observed import Step
from pgproof.probes.refusal import Answer
from pgproof.probes.rows.expression import column, nodes
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import delete, insert, update
from pgproof.probes.trips.writes import alternatives
from pgproof.sql.parse import parse
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.quote import identifier

CALLS = """
select coalesce(sum(calls), 0) from pg_catalog.pg_stat_xact_user_functions where schemaname = $1 and funcname = $2
"""
_EVENTS = {4: "insert", 8: "delete", 16: "update", 32: "truncate"}
"""The bits of a trigger's events (pg_trigger.tgtype, catalog/pg_trigger.h)."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger: its events, and the columns that it watches: those of UPDATE OF, and those of its WHEN."""

    thing: Object
    function: tuple[str, ...]
    events: tuple[str, ...]
    watches: tuple[str, ...]


def fire(world: World, table: Table) -> Iterator[Step]:
    """Yield, for each trigger of a table and each of its events, whether it fired and what it changed."""
    for thing in world.triggers(table.name):
        trigger = read_trigger(thing)
        if trigger is None:
            yield Step(thing.name, "fire", False, "its definition could not be read")
            continue
        if thing.attributes["state"] not in ("enabled", "always"):
            yield Step(thing.name, "fire", False, f"it is switched off ({thing.attributes['state']})")
            continue
        # `when (old.* is distinct from new.*)` names the row, and no column of it
        watched = replace(trigger, watches=tuple(name for name in trigger.watches if name in table.columns))
        for event in trigger.events:
            yield _fire(world, table, watched, event)


def read_trigger(thing: Object) -> Trigger | None:
    """Take apart a trigger's definition; `None` when this grammar does not know it."""
    constraint = "constraint " if thing.attributes["constraint"] else ""
    try:
        tree = parse(f"create {constraint}trigger t {thing.attributes['definition']}")[0]["CreateTrigStmt"]
    except (SyntaxProblem, KeyError):
        return None
    events = tuple(name for bit, name in _EVENTS.items() if tree.get("events", 0) & bit)
    of = [one["String"]["sval"] for one in tree.get("columns", ())]
    when = [column(fields) for kind, fields in nodes(tree.get("whenClause")) if kind == "ColumnRef"]
    return Trigger(thing, parts_of(str(thing.attributes["function"])), events, tuple(dict.fromkeys([*of, *when])))


def _fire(world: World, table: Table, trigger: Trigger, event: str) -> Step:
    """Try the event in several ways until the trigger fires."""
    last = Answer()
    tried = False
    for statement, sent in _ways(world, table, trigger, event):
        tried = True
        with world.session.undone():
            for other in _of_the_same_function(world, table, trigger):
                world.session.ask(
                    f"alter table {qualified(table.name)} disable trigger {identifier(other.name.parts[2])}", keep=True
                )
            before = _calls(world, trigger)
            last = world.session.ask(statement, keep=True)
            if last.refusal is None and _calls(world, trigger) > before:
                changes = _changed(table, last, sent) if event in ("insert", "update") else ()
                return Step(trigger.thing.name, f"fire on {event}", True, _note(changes))
        if last.refusal is not None and last.refusal.context:
            return Step(trigger.thing.name, f"fire on {event}", False, "", last.refusal)
    note = "no row was found for which it fires" if tried else f"there is no row to {event}"
    return Step(trigger.thing.name, f"fire on {event}", False, note, last.refusal)


def _of_the_same_function(world: World, table: Table, trigger: Trigger) -> list[Object]:
    """Return the table's other triggers that call the function: what they do would be counted too."""
    return [
        other
        for other in world.triggers(table.name)
        if other.name != trigger.thing.name and other.attributes["function"] == trigger.thing.attributes["function"]
    ]


def _ways(world: World, table: Table, trigger: Trigger, event: str) -> Iterator[tuple[str, Row]]:
    """Yield statements that raise the event, each with the values that they give."""
    stored = world.stored[table.name]
    if event == "insert":
        fresh = world.fresh(table.name)
        if fresh is not None:
            yield insert(table, fresh), fresh
            for changes in alternatives(world, table, fresh, trigger.watches) if trigger.watches else ():
                yield insert(table, {**fresh, **changes}), {**fresh, **changes}
    elif event == "update":
        for row in stored:
            for changes in alternatives(world, table, row, trigger.watches):
                yield update(table, row, changes), {**row, **changes}
            same = {name: row[name] for name in trigger.watches or tuple(row)[:1] if not table.columns[name].generated}
            if same:
                yield update(table, row, same), {**row, **same}
    elif event == "delete":
        for row in reversed(stored):
            yield delete(table, row), row
    elif stored:
        yield f"truncate {qualified(table.name)} cascade", {}


def _calls(world: World, trigger: Trigger) -> int:
    return cast("int", world.session.rows(CALLS, list(trigger.function))[0][0])


def _changed(table: Table, answer: Answer, sent: Row) -> tuple[str, ...]:
    """Return the columns that hold something else than what was sent."""
    if not answer.rows:
        return ()
    now = dict(zip(table.columns, answer.rows[0], strict=False))
    return tuple(name for name, value in sent.items() if name in now and now[name] != value)


def _note(changes: tuple[str, ...]) -> str:
    return f"changes {', '.join(changes)}" if changes else ""
