"""Publications (pg_publication; manual, section 29.1). What they publish are objects of their own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from pgproof.catalog.fragments import comments, no_member, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import own
from pgproof.catalog.object import Object
from pgproof.sql.quote import literal

_OPERATIONS = ("insert", "update", "delete", "truncate")


@cache
def query(version: int) -> str:
    """PostgreSQL 18 publishes generated columns where it is told to."""
    operations = ", ".join(f"case when p.pub{one} then '{one}' end" for one in _OPERATIONS)
    generated = "case p.pubgencols when 's' then 'stored' end" if version >= 180000 else "null"
    return f"""
select p.oid, 0 as subid, array[p.pubname] as name,
  p.puballtables as "all tables",
  pg_catalog.array_remove(array[{operations}], null) as operations,
  p.pubviaroot as "via partition root",
  {generated} as "generated columns",
  {role("p.pubowner")} as owner,
  d.description as comment
from pg_catalog.pg_publication p
{comments("p.oid", "pg_publication")}
where {no_member("p.oid", "pg_publication")}
"""


def create(publication: Object) -> Iterator[str]:
    """Make the publication."""
    value = publication.attributes
    options = [f"publish = {literal(', '.join(cast('list[str]', value['operations'])))}"]
    options += ["publish_via_partition_root = true"] if value["via partition root"] else []
    options += [f"publish_generated_columns = {value['generated columns']}"] if value["generated columns"] else []
    everything = "for all tables " if value["all tables"] else ""
    yield f"create publication {own(publication.name)} {everything}with ({', '.join(options)})"


KIND = Kind(
    "publication",
    catalog="pg_publication",
    query=query,
    attributes={
        "all tables": Effect.INTEGRITY,
        "operations": Effect.INTEGRITY,
        "via partition root": Effect.INTEGRITY,
        "generated columns": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    renames=True,
)
