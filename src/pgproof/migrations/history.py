"""What a migration tool recorded in a database: the rows of its history table, as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pgproof.migrations.layout import History
from pgproof.server.session import Session
from pgproof.sql.quote import identifier

TABLES = """
select n.nspname::text, c.relname::text, pg_catalog.array_agg(a.attname::text order by a.attnum),
    pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p') and c.relname = any ($1)
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by n.oid, n.nspname, c.oid, c.relname
order by n.nspname, c.relname
"""


@dataclass(frozen=True, slots=True)
class Records:
    """A history table: its qualified name and column as SQL writes them, and the values of that column, sorted.

    `readable` is false when the role may not read it. `broken` counts rows without a value.
    """

    table: str
    column: str
    values: tuple[str, ...] = ()
    broken: int = 0
    readable: bool = True


def read_records(session: Session, history: History, foreign: Collection[str] = ()) -> Records | None:
    """Return what is recorded, or `None` when the database has no such table.

    A table in the tool's usual schema comes first; otherwise the only one of that name in any schema is taken, except
    for `foreign` ones: platforms have migrations of their own.
    """
    names = [name for _, name in history.tables]
    found = {
        (schema, table): (columns, readable)
        for schema, table, columns, readable in session.rows(TABLES, (names,))
        if schema not in foreign or (schema, table) in history.tables
    }
    for schema, table in (*history.tables, *_elsewhere(list(found), history)):
        columns, readable = found.get((schema, table), ([], False))
        column = next((name for name in history.version if name in columns), None)
        if column is None:
            continue
        place, spelled = f"{identifier(schema)}.{identifier(table)}", identifier(column)
        if not readable:
            return Records(place, spelled, readable=False)
        where = f"where {history.counts}" if history.counts else ""
        rows = [value for (value,) in session.rows(" ".join(("select", f"{spelled}::text", "from", place, where)))]
        values = sorted(value for value in rows if value)
        return Records(place, spelled, tuple(values), len(rows) - len(values))
    return None


def _elsewhere(found: list[tuple[str, str]], history: History) -> list[tuple[str, str]]:
    names = [table for _, table in found]
    return [(s, t) for s, t in found if names.count(t) == 1 and (s, t) not in history.tables]
