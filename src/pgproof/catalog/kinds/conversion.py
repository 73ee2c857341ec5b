"""Conversions between encodings (pg_conversion; manual, CREATE CONVERSION)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, reference, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.sql.quote import literal

QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.conname] as name,
  pg_catalog.pg_encoding_to_char(c.conforencoding)::text as source,
  pg_catalog.pg_encoding_to_char(c.contoencoding)::text as target,
  {reference("fn.nspname", "f.proname")} as function,
  c.condefault as "default",
  {role("c.conowner")} as owner,
  d.description as comment
from pg_catalog.pg_conversion c
join pg_catalog.pg_namespace n on n.oid = c.connamespace and {USER_SCHEMA}
join pg_catalog.pg_proc f on f.oid = c.conproc
join pg_catalog.pg_namespace fn on fn.oid = f.pronamespace
{comments("c.oid", "pg_conversion")}
where {no_member("c.oid", "pg_conversion")}
"""


def create(conversion: Object) -> Iterator[str]:
    """Make the conversion."""
    value = conversion.attributes
    default = "default " if value["default"] else ""
    yield (
        f"create {default}conversion {qualified(conversion.name.parts)} for {literal(str(value['source']))}"
        f" to {literal(str(value['target']))} from {value['function']}"
    )


KIND = Kind(
    "conversion",
    catalog="pg_conversion",
    query=lambda _: QUERY,
    attributes={
        "source": Effect.INTEGRITY,
        "target": Effect.INTEGRITY,
        "function": Effect.INTEGRITY,
        "default": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
)
