"""Settings that a role has in this database (pg_db_role_setting; manual, ALTER ROLE … IN DATABASE … SET)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import masked_options, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.kinds.database import on_this_database, set_to
from pgproof.catalog.names import own
from pgproof.catalog.object import Object

QUERY = f"""
select 0::oid, s.setrole::bigint as subid, array[{role("s.setrole")}] as name,
  {masked_options("s.setconfig")} as settings
from pg_catalog.pg_db_role_setting s
join pg_catalog.pg_database b on b.oid = s.setdatabase and b.datname = pg_catalog.current_database()
where s.setrole <> 0
"""


def create(role_in_database: Object) -> Iterator[str]:
    """Set what was read, in the database that is connected to."""
    for change in set_to(role_in_database.attributes["settings"]):
        yield on_this_database(f"alter role {own(role_in_database.name)} in database ", f" {change}")


KIND = Kind(
    "role in database",
    catalog="pg_db_role_setting",
    query=lambda _: QUERY,
    attributes={"settings": Effect.SECURITY},
    create=create,
    existence=Effect.SECURITY,
    role_part=0,
)
