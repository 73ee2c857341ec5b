"""Extensions (pg_extension; manual, section 38.17).

Their owner cannot be changed and their comment is that of their control file, so neither is compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.object import Object
from pgproof.sql.quote import identifier, literal

QUERY = """
select e.oid, 0 as subid, array[e.extname::text] as name,
  n.nspname::text as schema,
  e.extversion as version
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
"""


def create(extension: Object) -> Iterator[str]:
    """Install the extension in its version; `plpgsql` is in every new database already."""
    attributes = extension.attributes
    yield (
        f"create extension if not exists {identifier(extension.name.parts[0])}"
        f" schema {identifier(str(attributes['schema']))} version {literal(str(attributes['version']))}"
    )


KIND = Kind(
    "extension",
    catalog="pg_extension",
    query=lambda _: QUERY,
    attributes={"schema": Effect.INTEGRITY, "version": Effect.SOFT},
    create=create,
)
