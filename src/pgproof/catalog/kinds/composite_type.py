"""Composite types that stand alone (pg_type and pg_attribute; manual, section 8.16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog import types
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.sql.quote import identifier, literal

QUERY = f"""{types.HEAD},
  (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'collation', {types.collation("a.attcollation", "a.atttypid")},
      'comment', (select ad.description from pg_catalog.pg_description ad
        where ad.objoid = r.oid and ad.classoid = 'pg_catalog.pg_class'::regclass and ad.objsubid = a.attnum)
    ) order by a.attnum)
   from pg_catalog.pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped) as attributes
{types.SOURCE}
join pg_catalog.pg_class r on r.oid = t.typrelid and r.relkind = 'c'
where t.typtype = 'c' and {types.NO_MEMBER}
"""


def create(composite: Object) -> Iterator[str]:
    """Make the type with its attributes in their order, and their comments."""
    attributes = cast("list[dict[str, str | None]]", composite.attributes["attributes"] or [])
    columns = [
        f"{identifier(str(a['name']))} {a['type']}" + (f" collate {a['collation']}" if a["collation"] else "")
        for a in attributes
    ]
    yield f"create type {qualified(composite.name.parts)} as ({', '.join(columns)})"
    for a in attributes:
        if a["comment"] is not None:
            column = f"{qualified(composite.name.parts)}.{identifier(str(a['name']))}"
            yield f"comment on column {column} is {literal(a['comment'])}"


KIND = Kind(
    "composite type",
    catalog="pg_type",
    query=lambda _: QUERY,
    attributes={**types.ATTRIBUTES, "attributes": Effect.INTEGRITY},
    create=create,
    parent=("schema",),
    word="type",
    grant="type",
)
