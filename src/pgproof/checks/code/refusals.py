"""How a query that PostgreSQL refuses is told: one finding a cause, with all its places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pgproof.code.queries.examine import parsed
from pgproof.code.queries.tree import relations
from pgproof.code.queries.verdict import Kind
from pgproof.code.source import Role
from pgproof.code.usage import Handling, Query
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.prepared import Prepared, Refused
from pgproof.evidence.renames import Renames
from pgproof.evidence.target import Target
from pgproof.model import Finding, Location, ObjectName, Severity
from pgproof.model.spelling import did_you_mean

SHOWN = 6
"""Places that are listed."""
_LONGEST = 1_500
_ENUM = re.compile(r"invalid input value for enum ([^:]+): ")
_RANK = {Role.PRODUCT: 0, Role.SCRIPT: 1, Role.TEST: 2, Role.GENERATED: 3, Role.VENDORED: 4}
_RELATIONS = ("table", "view", "materialized view", "foreign table")
_OUTCOME = {
    Handling.THROWN: "the error is raised",
    Handling.LOGGED: "the error is only logged, and the program goes on",
    Handling.IGNORED: "nobody looks at the error, and the program goes on without the data",
    Handling.EXPECTED: "the code catches this very error",
    Handling.UNKNOWN: "",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """What several refusals have in common."""

    subject: ObjectName | str
    detail: str = ""


def tell(
    prepared: Prepared, renames: Renames, target: Target, kinds: Iterable[Kind], beside: Callable[[Location], bool]
) -> Iterator[Finding]:
    """Yield a finding for each cause among the refusals of some kinds.

    A place `beside` which a comment ignores the check stands for itself, so that the comment hides no other one.
    """
    wanted = frozenset(kinds)
    causes: dict[tuple[Cause, Location | None], list[Refused]] = {}
    for one in prepared.refused:
        if one.tried.verdict.kind in wanted:
            alone = one.tried.location if beside(one.tried.location) else None
            causes.setdefault((_cause(one, renames, target), alone), []).append(one)
    for (cause, _), members in causes.items():
        members.sort(key=lambda one: (_RANK[one.reading.role], one.tried.location))
        yield _finding(cause, members, renames, target)


def ignoring(ignores: CodeIgnores, code: str, name: str) -> Callable[[Location], bool]:
    """Return what says whether a comment ignores a check, by its code or its name, at a place."""
    return lambda place: not ignores.at(place).isdisjoint({code, name})


def weight(role: Role, query: Query) -> Severity | None:
    """Return how bad it is that a query fails in a file of this role; `None` for the check's own severity."""
    if query.handling is Handling.EXPECTED:
        return Severity.NOTE
    somewhere = not query.client and query.handling is Handling.UNKNOWN
    if role is not Role.PRODUCT or somewhere or query.client == "sql file":
        return Severity.WARNING
    return None


def outcome(query: Query) -> str:
    """Say what happens at run time."""
    function = f" in {query.function}" if query.function else ""
    said = _OUTCOME[query.handling]
    return f"at run time{function}: {said}" if said else ""


def places(found: Sequence[tuple[Location, Query]]) -> tuple[str, ...]:
    """List where a cause shows, the first one left out: it is the finding's own place."""
    others = list(dict.fromkeys(str(location) for location, _ in found))[1:]
    more = (f"and {len(others) - SHOWN} more places",) if len(others) > SHOWN else ()
    return (*(f"also at {other}" for other in others[:SHOWN]), *more)


def _cause(one: Refused, renames: Renames, target: Target) -> Cause:
    missing = one.tried.verdict.missing
    message = one.tried.refusal.message
    if missing and missing.kind is Kind.TABLE:
        if not missing.name:
            return Cause(ObjectName("schema", (missing.schema,)))
        return Cause(ObjectName("table", (missing.schema or "public", missing.name)))
    if missing and missing.kind is Kind.COLUMN and missing.of and missing.name:
        relation = relation_named(target, *missing.of)
        if relation:
            return Cause(ObjectName("column", (*relation, missing.name)))
    if missing and missing.kind is Kind.COLUMN and missing.name and (lost := _lost(one, missing.name, renames, target)):
        return Cause(ObjectName("column", lost))
    if missing and missing.kind is Kind.FUNCTION:
        return Cause(f"{missing.schema or 'public'}.{missing.name}", message)
    if missing and missing.kind is Kind.TYPE:
        return Cause(ObjectName("type", (missing.schema or "public", missing.name)))
    if found := _ENUM.match(message):
        return Cause(f"enum {found[1]}", message)
    return Cause(one.reading.path, f"{one.tried.query.function}: {message}")


def _lost(one: Refused, column: str, renames: Renames, target: Target) -> tuple[str, str, str] | None:
    """Return the column that the migrations took away from the only relation of a statement that had it."""
    named = relations(parsed(one.tried.attempt.text))
    found = {relation for schema, name in named if (relation := relation_named(target, schema, name))}
    lost = [(*relation, column) for relation in sorted(found) if renames.of(*relation, column)]
    return lost[0] if len(lost) == 1 else None


def relation_named(target: Target, schema: str, name: str) -> tuple[str, str] | None:
    """Return schema and name of a relation that a query names."""
    found = sorted(
        one.parts
        for one in target.schema.catalog.objects
        if one.kind in _RELATIONS and one.parts[-1] == name and schema in ("", one.parts[0])
    )
    return next(((one[0], one[1]) for one in sorted(found, key=lambda parts: parts[0] != "public")), None)


def _finding(cause: Cause, members: list[Refused], renames: Renames, target: Target) -> Finding:
    first = members[0]
    tried, refusal = first.tried, first.tried.refusal
    fix, seen = _remedy(first, cause, renames, target)
    said = f"PostgreSQL {refusal.sqlstate}: {refusal.message}"
    client = tried.query.client
    through = f" (through {client})" if client and client != "sql file" else ""
    listed = [(one.tried.location, one.tried.query) for one in members]
    weights = [weight(one.reading.role, one.tried.query) for one in members]
    return Finding(
        cause.subject,
        f"{refusal.message}: every call of this query fails{through}",
        location=tried.location,
        seen=tuple(filter(None, (said, seen, refusal.detail, outcome(tried.query), *places(listed)))),
        reproduce=f"prepare query as\n{tried.attempt.text.strip()};" if len(tried.attempt.text) < _LONGEST else "",
        fix=fix or refusal.hint,
        severity=None if None in weights else min(filter(None, weights), key=lambda one: one.rank),
        detail=cause.detail,
    )


def _remedy(one: Refused, cause: Cause, renames: Renames, target: Target) -> tuple[str, str]:
    """Return what to write instead, and what became of the name."""
    subject = cause.subject
    if not isinstance(subject, ObjectName):
        return "", ""
    past = renames.of(*subject.parts)
    if past is not None:
        where = f"at {past.location}"
        if past.new:
            return f'use "{past.new}"', f"{subject} was renamed to {past.new} {where}"
        return "remove the query, or restore what it needs", f"{subject} was dropped {where}"
    meant = did_you_mean(subject.parts[-1], _known(subject, target)).removeprefix(", ")
    return meant, ""


def _known(subject: ObjectName, target: Target) -> list[str]:
    objects = target.schema.catalog.objects
    if subject.kind == "column":
        return [one.parts[-1] for one in objects if one.kind == "column" and one.parts[:2] == subject.parts[:2]]
    if subject.kind == "table":
        return [one.parts[-1] for one in objects if one.kind in _RELATIONS and one.parts[0] == subject.parts[0]]
    return [one.parts[0] for one in objects if one.kind == "schema"]
