"""What plpgsql_check says of the bodies, on a server that has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.probes.bodies.routine import Firing, Routine
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from psycopg import Connection

EXTENSION, SCHEMA = "plpgsql_check", "pgproof_check"
LIMIT_S = 30
"""How long it may think about one function."""
INSTALLED = """
select n.nspname::text, e.extversion::text from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'plpgsql_check'
"""
TRIGGER = """
select t.tgrelid::bigint, t.tgoldtable::text, t.tgnewtable::text from pg_catalog.pg_trigger t
where t.tgfoid = %s and t.tgrelid = %s::pg_catalog.regclass and t.tgname = %s
"""
ASK = """
select lineno, sqlstate, message from {}.plpgsql_check_function_tb(
  %s::pg_catalog.oid::pg_catalog.regprocedure, %s::pg_catalog.oid::pg_catalog.regclass, oldtable := %s, newtable := %s,
  fatal_errors := false, other_warnings := false, performance_warnings := false, extra_warnings := false)
where level = 'error'
"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One error that it reports: `line` counts in the body from 1, 0 when it says none."""

    sqlstate: str
    message: str
    line: int = 0


def installed(connection: Connection[Any]) -> tuple[str, str] | None:
    """Return the extension's schema and version, `None` where it was not created."""
    found = connection.execute(INSTALLED).fetchone()
    return (found[0], found[1]) if found else None


def ask(connection: Connection[Any], schema: str, routine: Routine) -> tuple[Opinion, ...]:
    """Let plpgsql_check look at a routine, a trigger function with each of its triggers.

    Raises psycopg.Error: OperationalError when it ended the server.
    """
    found = dict.fromkeys(
        Opinion(sqlstate or "", message, line or 0)
        for firing in routine.firings or ((None,) if not routine.is_trigger else ())
        for line, sqlstate, message in _errors(connection, schema, routine, firing)
    )
    return tuple(found)


def _errors(
    connection: Connection[Any], schema: str, routine: Routine, firing: Firing | None
) -> Iterator[tuple[int | None, str | None, str]]:
    of: tuple[Any, ...] = (0, None, None)
    if firing:
        of = connection.execute(TRIGGER, [routine.oid, firing.table, firing.trigger]).fetchone() or of
    yield from connection.execute(ASK.format(identifier(schema)).encode(), [routine.oid, *of]).fetchall()
