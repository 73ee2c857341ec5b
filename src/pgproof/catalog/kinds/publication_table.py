"""Tables in publications (pg_publication_rel; manual, CREATE PUBLICATION)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import own, relation
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal


@cache
def query(version: int) -> str:
    """Row filters and column lists came with PostgreSQL 15."""
    columns = """(
    select pg_catalog.array_agg(a.attname order by a.attname collate "C")
    from pg_catalog.unnest(r.prattrs::int2[]) k (attnum)
    join pg_catalog.pg_attribute a on a.attrelid = r.prrelid and a.attnum = k.attnum)"""
    return f"""
select r.oid, 0 as subid, array[n.nspname, c.relname, p.pubname] as name,
  {columns if version >= 150000 else "null::text[]"} as columns,
  {"pg_catalog.pg_get_expr(r.prqual, r.prrelid)" if version >= 150000 else "null"} as filter
from pg_catalog.pg_publication_rel r
join pg_catalog.pg_publication p on p.oid = r.prpubid
join pg_catalog.pg_class c on c.oid = r.prrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where {USER_SCHEMA}
"""


def create(published: Object) -> Iterator[str]:
    """Add the table to the publication."""
    value = published.attributes
    names = ", ".join(map(identifier, cast("list[str]", value["columns"] or [])))
    columns = f" ({names})" if names else ""
    where = f" where ({value['filter']})" if value["filter"] is not None else ""
    yield f"alter publication {own(published.name)} add table only {relation(published.name)}{columns}{where}"


def belongs(published: Object) -> Iterator[ObjectName]:
    """It goes with its publication, and with the table."""
    yield ObjectName("publication", published.name.parts[-1:])
    yield ObjectName("table", published.name.parts[:-1])


def trial(published: Object, _: str, condition: str) -> Trial:
    """Publish the table once more under another name."""
    table = relation(published.name)
    read = f"""
select pg_catalog.pg_get_expr(r.prqual, r.prrelid) from pg_catalog.pg_publication_rel r
join pg_catalog.pg_publication p on p.oid = r.prpubid
where p.pubname = 'pgproof_trial' and r.prrelid = pg_catalog.to_regclass({literal(table)})"""
    return Trial((f"create publication pgproof_trial for table only {table} where ({condition})",), read)


KIND = Kind(
    "publication table",
    catalog="pg_publication_rel",
    query=query,
    attributes={"columns": Effect.SECURITY, "filter": Effect.SECURITY | Effect.EXPRESSION},
    create=create,
    belongs=belongs,
    trial=trial,
)
