"""Which failures the files alone decide, whatever the base held that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pgproof.evidence.chains import missing
from pgproof.evidence.limits import SYNTAX_ERROR
from pgproof.evidence.undone import undone
from pgproof.migrations.observation import Observation
from pgproof.model import Location

_WORD = re.compile(r"[\w$]+")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')
_DUPLICATES = {"42701", "42710", "42723", "42P06", "42P07"}
"""Column, object, function, schema, relation that exists already (manual, appendix A)."""
_INVALID_FUNCTION = "42P13"
_OF_THE_BASE = {"23503", "42830", "42P10"}
"""A row, or a key, that is not there: it may be the base's."""
_BODIES = {"CreateFunctionStmt", "DoStmt", ""}
"""Statements of which the mentions do not tell all that their bodies mention."""
_ROWS_ONLY = re.compile(r"\s*(?:insert|update|delete|with|select|raise)\b", re.IGNORECASE)


def decided(observations: Iterable[Observation], base: Iterable[str]) -> frozenset[Location]:
    """Return the places of the failed statements that would fail in the same way on the base, too.

    What they are about was made by the files before, and nothing that failed would have changed it. `base` are the
    names of what is missing.
    """
    doubtful, made, found = set(base), set[str](), set[Location]()
    for observation in observations:
        if observation.failure and _is_decided(observation, doubtful, made):
            found.add(observation.location)  # what follows from it is told with it
        elif (observation.failure or observation.refused) and not _changes_rows(observation):
            left = undone([observation])
            doubtful.update(left.made, left.altered)
        made.update(_made(observation))
    return frozenset(found)


def _changes_rows(observation: Observation) -> bool:
    """Whether a text that does not parse would have changed rows only."""
    return not observation.node and _ROWS_ONLY.match(observation.text) is not None


def _made(observation: Observation) -> Iterator[str]:
    for effect in observation.effects:
        if effect.action == "create":
            yield effect.identity.partition("(")[0].rpartition(".")[2].strip('"')


def _is_decided(observation: Observation, doubtful: set[str], made: set[str]) -> bool:
    failure = observation.failure
    if failure is None or failure.sqlstate in _OF_THE_BASE:
        return False
    if failure.sqlstate == SYNTAX_ERROR:
        return True
    if failure.sqlstate in _DUPLICATES:
        return doubtful.isdisjoint(_QUOTED.findall(failure.message))
    if failure.sqlstate == _INVALID_FUNCTION:
        return doubtful.isdisjoint(undone([observation]).made)
    missed = missing(observation)
    if missed is not None and missed.kind != "column":
        return missed.name in made and missed.name not in doubtful
    if missed is not None and missed.of:
        return missed.of in made and missed.of not in doubtful
    return doubtful.isdisjoint(_names(observation))


def _names(observation: Observation) -> set[str]:
    if observation.node in _BODIES:
        return set(_WORD.findall(observation.text.lower()))
    return {name for _, name in observation.mentions}
