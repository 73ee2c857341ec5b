"""Extended statistics (pg_statistic_ext; manual, section 14.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, reference, role
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import parts_of, qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal


@cache
def query(version: int) -> str:
    """PostgreSQL 17 writes "no statistics target" as NULL, older versions as -1."""
    target = "s.stxstattarget" if version >= 170000 else "nullif(s.stxstattarget, -1)"
    return f"""
select s.oid, 0 as subid, array[n.nspname, s.stxname] as name,
  {reference("cn.nspname", "c.relname")} as "table",
  (select pg_catalog.array_agg(case k when 'd' then 'ndistinct' when 'f' then 'dependencies' else 'mcv' end order by k)
     from pg_catalog.unnest(s.stxkind) k where k <> 'e') as kinds,
  pg_catalog.pg_get_statisticsobjdef_columns(s.oid) as columns,
  {target} as "statistics target",
  {role("s.stxowner")} as owner,
  d.description as comment
from pg_catalog.pg_statistic_ext s
join pg_catalog.pg_namespace n on n.oid = s.stxnamespace and {USER_SCHEMA}
join pg_catalog.pg_class c on c.oid = s.stxrelid
join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
{comments("s.oid", "pg_statistic_ext")}
where {no_member("s.oid", "pg_statistic_ext")} and {no_member("c.oid", "pg_class")}
"""


def _statement(statistics: Object, name: str, columns: str) -> str:
    value = statistics.attributes
    kinds = ", ".join(cast("list[str]", value["kinds"] or []))
    return f"create statistics {name} {f'({kinds}) ' if kinds else ''}on {columns} from {value['table']}"


def create(statistics: Object) -> Iterator[str]:
    """Make the statistics object."""
    name = qualified(statistics.name.parts)
    yield _statement(statistics, name, str(statistics.attributes["columns"]))
    if statistics.attributes["statistics target"] is not None:
        yield f"alter statistics {name} set statistics {statistics.attributes['statistics target']}"


def belongs(statistics: Object) -> Iterator[ObjectName]:
    """A statistics object goes with its table."""
    for kind in ("table", "materialized view", "foreign table"):
        yield ObjectName(kind, parts_of(str(statistics.attributes["table"])))


def trial(statistics: Object, _: str, columns: str) -> Trial:
    """Make the statistics object once more under another name."""
    schema = statistics.name.schema
    read = f"""
select pg_catalog.pg_get_statisticsobjdef_columns(s.oid) from pg_catalog.pg_statistic_ext s
join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
where n.nspname = {literal(schema)} and s.stxname = 'pgproof_trial'"""
    return Trial((_statement(statistics, f"{identifier(schema)}.pgproof_trial", columns),), read)


KIND = Kind(
    "statistics object",
    catalog="pg_statistic_ext",
    query=query,
    attributes={
        "table": Effect.PERFORMANCE,
        "kinds": Effect.PERFORMANCE,
        "columns": Effect.PERFORMANCE | Effect.EXPRESSION,
        "statistics target": Effect.PERFORMANCE,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    belongs=belongs,
    existence=Effect.PERFORMANCE,
    renames=True,
    trial=trial,
    word="statistics",
)
