"""How a statement is told that PostgreSQL accepts and whose rows it refuses or never finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pgproof.checks.code.refusals import outcome, places, weight
from pgproof.evidence.prepared import Disagreed, Prepared
from pgproof.model import Finding, Location, ObjectName, Severity

_LISTED = 12


def tell_rows(prepared: Prepared, kind: str, beside: Callable[[Location], bool]) -> Iterator[Finding]:
    """Yield a finding for each cause of a kind, with all its places; one `beside` which it is ignored is for itself."""
    causes: dict[tuple[ObjectName, str, Location | None], list[Disagreed]] = {}
    for one in prepared.disagreed:
        if one.disagreement.kind == kind:
            alone = one.location if beside(one.location) else None
            causes.setdefault((one.disagreement.subject, one.disagreement.reason, alone), []).append(one)
    for (subject, reason, _), members in causes.items():
        members.sort(key=lambda one: (one.reading.role.value != "product", one.location))
        first = members[0]
        state = first.disagreement.sqlstate
        fails = f"every row is refused ({state})" if state else "the query finds nothing, and nobody is told"
        weights = [weight(one.reading.role, one.query) for one in members]
        severity = None if None in weights else min(filter(None, weights), key=lambda one: one.rank)
        yield Finding(
            subject,
            f"{reason}: {fails}",
            location=first.location,
            seen=tuple(filter(None, (outcome(first.query), *places([(one.location, one.query) for one in members])))),
            fix=_fix(first.disagreement.allowed),
            severity=severity if state or severity else Severity.WARNING,
            detail=reason,
        )


def _fix(allowed: tuple[str, ...]) -> str:
    return f"what is allowed: {', '.join(allowed[:_LISTED])}" if allowed else ""
