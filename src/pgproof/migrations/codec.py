"""Observations, traces and whole replays as JSON values: short lists, in the order of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgproof.catalog import file as snapshot_file
from pgproof.migrations.observation import Effect, Failure, Lock, Notice, Observation, Replay
from pgproof.migrations.replay.alterations import Alteration
from pgproof.migrations.replay.trace import Trace
from pgproof.model import Gap, Location, ObjectName

Json = Any
"""A value that JSON can hold."""


def encode_replay(replay: Replay) -> Json:
    """Return a replay as a JSON value; the addresses of its catalog are left out."""
    return {
        "files": replay.files,
        "server": replay.server,
        "catalog": snapshot_file.dump(replay.catalog),
        "observations": [_observation(observation) for observation in replay.observations],
        "origins": _places(replay.origins),
        "created": _places(replay.created),
        "assumed": replay.assumed,
        "standins": replay.standins,
        "unknown": sorted(replay.unknown),
        "gaps": [encode_gap(gap) for gap in replay.gaps],
        "layer": replay.layer,
    }


def decode_replay(value: Json) -> Replay:
    """Return the replay of a JSON value; KeyError, TypeError, ValueError or UsageError when it is none."""
    return Replay(
        tuple(value["files"]),
        value["server"],
        snapshot_file.load(value["catalog"]),
        tuple(_read_observation(each) for each in value["observations"]),
        _read_places(value["origins"]),
        _read_places(value["created"]),
        tuple(value["assumed"]),
        tuple(value["standins"]),
        frozenset((schema, name) for schema, name in value["unknown"]),
        tuple(decode_gap(each) for each in value["gaps"]),
        value["layer"],
    )


def encode_trace(trace: Trace) -> Json:
    """Return a trace as a JSON value."""
    return [_observation(trace.observation), trace.next_oid, trace.altered, trace.bound]


def decode_trace(value: Json) -> Trace:
    """Return the trace of a JSON value."""
    observation, next_oid, altered, bound = value
    return Trace(_read_observation(observation), next_oid, tuple(Alteration(*each) for each in altered), bound)


def encode_gap(gap: Gap) -> Json:
    """Return a gap as a JSON value."""
    return [gap.reason, gap.blocking, _place(gap.location), gap.way_out]


def decode_gap(value: Json) -> Gap:
    """Return the gap of a JSON value."""
    reason, blocking, place, way_out = value
    return Gap(reason, blocking, _read_place(place), way_out)


def _observation(o: Observation) -> Json:
    failure = o.failure and [
        o.failure.sqlstate,
        o.failure.message,
        o.failure.detail,
        o.failure.hint,
        _place(o.failure.location),
        o.failure.limit,
        o.failure.raised,
    ]
    return [
        o.origin,
        o.index,
        _place(o.location),
        o.text,
        o.node,
        [[n.severity, n.sqlstate, n.message] for n in o.notices],
        [[e.action, e.object_type, e.identity, e.address, e.in_extension] for e in o.effects],
        [[lock.relation, lock.mode] for lock in o.locks],
        o.rewrites,
        o.scans,
        failure,
        o.refused,
        sorted(o.mentions),
        round(o.elapsed_ms, 3),
    ]


def _read_observation(value: Json) -> Observation:
    origin, index, place, text, node, notices, effects, locks, rewrites, scans, *rest = value
    failure, refused, names, elapsed_ms = rest
    return Observation(
        origin,
        index,
        Location(*place),
        text,
        node,
        tuple(Notice(*each) for each in notices),
        tuple(
            Effect(action, object_type, identity, address and (address[0], address[1], address[2]), in_extension)
            for action, object_type, identity, address, in_extension in effects
        ),
        tuple(Lock(*each) for each in locks),
        tuple(rewrites),
        tuple(scans),
        failure and _read_failure(*failure),
        refused,
        frozenset((schema, name) for schema, name in names),
        elapsed_ms,
    )


def _read_failure(
    sqlstate: str, message: str, detail: str, hint: str, place: Json, limit: str, raised: bool
) -> Failure:
    return Failure(sqlstate, message, detail, hint, _read_place(place), limit, raised)


def _place(location: Location | None) -> Json:
    return location and [location.path, location.line, location.column]


def _read_place(value: Json) -> Location | None:
    return Location(*value) if value else None


def _places(places: Mapping[ObjectName, Location]) -> Json:
    return [[name.kind, name.parts, _place(place)] for name, place in sorted(places.items())]


def _read_places(value: Json) -> dict[ObjectName, Location]:
    return {ObjectName(kind, tuple(parts)): Location(*place) for kind, parts, place in value}
