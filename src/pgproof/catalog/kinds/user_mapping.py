"""User mappings (pg_user_mapping; manual, CREATE USER MAPPING).

Their options are credentials: of all but the user's name only the presence is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import masked_options, options_clause
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.object import Object
from pgproof.catalog.privileges import PUBLIC
from pgproof.sql.quote import identifier

_MAY_SEE = """(
    u.umuser <> 0 and u.usename = current_user
      and (pg_catalog.pg_has_role(s.srvowner, 'USAGE') or pg_catalog.has_server_privilege(s.oid, 'USAGE'))
    or u.umuser = 0 and pg_catalog.pg_has_role(s.srvowner, 'USAGE')
    or (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user))"""
"""Who sees options in the view pg_user_mappings (manual, section 54.36); the table itself is for superusers."""

QUERY = f"""
select u.umid, 0 as subid, array[u.srvname, u.usename] as name,
  {masked_options("u.umoptions", _MAY_SEE, "^(user|username)$")} as options
from pg_catalog.pg_user_mappings u
join pg_catalog.pg_foreign_server s on s.oid = u.srvid
"""


def create(mapping: Object) -> Iterator[str]:
    """Make the mapping."""
    server, role = mapping.name.parts
    who = PUBLIC if role == PUBLIC else identifier(role)
    options = options_clause(mapping.attributes["options"])
    yield f"create user mapping for {who} server {identifier(server)}{options}"


KIND = Kind(
    "user mapping",
    catalog="pg_user_mapping",
    query=lambda _: QUERY,
    attributes={"options": Effect.SECURITY},
    create=create,
    parent=("server",),
    existence=Effect.SECURITY,
    role_part=1,
)
