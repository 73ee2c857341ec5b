"""What a migration tool recorded in a database: the rows of its history table, as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

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

SHAPED = (
    f"{TABLES[: TABLES.index('where')]}"
    """
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by n.oid, n.nspname, c.oid, c.relname
having pg_catalog.array_agg(a.attname::text order by a.attname::text) = $1::text[]
order by n.nspname, c.relname
"""
)


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One row: the version, whether it counts as applied, and what else the tool recorded of it.

    `state` is a `State` or `""`, `through` a version up to which everything counts as applied. `statements` is what was
    really run, where the tool keeps that.
    """

    value: str
    counts: bool = True
    checksum: str = ""
    state: str = ""
    through: str = ""
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """A history table: its qualified name and what names a migration as SQL writes them, and its rows.

    The rows are sorted by what they name, and those of one migration in the order in which they were written.

    `readable` is false when the role may not read it, `filtered` true when row-level security would hide rows from it:
    then there are no rows. `broken` counts rows without a version.
    """

    table: str
    column: str
    rows: tuple[Row, ...] = ()
    broken: int = 0
    readable: bool = True
    filtered: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """The versions that are recorded as applied."""
        return tuple(row.value for row in self.rows if row.counts)


def read_records(session: Session, history: History, foreign: Collection[str] = ()) -> Records | None:
    """Return what is recorded, or `None` when the database has no such table.

    A table in the tool's usual schema comes first; otherwise the only one of that name in any schema is taken, except
    for `foreign` ones: platforms have migrations of their own. Where there is none, it is the only one that has just
    the columns of the tool's.

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
    if not found and history.shape:
        shaped = [row for row in session.rows(SHAPED, (sorted(history.shape),)) if row[0] not in foreign]
        found = {(schema, table): tuple(rest) for schema, table, *rest in shaped if len(shaped) == 1}
    for schema, table in (*history.tables, *_elsewhere(list(found), history)):
        columns, readable, filtered = found.get((schema, table), ([], False, False))
        column = next((name for name in history.version if name in columns), None)
        if column is None:
            continue
        place, spelled = f"{identifier(schema)}.{identifier(table)}", history.value or identifier(column)
        if filtered or not readable:
            return Records(place, spelled, readable=readable, filtered=filtered)
        rows = _rows(session, place, spelled, frozenset(columns), history)
        if rows is None:
            continue
        named = sorted((row for row in rows if row.value), key=lambda row: row.value)
        return Records(place, spelled, tuple(named), len(rows) - len(named))
    return None


def other_histories(
    session: Session, own: str, histories: Mapping[str, History], foreign: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return the history tables of other tools, each as SQL writes it with the tool's name; `own` is the one in use.

    Only tables in their tools' usual places count, and no table that several tools have.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for tool, history in histories.items():
        for place in history.tables:
            places.setdefault(place, []).append(tool)
    names = sorted({table for _, table in places})
    found = [(schema, table) for schema, table, *_ in session.rows(TABLES, (names,)) if schema not in foreign]
    told = [(f"{identifier(schema)}.{identifier(table)}", places.get((schema, table), [])) for schema, table in found]
    return [(place, tools[0]) for place, tools in told if len(tools) == 1 and place != own]


def _rows(session: Session, table: str, column: str, columns: Collection[str], history: History) -> list[Row] | None:
    """Return the rows, `None` when the table only has the name of the tool's, and other columns."""
    from psycopg.errors import DatatypeMismatch, LockNotAvailable, UndefinedColumn, UndefinedFunction

    known = set(history.state_columns) <= set(columns)
    asked = (
        f"({history.value or column})::text",
        f"coalesce({history.counts or 'true'}, false)",
        f"{identifier(history.checksum)}::text" if history.checksum in columns else "null",
        history.state if history.state and known else "null",
        f"({history.through})::text" if history.through and known else "null",
        f"{identifier(history.statements)}" if history.statements in columns else "null",
    )
    ordered = ("order by", identifier(history.order)) if history.order in columns else ()
    try:
        found = session.rows(" ".join(("select", ", ".join(asked), "from", table, *ordered)))
    except (DatatypeMismatch, UndefinedColumn, UndefinedFunction):
        return None
    except LockNotAvailable:
        raise PgproofError(
            f"{table} could not be read: another session holds an exclusive lock on it.",
            "Run it again when no migration is running in that database.",
        ) from None
    return [
        Row(value or "", counts, checksum or "", state or "", through or "", _statements(statements))
        for value, counts, checksum, state, through, statements in found
    ]


def _statements(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list) else [value]
    return tuple(str(one) for one in several if one)


def _elsewhere(found: list[tuple[str, str]], history: History) -> list[tuple[str, str]]:
    names = [table for _, table in found]
    return [(s, t) for s, t in found if names.count(t) == 1 and (s, t) not in history.tables]
