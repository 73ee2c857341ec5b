"""Foreign servers (pg_foreign_server; manual, CREATE SERVER)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import comments, masked_options, no_member, options_clause, privileges, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import own
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal

QUERY = f"""
select s.oid, 0 as subid, array[s.srvname] as name,
  w.fdwname as wrapper,
  s.srvtype as type,
  s.srvversion as version,
  {masked_options("s.srvoptions")} as options,
  {role("s.srvowner")} as owner,
  {privileges("S", "s.srvacl", "s.srvowner")} as privileges,
  d.description as comment
from pg_catalog.pg_foreign_server s
join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
{comments("s.oid", "pg_foreign_server")}
where {no_member("s.oid", "pg_foreign_server")}
"""


def create(server: Object) -> Iterator[str]:
    """Make the server."""
    value = server.attributes
    words = [f"create server {own(server.name)}"]
    words += [f"{one} {literal(str(value[one]))}" for one in ("type", "version") if value[one] is not None]
    words.append(f"foreign data wrapper {identifier(str(value['wrapper']))}")
    yield " ".join(words) + options_clause(value["options"])


def belongs(server: Object) -> Iterator[ObjectName]:
    """A server goes with its wrapper."""
    yield ObjectName("foreign data wrapper", (str(server.attributes["wrapper"]),))


KIND = Kind(
    "server",
    catalog="pg_foreign_server",
    query=lambda _: QUERY,
    attributes={
        "wrapper": Effect.INTEGRITY,
        "type": Effect.INTEGRITY,
        "version": Effect.INTEGRITY,
        "options": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    grant="foreign server",
)
