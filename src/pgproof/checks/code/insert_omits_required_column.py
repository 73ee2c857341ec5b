"""COD207 insert-omits-required-column."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code.refusals import ignoring
from pgproof.checks.code.rows import tell_rows
from pgproof.code.queries.rows import OMITTED
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.prepared import Prepared
from pgproof.model import Finding, Severity


@check(
    "COD207",
    "insert-omits-required-column",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_notes.sql
create table notes (id bigint generated always as identity primary key, body text not null, author_id bigint not null);
-- file: notes.py
import psycopg

def add(connection: psycopg.Connection, body: str) -> None:
    connection.execute("insert into notes (body) values (%s)", (body,))
""",
    ok="""
-- file: migrations/0001_notes.sql
create table notes (id bigint generated always as identity primary key, body text not null, author_id bigint not null);
-- file: notes.py
import psycopg

def add(connection: psycopg.Connection, body: str, author: int) -> None:
    connection.execute("insert into notes (body, author_id) values (%s, %s)", (body, author))
""",
)
def insert_omits_required_column(prepared: Prepared, ignores: CodeIgnores) -> Iterator[Finding]:
    """An INSERT in the code leaves out a column that is NOT NULL and has no default.

    ## Why
    PostgreSQL accepts the statement and refuses each row (23502). It is found in production, because whoever wrote
    the INSERT tested it before the column was added.

    ## Fix
    Give the column in the INSERT, or a default with a migration. A trigger that fills it is taken into account.
    """
    yield from tell_rows(prepared, OMITTED, ignoring(ignores, "COD207", "insert-omits-required-column"))
