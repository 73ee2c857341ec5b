"""Columns of tables, views, materialized views and foreign tables (pg_attribute; manual, CREATE TABLE).

The sequence of an identity column and the not-null constraint are part of the column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, options, options_clause, reference
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.kinds import sequence
from pgproof.catalog.names import own, parts_of, relation
from pgproof.catalog.object import Object
from pgproof.catalog.trial import of_row
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal


@cache
def query(version: int) -> str:
    """PostgreSQL 17 writes "no statistics target" as NULL, older ones as -1; 18 keeps not-null as a constraint too.

    A default that is not generated mentions no column: without a table it is deparsed faster, and nothing is locked.
    """
    target = "a.attstattarget" if version >= 170000 else "nullif(a.attstattarget, -1)"
    return f"""
select a.attrelid, a.attnum as subid, array[n.nspname, c.relname, a.attname] as name,
  case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end
    as of,
  a.attnum - case when a.attrelid in (select g.attrelid from pg_catalog.pg_attribute g where g.attisdropped) then
    (select count(*) from pg_catalog.pg_attribute g
       where g.attrelid = a.attrelid and g.attnum between 1 and a.attnum and g.attisdropped) else 0 end as position,
  pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
  a.attnotnull as "not null",
  {"w.state" if version >= 180000 else "null"} as "not null state",
  pg_catalog.pg_get_expr(f.adbin, case when a.attgenerated <> '' then f.adrelid else 0 end) as "default",
  case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
  case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
  i.options as "identity options",
  case when a.attcollation <> t.typcollation then {reference("ln.nspname", "l.collname")} end as collation,
  case when a.attstorage <> t.typstorage then
    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
  end as storage,
  case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
  {target} as "statistics target",
  {options("a.attoptions")} as options,
  {options("a.attfdwoptions")} as "foreign options",
  case when a.attinhcount > 0 then case when a.attislocal then 'too' else 'only' end end as inherited,
  case when a.attinhcount > 0 then (
    select pg_catalog.array_agg({reference("pn.nspname", "p.relname", "pa.attname")} order by h.inhseqno)
    from pg_catalog.pg_inherits h
    join pg_catalog.pg_class p on p.oid = h.inhparent
    join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    join pg_catalog.pg_attribute pa on pa.attrelid = p.oid and pa.attname = a.attname and not pa.attisdropped
    where h.inhrelid = a.attrelid) end as "inherited from",
  a.attacl::text as privileges,
  d.description as comment
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
left join (pg_catalog.pg_collation l join pg_catalog.pg_namespace ln on ln.oid = l.collnamespace)
  on l.oid = a.attcollation and a.attcollation <> t.typcollation
left join (
  select p.refobjid, p.refobjsubid, pg_catalog.jsonb_build_object(
    'name', {reference("sn.nspname", "sc.relname")},
    {", ".join(f"'{option}', {expression}" for option, expression in sequence.OPTIONS.items())}) as options
  from pg_catalog.pg_sequence s
  join pg_catalog.pg_depend p on p.objid = s.seqrelid and p.classid = 'pg_catalog.pg_class'::regclass
    and p.refclassid = 'pg_catalog.pg_class'::regclass and p.deptype = 'i'
  join pg_catalog.pg_class sc on sc.oid = s.seqrelid
  join pg_catalog.pg_namespace sn on sn.oid = sc.relnamespace
) i on i.refobjid = a.attrelid and i.refobjsubid = a.attnum
{_NOT_NULL_18 if version >= 180000 else ""}
{comments("a.attrelid", "pg_class", "a.attnum")}
where a.attnum > 0 and not a.attisdropped
  and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


_NOT_NULL_18 = """left join (
  select k.conrelid, k.conkey[1] as attnum, pg_catalog.concat_ws(' ',
    case when k.connoinherit then 'no inherit' end, case when not k.convalidated then 'not valid' end) as state
  from pg_catalog.pg_constraint k
  where k.contype = 'n' and (k.connoinherit or not k.convalidated)
) w on w.conrelid = a.attrelid and w.attnum = a.attnum"""


def definition(column: Object) -> str:
    """Return the column as CREATE TABLE and ADD COLUMN write it; `settings` gives the rest."""
    value = column.attributes
    clauses = [own(column.name), str(value["type"])]
    if value["collation"]:
        clauses.append(f"collate {value['collation']}")
    if value["generated"]:
        clauses.append(f"generated always as ({value['default']}) {value['generated']}")
    if isinstance(identity := value["identity options"], dict):
        clauses.append(
            f"generated {value['identity']} as identity (sequence name {identity['name']} {sequence.options(identity)})"
        )
    if value["not null"] and not value["not null state"]:
        clauses.append("not null")
    return " ".join(clauses)


def settings(column: Object) -> Iterator[str]:
    """Yield what makes a column as it is once it is there. A default may need a function that needs the table."""
    value = column.attributes
    alter = f"alter table only {relation(column.name)} alter column {own(column.name)}"
    if value["default"] is not None and not value["generated"]:
        yield f"{alter} set default {value['default']}"
    if value["not null state"]:
        yield f"alter table {relation(column.name)} add not null {own(column.name)} {value['not null state']}"
    if value["of"] == "view":
        return
    if value["storage"]:
        yield f"{alter} set storage {value['storage']}"
    if value["compression"]:
        yield f"{alter} set compression {value['compression']}"
    if value["statistics target"] is not None:
        yield f"{alter} set statistics {value['statistics target']}"
    if isinstance(stored := value["options"], dict):
        listed = ", ".join(f"{identifier(name)} = {literal(str(one))}" for name, one in sorted(stored.items()))
        yield f"{alter} set ({listed})"
    if foreign := options_clause(value["foreign options"]):
        yield f"alter foreign table only {relation(column.name)} alter column {own(column.name)}{foreign}"


def create(column: Object) -> Iterator[str]:
    """Add the column to a table that is there; one that is inherited comes with its parent's."""
    if column.attributes["of"] in ("table", "foreign table") and column.attributes["inherited"] != "only":
        yield f"alter table {relation(column.name)} add column {definition(column)}"
    yield from settings(column)


def belongs(column: Object) -> Iterator[ObjectName]:
    """An inherited column, a partition's for example, goes with that of its parent."""
    for parent in cast("list[str]", column.attributes["inherited from"] or []):
        yield ObjectName("column", parts_of(parent))


def follows(column: Object) -> Collection[str]:
    """A column of a view is what the view's query and the tables in it make of it."""
    of_view = column.attributes["of"] in ("view", "materialized view")
    return ("", "position", "type", "not null", "collation") if of_view else ()


def trial(column: Object, _: str, expression: str) -> Trial:
    """Make the expression the column's default; what a column is generated from is tried over its table."""
    if column.attributes["generated"]:
        return of_row(column.name.parts[:-1], expression)
    table = relation(column.name)
    read = f"""
select pg_catalog.pg_get_expr(f.adbin, f.adrelid) from pg_catalog.pg_attrdef f
join pg_catalog.pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
where f.adrelid = pg_catalog.to_regclass({literal(table)}) and a.attname = {literal(column.name.parts[-1])}"""
    return Trial((f"alter table only {table} alter column {own(column.name)} set default {expression}",), read)


KIND = Kind(
    "column",
    catalog="pg_class",
    query=query,
    attributes={
        "of": Effect.DERIVED,
        "position": Effect.COSMETIC | Effect.ORDER,
        "type": Effect.INTEGRITY,
        "not null": Effect.INTEGRITY,
        "not null state": Effect.INTEGRITY,
        "default": Effect.INTEGRITY | Effect.EXPRESSION,
        "generated": Effect.INTEGRITY,
        "identity": Effect.INTEGRITY,
        "identity options": Effect.INTEGRITY,
        "collation": Effect.INTEGRITY,
        "storage": Effect.PERFORMANCE,
        "compression": Effect.PERFORMANCE,
        "statistics target": Effect.PERFORMANCE,
        "options": Effect.PERFORMANCE,
        "foreign options": Effect.INTEGRITY,
        "inherited": Effect.DERIVED,
        "inherited from": Effect.DERIVED,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("table", "view", "materialized view", "foreign table"),
    belongs=belongs,
    follows=follows,
    goes_with={"identity options": "identity", "default": "generated"},
    trial=trial,
    grant="column",
)
