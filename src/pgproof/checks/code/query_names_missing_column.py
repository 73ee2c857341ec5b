"""COD202 query-names-missing-column."""

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
    "COD202",
    "query-names-missing-column",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_members.sql
create table members (id bigint primary key, email text not null);
-- file: migrations/0002_rename.sql
alter table members rename column email to mail;
-- file: members.py
import asyncpg

async def find(pool: asyncpg.Pool, mail: str) -> object:
    return await pool.fetchrow("select id from members where email = $1", mail)
""",
    ok="""
-- file: migrations/0001_members.sql
create table members (id bigint primary key, email text not null);
-- file: migrations/0002_rename.sql
alter table members rename column email to mail;
-- file: members.py
import asyncpg

async def find(pool: asyncpg.Pool, mail: str) -> object:
    return await pool.fetchrow("select id from members where mail = $1", mail)
""",
)
def query_names_missing_column(
    prepared: Prepared, renames: Renames, target: Target, ignores: CodeIgnores
) -> Iterator[Finding]:
    """A query in the code names a column that its table does not have.

    ## Why
    PostgreSQL refuses the statement (42703) whenever the line runs. The usual cause is a column that was renamed or
    dropped by a migration while the SQL in a string stayed as it was.

    ## Fix
    Use the column's present name, which is given when a migration renamed it or when a similar one exists; or add the
    column with a migration.
    """
    yield from tell(
        prepared, renames, target, (Kind.COLUMN,), ignoring(ignores, "COD202", "query-names-missing-column")
    )
