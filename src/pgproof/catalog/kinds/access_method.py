"""Access methods (pg_am; manual, CREATE ACCESS METHOD)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import FIRST_OF_USERS, comments, function_of, no_member
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import own
from pgproof.catalog.object import Object

QUERY = f"""
select m.oid, 0 as subid, array[m.amname] as name,
  case m.amtype when 't' then 'table' else 'index' end as type,
  {function_of("m.amhandler")} as handler,
  d.description as comment
from pg_catalog.pg_am m
{comments("m.oid", "pg_am")}
where m.oid >= {FIRST_OF_USERS} and {no_member("m.oid", "pg_am")}
"""


def create(method: Object) -> Iterator[str]:
    """Make the access method; a handler takes `internal`, and is named without it."""
    value = method.attributes
    handler = str(value["handler"]).removesuffix("(internal)")
    yield f"create access method {own(method.name)} type {value['type']} handler {handler}"


KIND = Kind(
    "access method",
    catalog="pg_am",
    query=lambda _: QUERY,
    attributes={"type": Effect.INTEGRITY, "handler": Effect.INTEGRITY, "comment": Effect.COSMETIC},
    create=create,
)
