"""The database itself (pg_database; manual, chapter 23): who may connect, and its settings.

Its name and its owner are the catalog's and never compared, nor is what the owner holds. Encoding, locale and
tablespace are those of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from pgproof.catalog.fragments import masked_options
from pgproof.catalog.grants import grants
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.object import Object, Value
from pgproof.catalog.routines import setting, setting_value
from pgproof.sql.quote import literal

NAME = "current_database"
"""Stands for the name, which differs between two databases of the same schema."""

QUERY = f"""
select 0::oid, 0 as subid, array['{NAME}'] as name,
  (select pg_catalog.array_agg(pg_catalog.makeaclitem(a.grantee, a.grantor, a.privilege_type, a.is_grantable))::text
   from pg_catalog.aclexplode(coalesce(b.datacl, pg_catalog.acldefault('d', b.datdba))) a
   where a.grantee <> b.datdba) as privileges,
  {masked_options("s.setconfig")} as settings,
  nullif(b.datconnlimit, -1) as "connection limit",
  nullif(nullif(d.description, 'default administrative connection database'), 'unmodifiable empty database') as remark
from pg_catalog.pg_database b
left join pg_catalog.pg_db_role_setting s on s.setdatabase = b.oid and s.setrole = 0
left join pg_catalog.pg_shdescription d on d.objoid = b.oid and d.classoid = 'pg_catalog.pg_database'::regclass
where b.datname = pg_catalog.current_database()
"""


def create(database: Object) -> Iterator[str]:
    """Give the database that is connected to the privileges, settings and comment of the one that was read."""
    value = database.attributes
    held = cast("dict[str, list[str]]", value["privileges"])
    for statement in grants("database", "@", "", held, 0):
        before, after = statement.split(" on database @", 1)
        yield on_this_database(f"{before} on database ", after)
    for change in set_to(value["settings"]):
        yield on_this_database("alter database ", f" {change}")
    if value["connection limit"] is not None:
        yield on_this_database("alter database ", f" connection limit {value['connection limit']}")
    if value["remark"] is not None:
        yield on_this_database("comment on database ", f" is {literal(str(value['remark']))}")


def set_to(settings: Value) -> Iterator[str]:
    """Yield the clauses that set what was read."""
    for name, stored in sorted(cast("Mapping[str, str]", settings or {}).items()):
        yield f"set {setting(name)} to {setting_value(name, stored)}"


def on_this_database(before: str, after: str) -> str:
    """Return a block that runs a statement with the name of the database that is connected to in it."""
    name = "pg_catalog.quote_ident(pg_catalog.current_database())"
    return f"do {literal(f'begin execute {literal(before)} || {name} || {literal(after)}; end')}"


KIND = Kind(
    "database",
    catalog="pg_database",
    query=lambda _: QUERY,
    attributes={
        "privileges": Effect.SECURITY | Effect.ROLES,
        "settings": Effect.SECURITY,
        "connection limit": Effect.PERFORMANCE,
        "remark": Effect.COSMETIC,
    },
    create=create,
)
