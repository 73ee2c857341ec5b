"""Which failures follow from which: one root cause, one finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.observation import Observation

_SYNTAX_ERROR = "42601"
_CHANGES_COLUMNS = re.compile(r"(?:AlterTable|Create|View|Rename|Do|Select|Call|\Z)")
_MAKES_NOTHING = {"CommentStmt", "CopyStmt", "DeleteStmt", "DropStmt", "GrantStmt", "InsertStmt", "UpdateStmt"}
_GIVES = re.compile(r"\s*(?:grant|revoke|comment)\b", re.IGNORECASE)
"""How a text that does not parse begins when it makes nothing either."""
_WORD = re.compile(r"\w+")
_LOADS = re.compile(r'\\?copy\s+(?:[\w$]+\.)?"?(?P<name>[\w$]+)', re.IGNORECASE)
_SETS = re.compile(r"\\set\s+(?P<name>\S+)")
_UNSET = re.compile(r"psql's variable (?P<name>\S+) is not set")
_RETYPES = re.compile(r"\balter\s+(?:column\s+)?\S+\s+(?:set\s+data\s+)?type\b", re.IGNORECASE)
_OF_ROWS = ("23502", "23503", "23514", "23001")
"""Violations that come of rows that are not there: NOT NULL, a foreign key, CHECK."""


@dataclass(slots=True)
class Chain:
    """Statements that fail for one reason, the first of them first. `reason` is empty when it is their own."""

    reason: str = ""
    members: list[Observation] = field(default_factory=list)
    _missed: set[Lacking] = field(default_factory=set)
    _made: set[str] = field(default_factory=set)
    _errors: set[tuple[str, str]] = field(default_factory=set)
    _unfilled: set[str] = field(default_factory=set)
    _unset: set[str] = field(default_factory=set)
    _untyped: set[str] = field(default_factory=set)

    def add(self, observation: Observation) -> None:
        """Add a statement that failed, or that was refused."""
        self.members.append(observation)
        failure = observation.failure
        if missed := missing(observation):
            self._missed.add(missed._replace(schema=""))
        if failure and failure.sqlstate != _SYNTAX_ERROR:
            self._errors.add((failure.sqlstate, failure.message))
        if loads := _LOADS.match(observation.text):
            self._unfilled.add(loads["name"].lower())
        if observation.refused and (sets := _SETS.match(observation.text)):
            self._unset.add(sets["name"])
        if observation.node == "AlterTableStmt" and _RETYPES.search(observation.text):
            self._untyped |= {name for _, name in observation.mentions}
        if observation.node not in _MAKES_NOTHING and not _GIVES.match(observation.text):
            self._made |= {name for _, name in observation.mentions}

    def explains(self, observation: Observation) -> bool:
        """Whether a later statement fails because these did, or for the same want, or with the same words."""
        failure = observation.failure
        if failure is None:
            return False
        if (failure.sqlstate, failure.message) in self._errors:
            return True
        if failure.sqlstate in _OF_ROWS and any(name in self._unfilled for _, name in observation.mentions):
            return True
        if _is_of_types(observation) and any(name in self._untyped for _, name in observation.mentions):
            return True
        if (unset := _UNSET.search(failure.message)) and unset["name"] in self._unset:
            return True
        missed = missing(observation)
        if missed is None:
            return False
        if missed.kind == "column":
            return any(_would_have_made(member, missed, observation) for member in self.members)
        if missed.kind == "constraint" and missed.of in self._made:
            return True  # the server names what a column refers to
        return missed.name in self._made or missed._replace(schema="") in self._missed


def _is_of_types(observation: Observation) -> bool:
    """Whether two columns, or a column and a value, have types that do not go together."""
    failure = observation.failure
    no_operator = failure is not None and failure.message.startswith("operator does not exist")
    return failure is not None and (failure.sqlstate == "42804" or no_operator)


def missing(observation: Observation) -> Lacking | None:
    """Return what a statement lacks, if that is why it failed."""
    failure = observation.failure
    return lacking(failure.sqlstate, failure.message) if failure else None


def first_that_explains(chains: Iterable[Chain], observation: Observation) -> Chain | None:
    """Return the first of the chains that explains a failure."""
    return next((chain for chain in chains if chain.explains(observation)), None)


def _would_have_made(member: Observation, column: Lacking, observation: Observation) -> bool:
    """Whether a statement that failed would have given a relation, which both are about, this column."""
    if member.node in _MAKES_NOTHING or not _CHANGES_COLUMNS.match(member.node):
        return False
    both = {name for _, name in member.mentions} & ({column.of} if column.of else {n for _, n in observation.mentions})
    return bool(both) and column.name.lower() in _WORD.findall(member.text.lower())
