"""What the contract rules out, tried on rows of a private copy: changes of what only grows, and transitions of states.

The copy is of the live schema when a live database was read, else of the replay. It holds rows that are made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pgproof.catalog.file import dump
from pgproof.catalog.object import Catalog, Object
from pgproof.contract.contract import Said
from pgproof.contract.need import AppendOnly, Need, Privilege, States
from pgproof.contract.schema import Schema
from pgproof.contract.wording import path as written
from pgproof.contract.wording import sentence
from pgproof.evidence.contract_copies import Copies
from pgproof.evidence.contract_trial import NOTHING_PASSES, Trial, judge_trial
from pgproof.evidence.live import Live
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.replay import Expected
from pgproof.evidence.settings import Settings
from pgproof.evidence.wording import counted
from pgproof.migrations.replay.task import digest, own_stamp
from pgproof.model import Gap, Method, Proof, Subject
from pgproof.model.errors import PgproofError
from pgproof.probes.changes.attempt import Attempt, Outcome, decode, encode

if TYPE_CHECKING:
    from pgproof.probes.rows.world import World

LIMIT_MS = 2_000
"""How long one statement may take."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The trial of each need that rules something out, and the features that say it."""

    trials: Mapping[Need, Trial]
    said: tuple[tuple[str, Said], ...] = ()
    gaps: tuple[Gap, ...] = ()
    proof: Proof | None = None

    def __len__(self) -> int:
        """Return how many attempts were made."""
        return sum(len(one.attempts) for one in self.trials.values())


@gathers(Tried, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def try_what_is_ruled_out(
    settings: Settings, copies: Copies | None, live: Live | None, expected: Expected | None
) -> Tried:
    """Make rows on a copy, and try each change that a need rules out, and each transition that it allows."""
    said = [
        (feature.name, one)
        for feature in settings.config.contract.features
        for one in feature.needs
        if isinstance(one.need, AppendOnly | States)
    ]
    if not said:
        return Tried({})
    catalog = live.catalog if live else expected.replay.catalog if expected else None
    if catalog is None or copies is None:
        raise Unavailable(
            Gap(f"{counted(len(said), 'need')} of the contract that rule changes out: no schema to try them on")
        )
    schema = Schema(catalog)
    named = _named_roles(settings)
    wanted = {
        one.need: plan
        for _, one in said
        if isinstance(one.need, AppendOnly | States) and (plan := _plan(one.need, schema, named)) is not None
    }
    if not wanted:
        return Tried({}, tuple(said))
    settings.progress("trying what the contract rules out")
    attempts = _recalled(wanted, catalog, copies, expected if live is None else None)
    trials: dict[Need, Trial] = {
        need: judge_trial(need, schema, attempts[number]) for number, need in enumerate(wanted)
    }
    proof = Proof(Method.EXECUTED, (Subject.CLONE,)) if live else None
    return Tried(trials, tuple(said), tuple(_gaps(trials)), proof)


Plan = tuple[tuple[str, str], Sequence[str]]
"""The table, and the roles (for states: the column)."""


def _named_roles(settings: Settings) -> Mapping[str, list[str]]:
    """Return the roles that the contract names, by the last part of the name of what they may or may not."""
    found: dict[str, list[str]] = {}
    for feature in settings.config.contract.features:
        for one in feature.needs:
            if isinstance(one.need, Privilege):
                found.setdefault(one.need.path[-1], []).append(one.need.role)
    return found


def _plan(need: AppendOnly | States, schema: Schema, named: Mapping[str, list[str]]) -> Plan | None:
    """Return what is to be tried; nothing when the table or the column is not there."""
    if isinstance(need, States):
        column = schema.column(need.relation, need.column)
        found = column.name.parts if isinstance(column, Object) else ()
        return ((found[0], found[1]), ()) if found and schema.get("table", *found[:2]) else None
    table = schema.relation(need.relation, "table")
    if not isinstance(table, Object):
        return None
    columns = (schema.get("column", *table.name.parts, name) for name in schema.columns(table))
    holders = [one.attributes.get("privileges") for one in (table, *columns) if one is not None]
    held = {role for one in holders for role in cast("Mapping[str, list[str]]", one or {})}
    roles = (held | set(named.get(table.name.parts[1], ()))) - {str(table.attributes["owner"])}
    return (table.name.parts[0], table.name.parts[1]), ("", *sorted(roles))


def _recalled(
    wanted: Mapping[AppendOnly | States, Plan], catalog: Catalog, copies: Copies, expected: Expected | None
) -> list[tuple[Attempt, ...]]:
    """Return the attempts for each need; those of an earlier run when nothing has changed since."""
    memory = copies.replayer.memory if copies.replayer else None
    state = expected.task.key if expected and expected.task else json.dumps(dump(catalog))
    plans = [f"{sentence(need)} {plan}" for need, plan in wanted.items()]
    name = f"changes-{digest(own_stamp(), state or '', str(copies.server.installation), *plans)}"
    known = memory.read(name, _decode_all) if memory and state else None
    if known is None:
        known = _attempts(wanted, catalog, copies)
        if memory and state:
            memory.write(name, [encode(one) for one in known])
    return known


def _decode_all(value: Any) -> list[tuple[Attempt, ...]]:
    return [decode(one) for one in value]


def _attempts(
    wanted: Mapping[AppendOnly | States, Plan], catalog: Catalog, copies: Copies
) -> list[tuple[Attempt, ...]]:
    import psycopg

    from pgproof.probes.changes.append import change
    from pgproof.probes.changes.transitions import move
    from pgproof.probes.rows.world import World
    from pgproof.probes.session import Session

    def one(world: World, need: AppendOnly | States, plan: Plan) -> tuple[Attempt, ...]:
        name, roles = plan
        if name not in world.tables:
            return ()
        table = world.tables[name]
        if isinstance(need, AppendOnly):
            return tuple(change(world, table, roles))
        return tuple(move(world, table, need.column, need.states, need.transitions))

    try:
        with copies.of_live() as database:
            session = Session(database.connect, LIMIT_MS)
            try:
                world = World(session, catalog)
                return [one(world, need, plan) for need, plan in wanted.items()]
            finally:
                session.close()
    except psycopg.Error as error:
        told = error.diag.message_primary or (str(error).splitlines() or [""])[0]
        raise Unavailable(Gap(f"what the contract rules out: the private copy could not be used: {told}")) from error
    except PgproofError as error:
        raise Unavailable(Gap(f"what the contract rules out: {error.problem}", way_out=error.way_out)) from error


def _gaps(trials: Mapping[Need, Trial]) -> Iterator[Gap]:
    for need, one in trials.items():
        untried = [attempt for attempt in one.attempts if attempt.outcome is Outcome.UNTRIED]
        if one.why == NOTHING_PASSES:
            yield Gap(f"the transitions of {written(one.cause.parts[-2:])} that the contract speaks of: {one.why}")
            continue
        if one.attempts and not untried:
            continue
        what = f"transitions of {written(one.cause.parts[-2:])}" if isinstance(need, States) else "changes of "
        what += "" if isinstance(need, States) else written(one.cause.parts[-1:])
        which = f"{len(untried)} of {len(one.attempts)} {what}" if one.attempts else f"the {what}"
        why = untried[0].by if untried else "the private copy has no such table"
        yield Gap(f"{which} that the contract speaks of were not tried: {why}")
