"""What the checks of functions have in common: how a defect is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pgproof.evidence.bodies import Bodies
from pgproof.evidence.wording import counted
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.bodies.proved import Defect, Proved
from pgproof.sql.quote import identifier

Told = Callable[[Proved, Defect], str]


def one_a_function(bodies: Bodies, states: Sequence[str], told: Told, *, fix: str = "") -> Iterator[Finding]:
    """Yield one finding for each function that has defects of these SQLSTATEs, the gravest first."""
    for body in bodies.items:
        found = sorted((d for d in body.defects if d.sqlstate in states), key=_gravest)
        if found:
            yield finding(bodies, body, found, told, fix)


def finding(bodies: Bodies, body: Proved, found: Sequence[Defect], told: Told, fix: str = "") -> Finding:
    """Return the finding of a function's defects, the first of which is told."""
    first, *others = found
    return Finding(
        body.name,
        told(body, first),
        location=bodies.place(body, first),
        seen=tuple(seen(first, "run" if body.language == "job" else "call")),
        consequences=tuple(
            dict.fromkeys(
                [f"{bodies.place(body, one) or body.name}: {told(body, one)}" for one in others]
                + [f"{user} calls it" for user in body.users if first.certain]
            )
        ),
        reproduce=reproduce(bodies, body, first),
        fix=fix,
        severity=severity(found),
        detail=f"{first.sqlstate} {first.message}",
        explains=frozenset({body_of(body.name)}),
    )


def body_of(routine: ObjectName) -> ObjectName:
    """Return what a finding about what a function does follows from, when its body is a finding already."""
    return ObjectName("body", routine.parts)


def seen(defect: Defect, what: str = "call") -> Iterator[str]:
    """Yield the lines of evidence; `what` happens again and again."""
    when = f"fails on every {what}" if defect.certain else "fails when it is reached"
    if defect.firing:
        when = f"fails each time that the trigger on {defect.firing} fires" if defect.certain else when
    if defect.hidden:
        when += ", which its own exception handler hides"
    yield f"tried on the replay: {defect.tried}  →  {when}" if defect.tried else f"tried on the replay  →  {when}"
    if defect.detail and defect.sqlstate != "42702":
        yield f"detail: {' '.join(defect.detail.split())}"


def reproduce(bodies: Bodies, body: Proved, defect: Defect) -> str:
    """Return a call that shows it: not for a trigger function, nor for a place that not every call reaches."""
    routine = bodies.catalog.objects.get(body.name)
    if not defect.certain or routine is None or routine.attributes.get("result") in ("trigger", "event_trigger"):
        return ""
    schema, name, types = body.name.parts
    nulls = ", ".join(f"null::{one}" for one in types.split(", ") if one)
    call = f"{identifier(schema)}.{identifier(name)}({nulls})"
    return f"begin; {'call' if body.name.kind == 'procedure' else 'select * from'} {call}; rollback;"


def severity(found: Iterable[Defect]) -> Severity | None:
    """Weigh what the function's own handlers hide less."""
    return Severity.WARNING if all(defect.hidden for defect in found) else None


def said(_: Proved, defect: Defect) -> str:
    """Return the server's message with its SQLSTATE."""
    return f"{' '.join(defect.message.split())} ({defect.sqlstate})"


def functions(names: Sequence[object]) -> str:
    """Return how many functions there are."""
    return counted(len(names), "function")


def _gravest(defect: Defect) -> tuple[bool, bool, int]:
    return defect.hidden, not defect.certain, defect.offset
