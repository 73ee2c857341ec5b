"""Sequences, those of `serial` columns included (pg_sequence; manual, CREATE SEQUENCE).

The sequence of an identity column is part of the column.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, privileges, reference, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import parts_of, qualified
from pgproof.catalog.object import Object, Value
from pgproof.model import ObjectName

_LOWEST = "case s.seqtypid when 21 then -32768 when 23 then -2147483648 else -9223372036854775808 end"
_HIGHEST = "case s.seqtypid when 21 then 32767 when 23 then 2147483647 else 9223372036854775807 end"

OPTIONS = {
    "type": "pg_catalog.format_type(s.seqtypid, null)",
    "start": "s.seqstart",
    "increment": "s.seqincrement",
    "minimum": f"nullif(s.seqmin, case when s.seqincrement > 0 then 1 else {_LOWEST} end)",
    "maximum": f"nullif(s.seqmax, case when s.seqincrement > 0 then {_HIGHEST} else -1 end)",
    "cache": "s.seqcache",
    "cycle": "s.seqcycle",
}
"""What a sequence `s` (pg_sequence) has. Limits are NULL where they follow from the type and the direction."""

QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.relname] as name,
  {", ".join(f'{expression} as "{option}"' for option, expression in OPTIONS.items())},
  case c.relpersistence when 'u' then 'unlogged' else 'permanent' end as persistence,
  o.owned_by as "owned by",
  case when o.owned_by is null then {role("c.relowner")} end as owner,
  {privileges("s", "c.relacl", "c.relowner")} as privileges,
  d.description as comment
from pg_catalog.pg_sequence s
join pg_catalog.pg_class c on c.oid = s.seqrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_depend p on p.classid = 'pg_catalog.pg_class'::regclass and p.objid = s.seqrelid
  and p.refclassid = 'pg_catalog.pg_class'::regclass and p.refobjsubid > 0 and p.deptype in ('a', 'i')
left join lateral (
  select {reference("tn.nspname", "t.relname", "a.attname")} as owned_by
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class t on t.oid = a.attrelid
  join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
  where a.attrelid = p.refobjid and a.attnum = p.refobjsubid
) o on true
{comments("c.oid", "pg_class")}
where {USER_SCHEMA}
  and p.deptype is distinct from 'i'
  and {no_member("c.oid", "pg_class")}
"""


def options(value: dict[str, Value]) -> str:
    """Return the clauses that give a sequence, or that of an identity column, its options."""
    clauses = [
        f"start with {value['start']}",
        f"increment by {value['increment']}",
        "no minvalue" if value["minimum"] is None else f"minvalue {value['minimum']}",
        "no maxvalue" if value["maximum"] is None else f"maxvalue {value['maximum']}",
        f"cache {value['cache']}",
        "cycle" if value["cycle"] else "no cycle",
    ]
    return " ".join(clauses)


def create(sequence: Object) -> Iterator[str]:
    """Make the sequence first and give it to its column later: the column's default needs the sequence."""
    value = dict(sequence.attributes)
    name = qualified(sequence.name.parts)
    unlogged = "unlogged " if value["persistence"] == "unlogged" else ""
    yield f"create {unlogged}sequence {name} as {value['type']} {options(value)}"
    if value["owned by"]:
        yield f"alter sequence {name} owned by {value['owned by']}"


def belongs(sequence: Object) -> Iterator[ObjectName]:
    """A sequence that a column owns is dropped with the column."""
    if owned_by := sequence.attributes["owned by"]:
        column = parts_of(str(owned_by))
        yield ObjectName("column", column)
        yield ObjectName("table", column[:-1])


KIND = Kind(
    "sequence",
    catalog="pg_class",
    query=lambda _: QUERY,
    attributes={
        "type": Effect.INTEGRITY,
        "start": Effect.INTEGRITY,
        "increment": Effect.INTEGRITY,
        "minimum": Effect.INTEGRITY,
        "maximum": Effect.INTEGRITY,
        "cache": Effect.PERFORMANCE,
        "cycle": Effect.INTEGRITY,
        "persistence": Effect.INTEGRITY,
        "owned by": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    belongs=belongs,
    grant="sequence",
)
