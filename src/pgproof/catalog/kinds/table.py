"""Tables, partitioned tables and partitions (pg_class; manual, sections 5.9 to 5.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from pgproof.catalog.fragments import (
    USER_SCHEMA,
    comments,
    no_member,
    options,
    privileges,
    reference,
    role,
    with_clause,
)
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.kinds import column
from pgproof.catalog.names import own, parts_of, qualified
from pgproof.catalog.object import Object, Value
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

INHERITS = f"""case when c.oid in (select h.inhrelid from pg_catalog.pg_inherits h) then
    (select pg_catalog.array_agg({reference("pn.nspname", "p.relname")} order by h.inhseqno)
       from pg_catalog.pg_inherits h join pg_catalog.pg_class p on p.oid = h.inhparent
       join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace where h.inhrelid = c.oid) end"""
"""The tables that the table `c` (pg_class) is a partition or a child of."""

BOUND = """(
    select case when b.bound like 'FOR VALUES IN (%' then 'FOR VALUES IN (' || (
      select pg_catalog.string_agg(v[1], ', ' order by v[1] collate "C")
      from pg_catalog.regexp_matches(pg_catalog.substr(b.bound, 16, pg_catalog.length(b.bound) - 16),
        '(''(?:[^'']|'''')*''|[^,[:space:]]+)', 'g') v) || ')' else b.bound end
    from (select pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound) b where c.relpartbound is not null)"""
"""What the partition `c` (pg_class) is for; the values of a list have no order, and are sorted."""

# An index as replica identity that was dropped since counts as nothing (manual, section 53.11).
QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.relname] as name,
  case c.relpersistence when 'u' then 'unlogged' else 'permanent' end as persistence,
  {options("c.reloptions")} as options,
  {options("t.reloptions")} as "toast options",
  m.amname as "access method",
  c.relrowsecurity as "row security",
  c.relforcerowsecurity as "forced row security",
  case c.relreplident when 'd' then 'default' when 'f' then 'full' when 'i' then coalesce(
    (select 'using index ' || pg_catalog.quote_ident(x.relname) from pg_catalog.pg_index i
       join pg_catalog.pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident),
    'nothing') else 'nothing' end as "replica identity",
  {INHERITS} as inherits,
  case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end as "partition key",
  {BOUND} as "partition bound",
  k.relname as "clustered on",
  case when c.reloftype <> 0 then pg_catalog.format_type(c.reloftype, null) end as "of type",
  {role("c.relowner")} as owner,
  {privileges("r", "c.relacl", "c.relowner")} as privileges,
  d.description as comment
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_am m on m.oid = c.relam
left join pg_catalog.pg_class t on t.oid = c.reltoastrelid and t.reloptions is not null
left join (pg_catalog.pg_index i join pg_catalog.pg_class k on k.oid = i.indexrelid)
  on i.indrelid = c.oid and i.indisclustered
{comments("c.oid", "pg_class")}
where c.relkind in ('r', 'p')
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


def create(table: Object, *columns: Object) -> Iterator[str]:
    """Make the table with its columns.

    A partition is made on its own and attached, as pg_dump does: that keeps the order of its columns. A child by
    inheritance is made below its parents when it has columns from there only, and joins them afterwards otherwise.
    """
    value = table.attributes
    name = qualified(table.name.parts)
    parents = cast("list[str]", value["inherits"] or [])
    is_partition = value["partition bound"] is not None
    below = not is_partition and any(one.attributes["inherited"] == "only" for one in columns)
    made = [one for one in columns if not (below and one.attributes["inherited"] == "only")]
    yield " ".join(_clauses(value, name, made, parents if below else []))
    for one in columns if value["of type"] else ():
        if one.attributes["not null"] and not one.attributes["not null state"]:
            yield f"alter table {name} alter column {own(one.name)} set not null"
    for parent in parents if not below else ():
        if is_partition:
            yield f"alter table only {parent} attach partition {name} {value['partition bound']}"
        else:
            yield f"alter table {name} inherit {parent}"
    for one in columns:
        yield from column.settings(one)
    if value["row security"]:
        yield f"alter table {name} enable row level security"
    if value["forced row security"]:
        yield f"alter table only {name} force row level security"
    if value["replica identity"] != "default":
        yield f"alter table only {name} replica identity {value['replica identity']}"
    if value["clustered on"]:
        yield f"alter table {name} cluster on {identifier(str(value['clustered on']))}"


def _clauses(value: Mapping[str, Value], name: str, columns: Iterable[Object], parents: list[str]) -> Iterator[str]:
    unlogged = "unlogged " if value["persistence"] == "unlogged" else ""
    if value["of type"]:
        yield f"create {unlogged}table {name} of {value['of type']}"
    else:
        yield f"create {unlogged}table {name} ({', '.join(column.definition(one) for one in columns)})"
    if parents:
        yield f"inherits ({', '.join(parents)})"
    if value["partition key"]:
        yield f"partition by {value['partition key']}"
    if value["access method"]:
        yield f"using {identifier(str(value['access method']))}"
    yield with_clause(value["options"], value["toast options"])


def belongs(table: Object) -> Iterator[ObjectName]:
    """A partition lives and dies with its partitioned table, a child by inheritance with its parents."""
    for parent in cast("list[str]", table.attributes["inherits"] or []):
        yield ObjectName("table", parts_of(parent))
        yield ObjectName("foreign table", parts_of(parent))


def trial(table: Object, _: str, key: str) -> Trial:
    """Partition an empty copy by the key."""
    read = "select pg_catalog.pg_get_partkeydef(pg_catalog.to_regclass('pg_temp.pgproof_trial'))"
    like = qualified(table.name.parts)
    return Trial((f"create temporary table pgproof_trial (like {like}) partition by {key}",), read)


KIND = Kind(
    "table",
    catalog="pg_class",
    query=lambda _: QUERY,
    attributes={
        "persistence": Effect.INTEGRITY,
        "options": Effect.PERFORMANCE,
        "toast options": Effect.PERFORMANCE,
        "access method": Effect.PERFORMANCE,
        "row security": Effect.SECURITY,
        "forced row security": Effect.SECURITY,
        "replica identity": Effect.INTEGRITY,
        "inherits": Effect.INTEGRITY,
        "partition key": Effect.INTEGRITY | Effect.EXPRESSION,
        "partition bound": Effect.INTEGRITY,
        "clustered on": Effect.PERFORMANCE,
        "of type": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    made_with=("column",),
    belongs=belongs,
    goes_with={"partition bound": "inherits"},
    trial=trial,
    grant="table",
)
