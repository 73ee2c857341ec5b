"""COD203 query-calls-missing-function."""

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
    "COD203",
    "query-calls-missing-function",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_jobs.sql
create table jobs (id bigint primary key, state text not null);
create function claim_job(worker text) returns bigint language sql as 'select id from jobs limit 1';
-- file: worker.py
import psycopg

def claim(connection: psycopg.Connection) -> object:
    return connection.execute("select claim_next_job(%s)", ("w1",)).fetchone()
""",
    ok="""
-- file: migrations/0001_jobs.sql
create table jobs (id bigint primary key, state text not null);
create function claim_job(worker text) returns bigint language sql as 'select id from jobs limit 1';
-- file: worker.py
import psycopg

def claim(connection: psycopg.Connection) -> object:
    return connection.execute("select claim_job(%s)", ("w1",)).fetchone()
""",
)
def query_calls_missing_function(
    prepared: Prepared, renames: Renames, target: Target, ignores: CodeIgnores
) -> Iterator[Finding]:
    """A query in the code calls a function, or names a type, that does not exist.

    ## Why
    PostgreSQL refuses the statement (42883, 42704) whenever the line runs. It also says so when a function of that
    name exists and takes other arguments.

    ## Fix
    Correct the name or the arguments, add a cast, or make the function with a migration. A function of an extension
    needs `create extension` in the migrations.
    """
    yield from tell(
        prepared,
        renames,
        target,
        (Kind.FUNCTION, Kind.TYPE),
        ignoring(ignores, "COD203", "query-calls-missing-function"),
    )
