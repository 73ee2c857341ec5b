"""Rows, sizes and last use of the live database's tables: estimated, and exact only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.catalog.fragments import MASK, SECRETS
from pgproof.model import Gap, ObjectName
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from pgproof.server.session import Session

LAST_USE_SINCE = 160000
"""pg_stat_all_tables has `last_seq_scan` and `last_idx_scan` since PostgreSQL 16 (manual, section 27.2.19)."""
LONGEST = 200
"""Characters that are shown of a sample's value."""
SHOWN = 3

# `reltuples` is -1 until the first VACUUM or ANALYZE (manual, section 53.11).
_ESTIMATES = """
select n.nspname::text, c.relname::text,
  case when c.reltuples >= 0 then c.reltuples::bigint end,
  case when c.relkind <> 'p' then pg_catalog.pg_total_relation_size(c.oid) end,
  {last}
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""
_LAST = "pg_catalog.to_char(greatest(s.last_seq_scan, s.last_idx_scan), 'YYYY-MM-DD HH24:MI')"

# `t.*` is the row, also where a column is called `t`.
_SAMPLE = f"""
select coalesce((
  select pg_catalog.jsonb_object_agg(e.key, case
    when e.key ~* '{SECRETS}' and pg_catalog.jsonb_typeof(e.value) not in ('null', 'boolean')
      then pg_catalog.to_jsonb('{MASK}'::text)
    when pg_catalog.length(e.value::text) > {LONGEST + 2}
      then pg_catalog.to_jsonb(pg_catalog."left"(e.value #>> '{{{{}}}}', {LONGEST}) || '…')
    else e.value end)
  from pg_catalog.jsonb_each(pg_catalog.to_jsonb(t.*)) e), '{{{{}}}}')::text
from {{}} t limit {{}}
"""  # noqa: S608 - constants
"""Long values are cut, and those masked whose columns sound like secrets, by the server: they are never read."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one table's rows, by the field of TableEntry."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is known of the tables' rows, by name, and what could not be counted."""

    of: Mapping[ObjectName, Measured]
    gaps: tuple[Gap, ...] = ()


def read_statistics(session: Session, names: Sequence[ObjectName], *, exact: bool, sample: int) -> Statistics:
    """Read the estimates of all tables in one query; when asked to, count and sample those of `names` one by one."""
    import psycopg

    last = _LAST if session.version >= LAST_USE_SINCE else "null"
    found: dict[tuple[str, ...], list[Any]] = {
        (schema, table): rest for schema, table, *rest in session.rows(_ESTIMATES.format(last=last))
    }
    measured: dict[ObjectName, Measured] = {}
    refused: list[str] = []
    for name in names:
        rows, size, used = found.get(name.parts, [None, None, None])
        fields: dict[str, Any] = {"size_bytes": size, "used": used or ""}
        if rows is not None:
            fields |= {"rows": rows, "rows_are": "estimated"}
        if exact or sample:
            try:
                fields |= _looked_at(session, name, exact=exact, sample=sample)
            except psycopg.Error as error:
                refused.append(f"{name} ({str(error).splitlines()[0]})")
        measured[name] = Measured(fields)
    return Statistics(measured, tuple(_refusals(refused)))


def _looked_at(session: Session, name: ObjectName, *, exact: bool, sample: int) -> dict[str, Any]:
    table = ".".join(map(identifier, name.parts))
    fields: dict[str, Any] = {}
    if exact:
        ((rows,),) = session.rows(f"select count(*) from {table}")  # noqa: S608 - quoted
        fields |= {"rows": rows, "rows_are": "exact"}
    if sample:
        rows = session.rows(_SAMPLE.format(table, sample))
        fields["sample"] = tuple(text for (text,) in rows)
    return fields


def _refusals(refused: Sequence[str]) -> Iterator[Gap]:
    if refused:
        more = f" and {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
        yield Gap(
            f"the rows of {', '.join(refused[:SHOWN])}{more}",
            way_out="grant select on these tables to the role; pgproof explain live-role prints the grants",
        )
