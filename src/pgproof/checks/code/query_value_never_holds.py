"""COD208 query-value-never-holds."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code.refusals import ignoring
from pgproof.checks.code.rows import tell_rows
from pgproof.code.queries.rows import VALUE
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.prepared import Prepared
from pgproof.model import Finding, Severity


@check(
    "COD208",
    "query-value-never-holds",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_orders.sql
create table orders (id bigint primary key, status text not null check (status in ('open', 'paid', 'cancelled')));
-- file: orders.py
import psycopg

def cancel(connection: psycopg.Connection, order: int) -> None:
    connection.execute("update orders set status = 'canceled' where id = %s", (order,))
""",
    ok="""
-- file: migrations/0001_orders.sql
create table orders (id bigint primary key, status text not null check (status in ('open', 'paid', 'cancelled')));
-- file: orders.py
import psycopg

def cancel(connection: psycopg.Connection, order: int) -> None:
    connection.execute("update orders set status = 'cancelled' where id = %s", (order,))
""",
)
def query_value_never_holds(prepared: Prepared, ignores: CodeIgnores) -> Iterator[Finding]:
    """A query in the code writes or looks for a value that a CHECK constraint lets no row have.

    ## Why
    A written value is refused (23514); one that is looked for is never found, and the query returns nothing for ever,
    without an error. Usually the code and the constraint spell a status in two ways.

    ## Fix
    Use one of the values that the constraint allows, or allow the new one with a migration.
    """
    yield from tell_rows(prepared, VALUE, ignoring(ignores, "COD208", "query-value-never-holds"))
