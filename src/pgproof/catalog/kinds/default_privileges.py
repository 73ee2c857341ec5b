"""Default privileges (pg_default_acl; manual, ALTER DEFAULT PRIVILEGES).

Those of a schema are added to those that hold without a schema, which replace the built-in ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA, role
from pgproof.catalog.grants import default_grants
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

OBJECTS = {"r": "tables", "S": "sequences", "f": "routines", "T": "types", "n": "schemas", "L": "large objects"}

_WORD = (
    "case a.defaclobjtype " + " ".join(f"when '{letter}' then '{word}'" for letter, word in OBJECTS.items()) + " end"
)

QUERY = f"""
select a.oid, 0 as subid, array[{role("a.defaclrole")}, coalesce(n.nspname, ''), {_WORD}] as name,
  a.defaclacl::text as privileges
from pg_catalog.pg_default_acl a
left join pg_catalog.pg_namespace n on n.oid = a.defaclnamespace
where n.oid is null or {USER_SCHEMA}
"""


def create(default: Object) -> Iterator[str]:
    """Grant what is held, and revoke what would be held without."""
    owner, schema, objects = default.name.parts
    where = f" in schema {identifier(schema)}" if schema else ""
    held = cast("dict[str, list[str]]", default.attributes["privileges"])
    for statement in default_grants(objects, "" if schema else owner, held):
        yield f"alter default privileges for role {identifier(owner)}{where} {statement}"


def belongs(default: Object) -> Iterator[ObjectName]:
    """They go with their schema."""
    if schema := default.name.parts[1]:
        yield ObjectName("schema", (schema,))


KIND = Kind(
    "default privileges",
    catalog="pg_default_acl",
    query=lambda _: QUERY,
    attributes={"privileges": Effect.SECURITY | Effect.ROLES},
    create=create,
    belongs=belongs,
    existence=Effect.SECURITY,
    role_part=0,
)
