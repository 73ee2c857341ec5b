"""Materialized views (pg_rewrite; manual, section 41.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import (
    USER_SCHEMA,
    comments,
    no_member,
    options,
    privileges,
    role,
    with_clause,
)
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.kinds import column, view
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.sql.quote import identifier

QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.relname] as name,
  {view.DEFINITION} as definition,
  c.relispopulated as populated,
  {options("c.reloptions")} as options,
  {options("t.reloptions")} as "toast options",
  m.amname as "access method",
  k.relname as "clustered on",
  {role("c.relowner")} as owner,
  {privileges("r", "c.relacl", "c.relowner")} as privileges,
  d.description as comment
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_am m on m.oid = c.relam
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid and t.reloptions is not null
left join (pg_catalog.pg_index i join pg_catalog.pg_class k on k.oid = i.indexrelid)
  on i.indrelid = c.oid and i.indisclustered
{comments("c.oid", "pg_class")}
where c.relkind = 'm'
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


def create(materialized_view: Object, *columns: Object) -> Iterator[str]:
    """Make the view, with rows if it has any, and set its columns' storage and statistics."""
    value = materialized_view.attributes
    name = qualified(materialized_view.name.parts)
    method = f"using {identifier(str(value['access method']))} " if value["access method"] else ""
    clause = with_clause(value["options"], value["toast options"])
    data = "with data" if value["populated"] else "with no data"
    yield f"create materialized view {name} {method}{clause} as {value['definition']} {data}"
    for one in columns:
        yield from column.settings(one)
    if value["clustered on"]:
        yield f"alter materialized view {name} cluster on {identifier(str(value['clustered on']))}"


KIND = Kind(
    "materialized view",
    catalog="pg_class",
    query=lambda _: QUERY,
    attributes={
        "definition": Effect.INTEGRITY | Effect.EXPRESSION,
        "populated": Effect.INTEGRITY,
        "options": Effect.PERFORMANCE,
        "toast options": Effect.PERFORMANCE,
        "access method": Effect.PERFORMANCE,
        "clustered on": Effect.PERFORMANCE,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    made_with=("column",),
    trial=view.trial,
    grant="table",
)
