"""Casts, without those that come with a range type (pg_cast; manual, CREATE CAST)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import FIRST_OF_USERS, comments, function_of, no_member, user_type
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import routine_of, types_of
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

QUERY = f"""
select c.oid, 0 as subid,
  array[pg_catalog.format_type(c.castsource, null), pg_catalog.format_type(c.casttarget, null)] as name,
  case c.castmethod when 'i' then 'inout' when 'b' then 'binary' else 'function' end as method,
  {function_of("c.castfunc")} as function,
  case c.castcontext when 'a' then 'assignment' when 'i' then 'implicit' else 'explicit' end as context,
  {user_type("c.castsource")} as source,
  {user_type("c.casttarget")} as target,
  d.description as comment
from pg_catalog.pg_cast c
{comments("c.oid", "pg_cast")}
where c.oid >= {FIRST_OF_USERS} and {no_member("c.oid", "pg_cast")}
  and c.oid not in (
    select i.objid from pg_catalog.pg_depend i
    where i.classid = 'pg_catalog.pg_cast'::regclass and i.deptype = 'i')
"""


def address(name: ObjectName) -> str:
    """Return the two types as they stand after CAST; the name has them as SQL already."""
    return f"({name.parts[0]} as {name.parts[1]})"


def create(cast: Object) -> Iterator[str]:
    """Make the cast."""
    value = cast.attributes
    how = {"inout": "with inout", "binary": "without function"}.get(
        str(value["method"]), f"with function {value['function']}"
    )
    when = f" as {value['context']}" if value["context"] != "explicit" else ""
    yield f"create cast {address(cast.name)} {how}{when}"


def belongs(cast: Object) -> Iterator[ObjectName]:
    """A cast goes with its types and its function."""
    for side in ("source", "target"):
        if cast.attributes[side]:
            yield from types_of(str(cast.attributes[side]))
    if cast.attributes["function"]:
        yield ObjectName("function", routine_of(str(cast.attributes["function"])))


KIND = Kind(
    "cast",
    catalog="pg_cast",
    query=lambda _: QUERY,
    attributes={
        "method": Effect.INTEGRITY,
        "function": Effect.INTEGRITY,
        "context": Effect.INTEGRITY,
        "source": Effect.DERIVED,
        "target": Effect.DERIVED,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    address=address,
)
