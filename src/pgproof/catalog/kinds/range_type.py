"""Range types and the multirange types that come with them (pg_range; manual, section 8.17)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import types
from pgproof.catalog.fragments import reference
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.sql.quote import identifier

QUERY = f"""{types.HEAD},
  pg_catalog.format_type(g.rngsubtype, null) as subtype,
  (select {reference("sn.nspname", "s.opcname")}
   from pg_catalog.pg_opclass s join pg_catalog.pg_namespace sn on sn.oid = s.opcnamespace
   where s.oid = g.rngsubopc) as subtype_opclass,
  {types.collation("g.rngcollation", "g.rngsubtype")} as collation,
  case when g.rngcanonical <> 0 then g.rngcanonical::regproc::text end as canonical,
  case when g.rngsubdiff <> 0 then g.rngsubdiff::regproc::text end as subtype_diff,
  m.typname::text as multirange_type_name
{types.SOURCE}
join pg_catalog.pg_range g on g.rngtypid = t.oid
join pg_catalog.pg_type m on m.oid = g.rngmultitypid
where t.typtype = 'r' and {types.NO_MEMBER}
"""


def create(range_type: Object) -> Iterator[str]:
    """Make the range type; its multirange type lives in the same schema, as CREATE TYPE has it by default."""
    attributes = range_type.attributes
    names = ("subtype", "subtype_opclass", "collation", "canonical", "subtype_diff")
    parts = [f"{name} = {attributes[name]}" for name in names if attributes[name] is not None]
    schema, multirange = range_type.name.parts[0], str(attributes["multirange_type_name"])
    parts.append(f"multirange_type_name = {identifier(schema)}.{identifier(multirange)}")
    yield f"create type {qualified(range_type.name.parts)} as range ({', '.join(parts)})"


KIND = Kind(
    "range type",
    catalog="pg_type",
    query=lambda _: QUERY,
    attributes={
        **types.ATTRIBUTES,
        "subtype": Effect.INTEGRITY,
        "subtype_opclass": Effect.INTEGRITY,
        "collation": Effect.INTEGRITY,
        "canonical": Effect.INTEGRITY,
        "subtype_diff": Effect.PERFORMANCE,
        "multirange_type_name": Effect.INTEGRITY,
    },
    create=create,
    parent=("schema",),
    word="type",
    grant="type",
)
