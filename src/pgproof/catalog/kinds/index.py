"""Indexes of tables and materialized views (pg_index; manual, CREATE INDEX).

The index of a constraint is defined by it: here is only what the constraint's own text does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, options, reference, with_clause
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import own, parts_of, qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import literal

DEFINITION = """pg_catalog.substr(pg_catalog.pg_get_indexdef(x.oid), 1 + pg_catalog.length(pg_catalog.format(
    'CREATE %sINDEX %I ON %s%I.%I ', case when i.indisunique then 'UNIQUE ' end, x.relname,
    case when x.relkind = 'I' then 'ONLY ' end, n.nspname, c.relname)))"""
"""The index's text from USING on: without the names of the index and the table, and without UNIQUE."""


@cache
def query(version: int) -> str:
    """PostgreSQL 17 writes "no statistics target" as NULL, older versions as -1."""
    has_target = "a.attstattarget is not null" if version >= 170000 else "a.attstattarget >= 0"
    return f"""
select x.oid, 0 as subid, array[n.nspname, x.relname] as name,
  c.relname as table,
  k.conname as constraint,
  i.indisunique as "unique",
  case when k.oid is null then {DEFINITION} end as definition,
  case when k.oid is not null then {options("x.reloptions")} end as options,
  s.targets as "statistics targets",
  i.indisvalid as valid,
  case when x.relkind = 'I' then (
    select pg_catalog.array_agg({reference("tn.nspname", "t.relname")} order by tn.nspname, t.relname)
    from pg_catalog.pg_inherits h
    join pg_catalog.pg_class t on t.oid = h.inhrelid join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
    where h.inhparent = c.oid and not exists (
      select from pg_catalog.pg_inherits a join pg_catalog.pg_index p on p.indexrelid = a.inhrelid
      where a.inhparent = x.oid and p.indrelid = t.oid)) end as "partitions without it",
  case when x.relispartition then (
    select {reference("pn.nspname", "p.relname")} from pg_catalog.pg_inherits h
    join pg_catalog.pg_class p on p.oid = h.inhparent join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    where h.inhrelid = x.oid) end as "partition of",
  d.description as comment
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_constraint k on k.conindid = x.oid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')
left join (
  select a.attrelid, pg_catalog.jsonb_object_agg(a.attnum, a.attstattarget) as targets
  from pg_catalog.pg_attribute a where {has_target} and a.attnum > 0 group by a.attrelid
) s on s.attrelid = x.oid
{comments("x.oid", "pg_class")}
where c.relkind in ('r', 'p', 'm')
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


def create(index: Object) -> Iterator[str]:
    """Make the index, except for the one of a constraint, which is there already."""
    value = index.attributes
    name = qualified(index.name.parts)
    if not value["constraint"]:
        unique = "unique " if value["unique"] else ""
        table = qualified((index.name.schema, str(value["table"])))
        yield f"create {unique}index {own(index.name)} on only {table} {value['definition']}"
        if value["partition of"]:
            yield f"alter index {value['partition of']} attach partition {name}"
    elif value["options"]:
        yield f"alter index {name} set {with_clause(value['options']).removeprefix('with ')}"
    targets = value["statistics targets"]
    for number, target in sorted(targets.items()) if isinstance(targets, dict) else ():
        yield f"alter index {name} alter column {number} set statistics {target}"


def belongs(index: Object) -> Iterator[ObjectName]:
    """An index goes with its table or materialized view, its constraint, and the index that it is a partition of."""
    value = index.attributes
    table = (index.name.schema, str(value["table"]))
    yield ObjectName("table", table)
    yield ObjectName("materialized view", table)
    if value["constraint"]:
        yield ObjectName("constraint", (*table, str(value["constraint"])))
    if value["partition of"]:
        yield ObjectName("index", parts_of(str(value["partition of"])))


def trial(index: Object, _: str, definition: str) -> Trial:
    """Make the index once more under another name, on the table alone."""
    schema, table = index.name.schema, str(index.attributes["table"])
    unique = "unique " if index.attributes["unique"] else ""
    read = f"""
select {DEFINITION} from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = {literal(schema)} and c.relname = {literal(table)} and x.relname = 'pgproof_trial'"""
    return Trial((f"create {unique}index pgproof_trial on only {qualified((schema, table))} {definition}",), read)


KIND = Kind(
    "index",
    catalog="pg_class",
    query=query,
    attributes={
        "table": Effect.INTEGRITY,
        "constraint": Effect.DERIVED,
        "unique": Effect.INTEGRITY,
        "definition": Effect.PERFORMANCE | Effect.EXPRESSION,
        "options": Effect.PERFORMANCE,
        "statistics targets": Effect.PERFORMANCE,
        "valid": Effect.PERFORMANCE,
        "partitions without it": Effect.PERFORMANCE,
        "partition of": Effect.DERIVED,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    belongs=belongs,
    existence=Effect.PERFORMANCE,
    renames=True,
    trial=trial,
)
