"""Constraints of tables: primary key, unique, foreign key, check, exclusion (pg_constraint; manual, section 5.5).

Not-null constraints, which PostgreSQL 18 keeps here too, are part of their column; constraint triggers are triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, reference
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import own, parts_of, qualified, relation
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import literal

DEFINITION = """
  case when not k.convalidated and pg_catalog.right(pg_catalog.pg_get_constraintdef(k.oid), 10) = ' NOT VALID'
    then pg_catalog.left(pg_catalog.pg_get_constraintdef(k.oid), -10)
    else pg_catalog.pg_get_constraintdef(k.oid) end"""
"""The constraint's text without NOT VALID, which is an attribute of its own."""


def _columns(relation: str, numbers: str) -> str:
    """Return the names of the columns, by one look for each constraint that has one column only, as most have."""
    return f"""
  case when pg_catalog.cardinality({numbers}) = 1 then (
    select array[a.attname] from pg_catalog.pg_attribute a where a.attrelid = {relation} and a.attnum = {numbers}[1])
  else (
    select pg_catalog.array_agg(a.attname order by u.position)
    from pg_catalog.unnest({numbers}) with ordinality u (attnum, position)
    join pg_catalog.pg_attribute a on a.attrelid = {relation} and a.attnum = u.attnum) end"""


_SWITCHED = f"""case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica' else 'always' end
    || ' on ' || {reference("tn.nspname", "tc.relname")}"""

_CLONES = """select h.oid from pg_catalog.pg_constraint h
    join pg_catalog.pg_constraint o on o.oid = h.conparentid and o.conrelid = h.conrelid"""
"""What a foreign key to a partitioned table has of its own for each partition there: the system's business."""


@cache
def query(version: int) -> str:
    """A constraint that is not enforced, which PostgreSQL 18 has, is never validated: its definition says enough."""
    validated = "k.convalidated or not k.conenforced" if version >= 180000 else "k.convalidated"
    return f"""
with recursive switched as (
  select t.tgconstraint as oid, {_SWITCHED} as state
  from pg_catalog.pg_trigger t
  join pg_catalog.pg_class tc on tc.oid = t.tgrelid
  join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
  where t.tgisinternal and t.tgconstraint <> 0 and t.tgenabled <> 'O'
  union all
  select p.oid, s.state from switched s
  join pg_catalog.pg_constraint k on k.oid = s.oid
  join pg_catalog.pg_constraint p on p.oid = k.conparentid and p.conrelid = k.conrelid
)
select k.oid, 0 as subid, array[n.nspname, c.relname, k.conname] as name,
  case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'c' then 'check'
    when 'x' then 'exclusion' end as type,
  {DEFINITION} as definition,
  {validated} as validated,
  g.triggers as "system triggers",
  {_columns("k.conrelid", "k.conkey")} as columns,
  case when k.contype = 'f' then {reference("rn.nspname", "r.relname")} end as "references",
  case when k.contype = 'f' then {_columns("k.confrelid", "k.confkey")} end as "referenced columns",
  case when k.coninhcount > 0 then case when k.conislocal then 'too' else 'only' end end as inherited,
  case when k.coninhcount > 0 and k.contype = 'c' then (
    select pg_catalog.array_agg({reference("pn.nspname", "pc.relname", "p.conname")} order by h.inhseqno)
    from pg_catalog.pg_inherits h
    join pg_catalog.pg_class pc on pc.oid = h.inhparent
    join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
    join pg_catalog.pg_constraint p on p.conrelid = pc.oid and p.conname = k.conname and p.contype = 'c'
    where h.inhrelid = k.conrelid) end as "inherited from",
  case when k.conparentid <> 0 then (
    select {reference("pn.nspname", "pc.relname", "p.conname")} from pg_catalog.pg_constraint p
    join pg_catalog.pg_class pc on pc.oid = p.conrelid join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
    where p.oid = k.conparentid) end as "partition of",
  d.description as comment
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join (pg_catalog.pg_class r join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace)
  on r.oid = k.confrelid and k.contype = 'f'
left join (select s.oid, pg_catalog.array_agg(distinct s.state) as triggers from switched s group by s.oid) g
  on g.oid = k.oid
{comments("k.oid", "pg_constraint")}
where k.contype in ('p', 'u', 'f', 'c', 'x')
  and not (k.conparentid <> 0 and k.oid in ({_CLONES}))
  and c.relkind in ('r', 'p', 'f')
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


_STATES = {"disabled": "disable", "replica": "enable replica", "always": "enable always"}


def create(constraint: Object) -> Iterator[str]:
    """Add the constraint.

    What comes from a parent table is not added again, except for keys on partitions: pg_dump makes them one by one
    and attaches the indexes, and so do we, because that keeps their names.
    """
    value = constraint.attributes
    name, table = constraint.name, relation(constraint.name)
    has_index = value["type"] in ("primary key", "unique", "exclusion")
    if value["inherited"] != "only" or has_index:
        only = "only " if has_index else ""
        suffix = "" if value["validated"] else " not valid"
        yield f"alter table {only}{table} add constraint {own(name)} {value['definition']}{suffix}"
        if value["partition of"]:
            parent = parts_of(str(value["partition of"]))
            index = qualified((name.schema, name.parts[-1]))
            yield f"alter index {qualified((parent[0], parent[-1]))} attach partition {index}"
    for state in value["system triggers"] if isinstance(value["system triggers"], list) else ():
        yield _set_system_triggers(constraint, *str(state).split(" on ", 1))


def _set_system_triggers(constraint: Object, state: str, table: str) -> str:
    """The system names these triggers by OID, so the statement looks them up; it needs a superuser."""
    alter = f"alter table {table} {_STATES[state]} trigger %I"
    name = literal(constraint.name.parts[-1])
    body = f"""
declare trigger name;
begin
  for trigger in
    with recursive clones as (
      select k.oid, k.conrelid from pg_catalog.pg_constraint k
      where k.conrelid = {literal(relation(constraint.name))}::regclass and k.conname = {name}
      union all
      select k.oid, k.conrelid from clones c
      join pg_catalog.pg_constraint k on k.conparentid = c.oid and k.conrelid = c.conrelid
    )
    select t.tgname from pg_catalog.pg_trigger t join clones c on c.oid = t.tgconstraint
    where t.tgisinternal and t.tgrelid = {literal(table)}::regclass
  loop
    execute pg_catalog.format({literal(alter)}, trigger);
  end loop;
  if trigger is null then
    raise exception 'the constraint has no system triggers here';
  end if;
end"""
    return f"do {literal(body)}"


def belongs(constraint: Object) -> Iterator[ObjectName]:
    """A foreign key goes with the table that it references, an inherited constraint with that of the parent table."""
    if references := constraint.attributes["references"]:
        yield ObjectName("table", parts_of(str(references)))
    inherited = cast("list[str]", constraint.attributes["inherited from"] or [])
    partition_of = constraint.attributes["partition of"]
    for parent in [*inherited, str(partition_of)] if partition_of else inherited:
        yield ObjectName("constraint", parts_of(parent))


def trial(constraint: Object, _: str, definition: str) -> Trial | None:
    """Add a constraint that has expressions once more under another name; of checks without a look at the rows."""
    if constraint.attributes["type"] not in ("check", "exclusion"):
        return None
    table = relation(constraint.name)
    suffix = " not valid" if constraint.attributes["type"] == "check" else ""
    read = f"""
select {DEFINITION} from pg_catalog.pg_constraint k
where k.conrelid = pg_catalog.to_regclass({literal(table)}) and k.conname = 'pgproof_trial'"""
    return Trial((f"alter table {table} add constraint pgproof_trial {definition}{suffix}",), read)


KIND = Kind(
    "constraint",
    catalog="pg_constraint",
    query=query,
    attributes={
        "type": Effect.DERIVED,
        "definition": Effect.INTEGRITY | Effect.EXPRESSION,
        "validated": Effect.INTEGRITY,
        "system triggers": Effect.INTEGRITY,
        "columns": Effect.DERIVED,
        "references": Effect.DERIVED,
        "referenced columns": Effect.DERIVED,
        "inherited": Effect.DERIVED,
        "inherited from": Effect.DERIVED,
        "partition of": Effect.DERIVED,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("table", "foreign table"),
    belongs=belongs,
    renames=True,
    trial=trial,
)
