"""COD209 conflict-without-index."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code.refusals import ignoring
from pgproof.checks.code.rows import tell_rows
from pgproof.code.queries.rows import CONFLICT
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.prepared import Prepared
from pgproof.model import Finding, Severity


@check(
    "COD209",
    "conflict-without-index",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_settings.sql
create table settings (owner bigint not null, key text not null, value text, primary key (owner, key));
-- file: settings.py
import psycopg

def put(connection: psycopg.Connection, owner: int, key: str, value: str) -> None:
    connection.execute(
        "insert into settings (owner, key, value) values (%s, %s, %s) on conflict (key) do nothing", (owner, key, value)
    )
""",
    ok="""
-- file: migrations/0001_settings.sql
create table settings (owner bigint not null, key text not null, value text, primary key (owner, key));
-- file: settings.py
import psycopg

def put(connection: psycopg.Connection, owner: int, key: str, value: str) -> None:
    connection.execute(
        "insert into settings (owner, key, value) values (%s, %s, %s) on conflict (owner, key) do nothing",
        (owner, key, value),
    )
""",
)
def conflict_without_index(prepared: Prepared, ignores: CodeIgnores) -> Iterator[Finding]:
    """An INSERT in the code names columns in ON CONFLICT that no unique constraint or index has.

    ## Why
    PostgreSQL looks for exactly these columns (manual, INSERT) and refuses the statement (42P10) whenever the line
    runs.

    ## Fix
    Name the columns of a unique constraint, or add one with a migration.
    """
    yield from tell_rows(prepared, CONFLICT, ignoring(ignores, "COD209", "conflict-without-index"))
