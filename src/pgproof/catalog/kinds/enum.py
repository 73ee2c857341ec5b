"""Enumerated types (pg_enum; manual, section 8.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog import types
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.sql.quote import literal

QUERY = f"""{types.HEAD},
  (select pg_catalog.array_agg(e.enumlabel::text order by e.enumsortorder)
   from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels
{types.SOURCE}
where t.typtype = 'e' and {types.NO_MEMBER}
"""


def create(enum: Object) -> Iterator[str]:
    """Make the type with its labels in their order."""
    labels = cast("list[str]", enum.attributes["labels"] or [])
    yield f"create type {qualified(enum.name.parts)} as enum ({', '.join(map(literal, labels))})"


KIND = Kind(
    "enum",
    catalog="pg_type",
    query=lambda _: QUERY,
    attributes={**types.ATTRIBUTES, "labels": Effect.INTEGRITY},
    create=create,
    parent=("schema",),
    word="type",
    grant="type",
)
