"""Procedures (pg_proc; manual, section 38.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import routines
from pgproof.catalog.kind import Kind, Trial
from pgproof.catalog.object import Object

QUERY = f"""
select p.oid, 0 as subid, {routines.NAME} as name,{routines.ROUTINE}
{routines.SOURCE}
  and p.prokind = 'p'
"""


def create(procedure: Object) -> Iterator[str]:
    """Make the procedure; with `check_function_bodies` off its text is not looked at."""
    head = f"create procedure {routines.path(procedure)}({routines.signature(procedure)})"
    yield "\n".join([head, *routines.clauses(procedure)])
    yield from routines.dependent(procedure)


def try_again(procedure: Object, attribute: str, text: str) -> Trial | None:
    """Say how a default or a parsed body is parsed again."""
    return routines.try_again(procedure, attribute, text, create)


KIND = Kind(
    "procedure",
    catalog="pg_proc",
    query=lambda _: QUERY,
    attributes=routines.ATTRIBUTES,
    create=create,
    belongs=routines.belongs,
    trial=try_again,
    word="routine",
    grant="routine",
)
