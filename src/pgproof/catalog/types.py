"""What the kinds of types have in common: rows of pg_type (manual, section 53.64)."""

from __future__ import annotations

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, privileges, reference, role
from pgproof.catalog.kind import Effect

HEAD = f"""
select t.oid, 0 as subid, array[n.nspname::text, t.typname::text] as name,
  {role("t.typowner")} as owner,
  {privileges("T", "t.typacl", "t.typowner")} as privileges,
  d.description as comment"""

SOURCE = f"""
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace and {USER_SCHEMA}
{comments("t.oid", "pg_type")}"""

NO_MEMBER = no_member("t.oid", "pg_type")

ATTRIBUTES = {
    "owner": Effect.SECURITY | Effect.ROLE,
    "privileges": Effect.SECURITY | Effect.ROLES,
    "comment": Effect.COSMETIC,
}


def collation(oid: str, type_oid: str) -> str:
    """Return the name of a collation as SQL writes it, NULL when it is the default one of the type."""
    return (
        f"(select {reference('cn.nspname', 'c.collname')}"
        " from pg_catalog.pg_collation c join pg_catalog.pg_namespace cn on cn.oid = c.collnamespace"
        f" where c.oid = {oid} and c.oid <> (select b.typcollation from pg_catalog.pg_type b where b.oid = {type_oid}))"
    )
