"""Schemas whose tables are published (pg_publication_namespace, since PostgreSQL 15; manual, CREATE PUBLICATION)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.kind import Kind
from pgproof.catalog.names import own, relation
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

QUERY = """
select r.oid, 0 as subid, array[n.nspname, p.pubname] as name
from pg_catalog.pg_publication_namespace r
join pg_catalog.pg_publication p on p.oid = r.pnpubid
join pg_catalog.pg_namespace n on n.oid = r.pnnspid
"""
NONE = "select 0::oid, 0 as subid, array['', ''] as name where false"


def create(published: Object) -> Iterator[str]:
    """Add the schema to the publication."""
    yield f"alter publication {own(published.name)} add tables in schema {relation(published.name)}"


def belongs(published: Object) -> Iterator[ObjectName]:
    """It goes with its publication, and with the schema."""
    yield ObjectName("publication", published.name.parts[-1:])
    yield ObjectName("schema", published.name.parts[:-1])


KIND = Kind(
    "publication schema",
    catalog="pg_publication_namespace",
    query=lambda version: QUERY if version >= 150000 else NONE,
    attributes={},
    create=create,
    belongs=belongs,
)
