"""COD205 query-has-invalid-literal."""

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
    "COD205",
    "query-has-invalid-literal",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_tickets.sql
create table tickets (id bigint primary key, priority integer not null);
-- file: tickets.py
import psycopg

def urgent(connection: psycopg.Connection) -> object:
    return connection.execute("select id from tickets where priority = 'High'").fetchall()
""",
    ok="""
-- file: migrations/0001_tickets.sql
create table tickets (id bigint primary key, priority integer not null);
-- file: tickets.py
import psycopg

def urgent(connection: psycopg.Connection) -> object:
    return connection.execute("select id from tickets where priority = '3'").fetchall()
""",
)
def query_has_invalid_literal(
    prepared: Prepared, renames: Renames, target: Target, ignores: CodeIgnores
) -> Iterator[Finding]:
    """A query in the code holds a literal that is no value of the type it is compared with or assigned to.

    ## Why
    An integer compared with a word, a label that an enum does not have, a date that is none: PostgreSQL refuses the
    statement (22P02, 22007) whenever the line runs, whatever the rows are.

    ## Fix
    Write a value of the column's type. For an enum, use one of its labels, or add the label with a migration.
    """
    yield from tell(
        prepared, renames, target, (Kind.LITERAL,), ignoring(ignores, "COD205", "query-has-invalid-literal")
    )
