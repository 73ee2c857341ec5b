"""Foreign tables (pg_foreign_table; manual, section 5.13). They may be partitions of local ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog.fragments import (
    USER_SCHEMA,
    comments,
    no_member,
    options,
    options_clause,
    privileges,
    role,
)
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.kinds import column, table
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.relname] as name,
  s.srvname as server,
  {options("f.ftoptions")} as options,
  {table.INHERITS} as inherits,
  {table.BOUND} as "partition bound",
  {role("c.relowner")} as owner,
  {privileges("r", "c.relacl", "c.relowner")} as privileges,
  d.description as comment
from pg_catalog.pg_foreign_table f
join pg_catalog.pg_class c on c.oid = f.ftrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_foreign_server s on s.oid = f.ftserver
{comments("c.oid", "pg_class")}
where {USER_SCHEMA} and {no_member("c.oid", "pg_class")}
"""


def create(foreign_table: Object, *columns: Object) -> Iterator[str]:
    """Make the table with all its columns, then join it to its parents."""
    value = foreign_table.attributes
    name = qualified(foreign_table.name.parts)
    listed = ", ".join(column.definition(one) for one in columns)
    server = f"server {identifier(str(value['server']))}{options_clause(value['options'])}"
    yield f"create foreign table {name} ({listed}) {server}"
    for parent in cast("list[str]", value["inherits"] or []):
        if value["partition bound"] is None:
            yield f"alter foreign table {name} inherit {parent}"
        else:
            yield f"alter table only {parent} attach partition {name} {value['partition bound']}"
    for one in columns:
        yield from column.settings(one)


def belongs(foreign_table: Object) -> Iterator[ObjectName]:
    """It goes with its server, and with the tables that it is a part of."""
    yield ObjectName("server", (str(foreign_table.attributes["server"]),))
    yield from table.belongs(foreign_table)


KIND = Kind(
    "foreign table",
    catalog="pg_class",
    query=lambda _: QUERY,
    attributes={
        "server": Effect.INTEGRITY,
        "options": Effect.INTEGRITY,
        "inherits": Effect.INTEGRITY,
        "partition bound": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    made_with=("column",),
    belongs=belongs,
    goes_with={"partition bound": "inherits"},
    grant="table",
)
