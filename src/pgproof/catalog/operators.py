"""What operator classes and families have in common: rows of pg_amop and pg_amproc (manual, section 38.16).

The members of a class are members of its family too. Which of the two a member was added to is said by pg_depend.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog.fragments import function_of, operator_of, reference
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier


def operators(catalog: str, oid: str) -> str:
    """Return the expression for the operators that were added to the class or family, by number and types."""
    return f"""(
    select pg_catalog.jsonb_object_agg(
      pg_catalog.format('%s (%s, %s)', o.amopstrategy,
        pg_catalog.format_type(o.amoplefttype, null), pg_catalog.format_type(o.amoprighttype, null)),
      pg_catalog.concat({operator_of("o.amopopr")}, case when o.amoppurpose = 'o' then (
        select ' for order by ' || {reference("bn.nspname", "b.opfname")} from pg_catalog.pg_opfamily b
        join pg_catalog.pg_namespace bn on bn.oid = b.opfnamespace where b.oid = o.amopsortfamily) end))
    from pg_catalog.pg_amop o where o.oid in ({_added("pg_amop", catalog, oid)}))"""


def functions(catalog: str, oid: str) -> str:
    """Return the expression for the support functions that were added to the class or family, likewise."""
    return f"""(
    select pg_catalog.jsonb_object_agg(
      pg_catalog.format('%s (%s, %s)', o.amprocnum,
        pg_catalog.format_type(o.amproclefttype, null), pg_catalog.format_type(o.amprocrighttype, null)),
      {function_of("o.amproc")})
    from pg_catalog.pg_amproc o where o.oid in ({_added("pg_amproc", catalog, oid)}))"""


def _added(member: str, catalog: str, oid: str) -> str:
    return (
        "select p.objid from pg_catalog.pg_depend p"
        f" where p.classid = 'pg_catalog.{member}'::regclass"
        f" and p.refclassid = 'pg_catalog.{catalog}'::regclass and p.refobjid = {oid}"
    )


def items(thing: Object) -> Iterator[str]:
    """Yield the members as CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY ADD write them."""
    for place, operator in sorted(cast("dict[str, str]", thing.attributes["operators"] or {}).items()):
        yield f"operator {place.partition(' ')[0]} {operator}"
    for place, function in sorted(cast("dict[str, str]", thing.attributes["functions"] or {}).items()):
        yield f"function {place} {function}"


def address(name: ObjectName) -> str:
    """Return a class or family with the access method that it is for."""
    schema, own, method = map(identifier, name.parts)
    return f"{schema}.{own} using {method}"


def belongs(thing: Object) -> Iterator[ObjectName]:
    """A class or family lives in its schema."""
    yield ObjectName("schema", thing.name.parts[:1])
