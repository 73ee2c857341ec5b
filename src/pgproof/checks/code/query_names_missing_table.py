"""COD201 query-names-missing-table."""

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
    "COD201",
    "query-names-missing-table",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_invoices.sql
create table invoices (id bigint primary key, total numeric not null);
-- file: billing.py
import psycopg

def total(connection: psycopg.Connection) -> None:
    connection.execute("select total from invoices where id = %s", (1,))
    connection.execute("select sum(total) from invoice where id = %s", (1,))
""",
    ok="""
-- file: migrations/0001_invoices.sql
create table invoices (id bigint primary key, total numeric not null);
-- file: billing.py
import psycopg

def total(connection: psycopg.Connection) -> None:
    connection.execute("select sum(total) from invoices where id = %s", (1,))
""",
)
def query_names_missing_table(
    prepared: Prepared, renames: Renames, target: Target, ignores: CodeIgnores
) -> Iterator[Finding]:
    """A query in the code names a table or view that does not exist.

    ## Why
    PostgreSQL refuses the statement (42P01) whenever the line runs. No type checker reads SQL in a string, and a test
    with a mocked database passes.

    ## Fix
    Correct the name. A table that a migration dropped or renamed is named with the migration that did it; one that
    was never made needs a migration. A table that the code itself creates before is known from its CREATE TABLE.
    """
    yield from tell(prepared, renames, target, (Kind.TABLE,), ignoring(ignores, "COD201", "query-names-missing-table"))
