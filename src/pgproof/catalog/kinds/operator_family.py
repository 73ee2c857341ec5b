"""Operator families, and what was added to them by themselves (pg_opfamily; manual, section 38.16.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import operators
from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

QUERY = f"""
select f.oid, 0 as subid, array[n.nspname, f.opfname, m.amname] as name,
  {operators.operators("pg_opfamily", "f.oid")} as operators,
  {operators.functions("pg_opfamily", "f.oid")} as functions,
  {role("f.opfowner")} as owner,
  d.description as comment
from pg_catalog.pg_opfamily f
join pg_catalog.pg_namespace n on n.oid = f.opfnamespace and {USER_SCHEMA}
join pg_catalog.pg_am m on m.oid = f.opfmethod
{comments("f.oid", "pg_opfamily")}
where {no_member("f.oid", "pg_opfamily")}
"""


def create(family: Object) -> Iterator[str]:
    """Make the family, then add its members."""
    name = operators.address(family.name)
    yield f"create operator family {name}"
    for item in operators.items(family):
        yield f"alter operator family {name} add {item}"


def belongs(family: Object) -> Iterator[ObjectName]:
    """A family goes with its schema; one that has the name of a class was made for that class."""
    yield from operators.belongs(family)
    yield ObjectName("operator class", family.name.parts)


KIND = Kind(
    "operator family",
    catalog="pg_opfamily",
    query=lambda _: QUERY,
    attributes={
        "operators": Effect.INTEGRITY,
        "functions": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    address=operators.address,
)
