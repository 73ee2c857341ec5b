"""What is remembered of each statement until the replay ends, and what of it is then told."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pgproof.catalog.object import Address, Catalog
from pgproof.migrations.observation import Effect, Observation
from pgproof.migrations.replay.alterations import Alteration
from pgproof.migrations.replay.effects import ADDED_COLUMN
from pgproof.model import Location, ObjectName

_SHAPES = {"create", "alter"}


@dataclass(frozen=True, slots=True)
class Trace:
    """An observation, and what attributes the final objects to it (see `Seen`)."""

    observation: Observation
    next_oid: int = 0
    altered: tuple[Alteration, ...] = ()
    bound: int = 0


def created(traces: Sequence[Trace], floor: int, catalog: Catalog) -> dict[ObjectName, Location]:
    """Return where each object of the catalog was created.

    OIDs grow, and each statement's end is marked with the counter: the first statement whose mark is greater than an
    object's OID made it, with or without an event. `floor` is the counter before the first migration. A column is its
    table's statement's, unless an ALTER TABLE added it.
    """
    makers = [trace for trace in traces if trace.next_oid]
    ends = _ends(makers)
    marks = _marks(makers, ends)
    added = {
        effect.address: trace.observation.location
        for trace, end in zip(makers, ends, strict=True)
        for effect in trace.observation.effects
        if _adds_column(effect) and effect.address and effect.address[1] < end
    }
    places = {}
    for address, name in catalog.addresses.items():
        place = added.get(address)
        if place is None and address[1] >= floor and (index := bisect_right(marks, address[1])) < len(makers):
            place = makers[index].observation.location
        if place is not None:
            places[name] = place
    return places


def _ends(traces: Sequence[Trace]) -> list[int]:
    """Return for each statement what the counter was at most when its transaction ended: where the next one begins.

    A migration can write among its own events, but not change these: what it tells of later objects is not believed.
    """
    ends: list[int] = []
    begins = end = sys.maxsize
    for trace in reversed(traces):
        if 0 < trace.bound < begins:
            begins, end = trace.bound, begins
        ends.append(end)
    return ends[::-1]


def _marks(makers: Sequence[Trace], ends: Sequence[int]) -> list[int]:
    """Return the counter at the end of each statement, in growing order."""
    marks = (min(max(trace.next_oid, trace.bound), end) for trace, end in zip(makers, ends, strict=True))
    return list(accumulate(marks, max))


def shaped(
    traces: Sequence[Trace], catalog: Catalog, made: Mapping[ObjectName, Location]
) -> dict[ObjectName, Location]:
    """Return where each object was last created or altered. Comments and privileges do not count."""
    places = dict(made)
    for trace, end in zip(traces, _ends(traces), strict=True):
        for address in _touched(trace.observation.effects):
            if address[1] < end and (name := catalog.addresses.get(address)):
                places[name] = trace.observation.location
        for table, kind, part in trace.altered:
            owner = catalog.addresses.get(("pg_class", table, 0))
            if owner and (whole := ObjectName(kind, (*owner.parts, part))) in catalog.objects:
                places[whole] = trace.observation.location
    return places


def told(traces: Sequence[Trace], catalog: Catalog) -> tuple[Observation, ...]:
    """Return the observations, with the names of the columns that were added."""
    return tuple(_named(trace.observation, catalog.addresses) for trace in traces)


def _touched(effects: Sequence[Effect]) -> Iterator[Address]:
    for effect in effects:
        if effect.action in _SHAPES and effect.address:
            yield effect.address


def _adds_column(effect: Effect) -> bool:
    return (effect.action, effect.object_type) == ADDED_COLUMN


def _named(observation: Observation, addresses: Mapping[Address, ObjectName]) -> Observation:
    if not any(_adds_column(effect) for effect in observation.effects):
        return observation
    return replace(
        observation,
        effects=tuple(
            replace(effect, identity=str(addresses[effect.address]))
            if _adds_column(effect) and effect.address and effect.address in addresses
            else effect
            for effect in observation.effects
        ),
    )
