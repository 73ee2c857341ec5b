"""Operator classes (pg_opclass; manual, section 38.16.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import operators
from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, reference, role, user_type
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import types_of
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.opcname, m.amname] as name,
  pg_catalog.format_type(c.opcintype, null) as type,
  {user_type("c.opcintype")} as "user type",
  c.opcdefault as "default",
  {reference("fn.nspname", "f.opfname")} as family,
  case when c.opckeytype <> 0 then pg_catalog.format_type(c.opckeytype, null) end as storage,
  {operators.operators("pg_opclass", "c.oid")} as operators,
  {operators.functions("pg_opclass", "c.oid")} as functions,
  {role("c.opcowner")} as owner,
  d.description as comment
from pg_catalog.pg_opclass c
join pg_catalog.pg_namespace n on n.oid = c.opcnamespace and {USER_SCHEMA}
join pg_catalog.pg_am m on m.oid = c.opcmethod
join pg_catalog.pg_opfamily f on f.oid = c.opcfamily
join pg_catalog.pg_namespace fn on fn.oid = f.opfnamespace
{comments("c.oid", "pg_opclass")}
where {no_member("c.oid", "pg_opclass")}
"""


def create(operator_class: Object) -> Iterator[str]:
    """Make the class with its members, in its family, which is there."""
    value = operator_class.attributes
    schema_and_name, _, method = operators.address(operator_class.name).rpartition(" using ")
    default = "default " if value["default"] else ""
    members = [*operators.items(operator_class)]
    members += [f"storage {value['storage']}"] if value["storage"] or not members else []
    yield (
        f"create operator class {schema_and_name} {default}for type {value['type']} using {method}"
        f" family {value['family']} as {', '.join(members)}"
    )


def belongs(operator_class: Object) -> Iterator[ObjectName]:
    """A class goes with its schema and its type."""
    yield from operators.belongs(operator_class)
    if operator_class.attributes["user type"]:
        yield from types_of(str(operator_class.attributes["user type"]))


KIND = Kind(
    "operator class",
    catalog="pg_opclass",
    query=lambda _: QUERY,
    attributes={
        "type": Effect.INTEGRITY,
        "user type": Effect.DERIVED,
        "default": Effect.INTEGRITY,
        "family": Effect.INTEGRITY,
        "storage": Effect.INTEGRITY,
        "operators": Effect.INTEGRITY,
        "functions": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    address=operators.address,
)
