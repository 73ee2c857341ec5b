"""COD206 query-is-malformed."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code.refusals import ignoring, tell
from pgproof.code.queries.verdict import Kind
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.prepared import Prepared
from pgproof.evidence.renames import Renames
from pgproof.evidence.target import Target
from pgproof.model import Finding, Severity


@check(
    "COD206",
    "query-is-malformed",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_orders.sql
create table orders (id bigint primary key, customer_id bigint not null, total numeric not null);
-- file: orders.py
import psycopg

def totals(connection: psycopg.Connection) -> object:
    return connection.execute("select customer_id, sum(total) from orders").fetchall()
""",
    ok="""
-- file: migrations/0001_orders.sql
create table orders (id bigint primary key, customer_id bigint not null, total numeric not null);
-- file: orders.py
import psycopg

def totals(connection: psycopg.Connection) -> object:
    return connection.execute("select customer_id, sum(total) from orders group by customer_id").fetchall()
""",
)
def query_is_malformed(prepared: Prepared, renames: Renames, target: Target, ignores: CodeIgnores) -> Iterator[Finding]:
    """A query in the code is no statement that PostgreSQL could run: its syntax, its grouping, an ambiguous name.

    ## Why
    The text stands in the code as it is, goes to a PostgreSQL client, and is refused whenever the line runs (42601,
    42702, 42803). Texts that are put together at run time are not judged by their syntax.

    ## Fix
    Correct the statement at the place that PostgreSQL names. An ambiguous column wants its table's name before it; a
    column beside an aggregate wants to be in GROUP BY.
    """
    yield from tell(prepared, renames, target, (Kind.FORM,), ignoring(ignores, "COD206", "query-is-malformed"))
