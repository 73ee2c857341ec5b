"""Schemas (pg_namespace; manual, section 5.10)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, privileges, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object

QUERY = f"""
select n.oid, 0 as subid, array[n.nspname] as name,
  {role("n.nspowner")} as owner,
  {privileges("n", "n.nspacl", "n.nspowner")} as privileges,
  d.description as comment
from pg_catalog.pg_namespace n
{comments("n.oid", "pg_namespace")}
where {USER_SCHEMA}
  and {no_member("n.oid", "pg_namespace")}
"""


def create(schema: Object) -> Iterator[str]:
    """Tolerate that it is there: a new database has the schema `public`."""
    yield f"create schema if not exists {qualified(schema.name.parts)}"


KIND = Kind(
    "schema",
    catalog="pg_namespace",
    query=lambda _: QUERY,
    attributes={
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    grant="schema",
)
