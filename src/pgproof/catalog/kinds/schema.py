"""Schemas (pg_namespace; manual, section 5.10)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, privileges, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object

BOOTSTRAP, DATABASE_OWNER = 10, 6171
"""The first superuser of a cluster, and the role `pg_database_owner`: these OIDs are the same everywhere."""

_AS_NEW = f"n.nspname = 'public' and n.nspowner = {BOOTSTRAP}"
"""The schema `public` of a database from before PostgreSQL 15. Today it would belong to the owner of the database, and
is read as if it did: whoever wrote the migrations had no say in it."""

QUERY = f"""
select n.oid, 0 as subid, array[n.nspname] as name,
  case when {_AS_NEW} then {role(str(DATABASE_OWNER))} else {role("n.nspowner")} end as owner,
  case when {_AS_NEW} then (
    select pg_catalog.array_agg(pg_catalog.makeaclitem(
      case a.grantee when {BOOTSTRAP} then {DATABASE_OWNER} else a.grantee end, a.grantor, a.privilege_type,
      a.is_grantable))::text
    from pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a)
  else {privileges("n", "n.nspacl", "n.nspowner")} end as privileges,
  case when n.nspname = 'public' then nullif(d.description, 'standard public schema') else d.description end as comment
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
