"""What statements that failed in the replay would have made or altered, by name: it may be there in truth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pgproof.migrations.observation import Observation
from pgproof.probes.bodies.surroundings import ANYTHING

_NAME = r'(?:(?:"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?("(?:[^"]|"")+"|[\w$]+)'
_MAKES = re.compile(
    rf"""\bcreate\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized|recursive|temp|temporary|global|local)\s+)*
    (?:table|view|type|domain|function|procedure|sequence|schema|extension)\s+(?:if\s+not\s+exists\s+)?{_NAME}
    |\brename\s+to\s+{_NAME}""",
    re.IGNORECASE | re.VERBOSE,
)
_ALTERS = re.compile(
    rf"""\balter\s+(?:(?:foreign|materialized)\s+)?(?:table|view|type|domain)\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}
    |\bcreate\s+unique\s+index\s.*?\son\s+(?:only\s+)?{_NAME}""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_ELSEWHERE = re.compile(r"\*|\b(?:like|inherits?|of|procedure|function)\b", re.IGNORECASE)
"""What gives a relation columns that the statement does not name, and what may run anything."""
_WORD = re.compile(r"[\w$]+")
_HARMLESS = frozenset(
    {"CommentStmt", "CopyStmt", "CreatePolicyStmt", "CreateTrigStmt", "DeleteStmt", "DropStmt", "GrantStmt"}
    | {"InsertStmt", "UpdateStmt", "AlterPolicyStmt", "AlterOwnerStmt", "VariableSetStmt", "AlterDefaultPrivilegesStmt"}
)
"""Statements whose failure leaves no relation, function or type other than it should be."""
_OPAQUE = frozenset({"DoStmt", "CallStmt", "SelectStmt", ""})
"""Statements that may make anything that they mention."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Names, without schemas, of what failed statements would have made, and of what they would have altered.

    `altered` holds both, with the words of the statements: a column that none of them names would not be there either.
    """

    made: frozenset[str]
    altered: Mapping[str, frozenset[str]]


def undone(observations: Iterable[Observation]) -> Undone:
    """Collect the names from the statements that failed or were refused."""
    made: set[str] = set()
    altered: defaultdict[str, set[str]] = defaultdict(set)
    for observation in observations:
        if not (observation.failure or observation.refused) or observation.node in _HARMLESS:
            continue
        if observation.node in _OPAQUE:
            names = changed = {name for _, name in observation.mentions}
        else:
            names, changed = set(_named(_MAKES, observation.text)), set(_named(_ALTERS, observation.text))
        made |= names
        words = _WORD.findall(observation.text.lower())
        if observation.node in _OPAQUE or _ELSEWHERE.search(observation.text):
            words.append(ANYTHING)
        for name in {*names, *changed}:
            altered[name].update(words)
    return Undone(frozenset(made), {name: frozenset(words) for name, words in altered.items()})


def _named(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        name = next(group for group in found.groups() if group)
        yield name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
