"""All round trips of some tables and views, in the order in which they build on each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pgproof.model import ObjectName
from pgproof.probes.observed import ABOUT_DATA, Rejection, Step
from pgproof.probes.rows.world import World
from pgproof.probes.trips.deletions import delete_parents
from pgproof.probes.trips.policies import evaluate
from pgproof.probes.trips.rejections import reject, reject_domains
from pgproof.probes.trips.triggers import fire
from pgproof.probes.trips.views import read_views
from pgproof.probes.trips.writes import write

_QUOTED = re.compile(r'"([^"]*)"')
VIEWS = ("view", "materialized view")


def trips(world: World, names: Iterable[ObjectName]) -> list[Step]:
    """Write, read, change and delete rows of these tables, fire their triggers, read the views, evaluate policies."""
    own = list(names)
    tables = [world.tables[name] for name in _tables(own)]
    steps: list[Step] = []
    for table in tables:
        steps += write(world, table)
    for table in tables:
        if world.stored[table.name]:
            steps += fire(world, table)
    steps += read_views(world, {name for name in own if name.kind in VIEWS})
    steps += evaluate(world, {table.name for table in tables})
    return [_told(world, step) for step in steps]


def _told(world: World, step: Step) -> Step:
    """Say when a refusal is about a value of a row of ours."""
    said = _QUOTED.findall(step.refusal.message) if step.refusal is not None else ()
    of_table = world.options.get((step.subject.parts[0], step.subject.parts[1]), {})
    if said and any(value in said for values in of_table.values() for value in values):
        return replace(step, note=ABOUT_DATA)
    return step


def deletions(world: World, names: Iterable[ObjectName]) -> list[Step]:
    """Delete rows that others refer to, for each foreign key of these tables."""
    tables = [world.tables[name] for name in _tables(names)]
    return [step for table in tables if world.stored[table.name] for step in delete_parents(world, table)]


def rejections(world: World, names: Iterable[ObjectName]) -> list[Rejection]:
    """Break each constraint of these tables and each check of these domains."""
    own = list(names)
    tables = [world.tables[name] for name in _tables(own)]
    found = [one for table in tables if world.stored[table.name] for one in reject(world, table)]
    return found + reject_domains(world, {name for name in own if name.kind == "domain"})


def _tables(names: Iterable[ObjectName]) -> list[tuple[str, str]]:
    return sorted((name.parts[0], name.parts[1]) for name in names if name.kind == "table")
