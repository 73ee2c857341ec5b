"""What a migration tool recorded in a database: the rows of its history table, as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pgproof.migrations.layout import History
from pgproof.model.errors import PgproofError
from pgproof.server.session import Session
from pgproof.sql.quote import identifier

TABLES = """
select n.nspname::text, c.relname::text, pg_catalog.array_agg(a.attname::text order by a.attnum),
    pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select'),
    pg_catalog.row_security_active(c.oid)
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

    `readable` is false when the role may not read it, `filtered` true when row-level security would hide rows from it:
    then there are no values. `broken` counts rows without a value.
    """

    table: str
    column: str
    values: tuple[str, ...] = ()
    broken: int = 0
    readable: bool = True
    filtered: bool = False


def read_records(session: Session, history: History, foreign: Collection[str] = ()) -> Records | None:
    """Return what is recorded, or `None` when the database has no such table.

    A table in the tool's usual schema comes first; otherwise the only one of that name in any schema is taken, except
    for `foreign` ones: platforms have migrations of their own.

    Raises
    ------
    PgproofError
        A migration is running there at this moment.
    """
    names = [name for _, name in history.tables]
    found = {
        (schema, table): (columns, readable, filtered)
        for schema, table, columns, readable, filtered in session.rows(TABLES, (names,))
        if schema not in foreign or (schema, table) in history.tables
    }
    for schema, table in (*history.tables, *_elsewhere(list(found), history)):
        columns, readable, filtered = found.get((schema, table), ([], False, False))
        column = next((name for name in history.version if name in columns), None)
        if column is None:
            continue
        place, spelled = f"{identifier(schema)}.{identifier(table)}", identifier(column)
        if filtered or not readable:
            return Records(place, spelled, readable=readable, filtered=filtered)
        rows = _rows(session, place, spelled, history.counts)
        values = sorted(value for value in rows if value)
        return Records(place, spelled, tuple(values), len(rows) - len(values))
    return None


def _rows(session: Session, table: str, column: str, counts: str) -> list[str | None]:
    from psycopg.errors import LockNotAvailable

    where = f"where {counts}" if counts else ""
    try:
        return [value for (value,) in session.rows(" ".join(("select", f"{column}::text", "from", table, where)))]
    except LockNotAvailable:
        raise PgproofError(
            f"{table} could not be read: another session holds an exclusive lock on it.",
            "Run it again when no migration is running in that database.",
        ) from None


def _elsewhere(found: list[tuple[str, str]], history: History) -> list[tuple[str, str]]:
    names = [table for _, table in found]
    return [(s, t) for s, t in found if names.count(t) == 1 and (s, t) not in history.tables]
