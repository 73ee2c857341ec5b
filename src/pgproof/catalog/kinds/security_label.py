"""Security labels of objects in the database (pg_seclabel; manual, SECURITY LABEL).

Masking rules of the extension `anon` are such labels. Those of roles and databases belong to the whole cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import reference
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal

QUERY = f"""
select l.objoid, l.objsubid as subid, array[i.type, i.identity, l.provider] as name,
  l.label as label,
  (select {reference("cn.nspname", "c.relname")} from pg_catalog.pg_class c
   join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
   where l.classoid = 'pg_catalog.pg_class'::regclass and c.oid = l.objoid) as relation,
  i.schema as schema
from pg_catalog.pg_seclabel l
cross join lateral pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) i
where i.identity is not null
  and coalesce(i.schema, '') !~ '^pg_' and coalesce(i.schema, '') <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend e
    where e.classid = l.classoid and e.objid = l.objoid and e.deptype = 'e'
      and e.refclassid = 'pg_catalog.pg_extension'::regclass)
"""


def create(label: Object) -> Iterator[str]:
    """Label the object; its provider must be loaded."""
    type_, identity, provider = label.name.parts
    word = "column" if type_.endswith(" column") else type_
    text = literal(str(label.attributes["label"]))
    yield f"security label for {identifier(provider)} on {word} {identity} is {text}"


def belongs(label: Object) -> Iterator[ObjectName]:
    """A label goes with its object: the relation, or else the schema."""
    if label.attributes["schema"]:
        yield ObjectName("schema", (str(label.attributes["schema"]),))
    if label.attributes["relation"]:
        for kind in ("table", "view", "materialized view", "foreign table", "sequence"):
            yield ObjectName(kind, parts_of(str(label.attributes["relation"])))


KIND = Kind(
    "security label",
    catalog="pg_seclabel",
    query=lambda _: QUERY,
    attributes={"label": Effect.SECURITY, "relation": Effect.DERIVED, "schema": Effect.DERIVED},
    create=create,
    belongs=belongs,
    existence=Effect.SECURITY,
)
