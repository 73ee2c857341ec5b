"""Operators (pg_operator; manual, section 38.14).

One that was only named by another, as its commutator, and never made is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, function_of, no_member, operand, operator_of, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import routine_of
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

QUERY = (
    f"""
select o.oid, 0 as subid,
  array[n.nspname, o.oprname, pg_catalog.concat({operand("o.oprleft")}, ', ', {operand("o.oprright")})] as name,
  {function_of("o.oprcode")} as function,
  case when o.oprleft <> 0 then pg_catalog.format_type(o.oprleft, null) end as left,
  case when o.oprright <> 0 then pg_catalog.format_type(o.oprright, null) end as right,
  {operator_of("o.oprcom")} as commutator,
  {operator_of("o.oprnegate")} as negator,
  {function_of("o.oprrest")} as restrict,
  {function_of("o.oprjoin")} as join,
  o.oprcanhash as hashes,
  o.oprcanmerge as merges,
  {role("o.oprowner")} as owner,
  d.description as comment
from pg_catalog.pg_operator o
join pg_catalog.pg_namespace n on n.oid = o.oprnamespace and {USER_SCHEMA}
{comments("o.oid", "pg_operator")}
where o.oprcode <> 0 and {no_member("o.oid", "pg_operator")}
""".replace(" as left", ' as "left"')
    .replace(" as right", ' as "right"')
    .replace(" as join", ' as "join"')
)


def address(name: ObjectName) -> str:
    """Return the operator as ALTER OPERATOR calls it; the types are SQL already."""
    return f"{identifier(name.parts[0])}.{name.parts[1]} ({name.parts[2]})"


def create(operator: Object) -> Iterator[str]:
    """Make the operator."""
    value = operator.attributes
    parts = [f"function = {_bare(value['function'])}"]
    parts += [f"{side}arg = {value[side]}" for side in ("left", "right") if value[side]]
    parts += [f"{one} = operator({_bare(value[one])})" for one in ("commutator", "negator") if value[one]]
    parts += [f"{one} = {_bare(value[one])}" for one in ("restrict", "join") if value[one]]
    parts += [one for one in ("hashes", "merges") if value[one]]
    yield f"create operator {identifier(operator.name.parts[0])}.{operator.name.parts[1]} ({', '.join(parts)})"


def _bare(reference: object) -> str:
    """Return a routine's or an operator's name without its argument types."""
    *path, name, types = routine_of(str(reference))
    return str(reference).removesuffix(f"({types})") if path or name else str(reference)


def belongs(operator: Object) -> Iterator[ObjectName]:
    """An operator goes with its function, and lives in its schema."""
    yield ObjectName("schema", operator.name.parts[:1])
    yield ObjectName("function", routine_of(str(operator.attributes["function"])))


KIND = Kind(
    "operator",
    catalog="pg_operator",
    query=lambda _: QUERY,
    attributes={
        "function": Effect.INTEGRITY,
        "left": Effect.DERIVED,
        "right": Effect.DERIVED,
        "commutator": Effect.PERFORMANCE,
        "negator": Effect.PERFORMANCE,
        "restrict": Effect.PERFORMANCE,
        "join": Effect.PERFORMANCE,
        "hashes": Effect.PERFORMANCE,
        "merges": Effect.PERFORMANCE,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    address=address,
)
