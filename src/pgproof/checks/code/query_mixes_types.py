"""COD204 query-mixes-types."""

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
    "COD204",
    "query-mixes-types",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_files.sql
create table files (id uuid primary key, owner_id integer not null);
create table accounts (id uuid primary key, name text not null);
-- file: files.py
import psycopg

def owners(connection: psycopg.Connection) -> object:
    return connection.execute("select a.name from files f join accounts a on a.id = f.owner_id").fetchall()
""",
    ok="""
-- file: migrations/0001_files.sql
create table files (id uuid primary key, owner_id uuid not null);
create table accounts (id uuid primary key, name text not null);
-- file: files.py
import psycopg

def owners(connection: psycopg.Connection) -> object:
    return connection.execute("select a.name from files f join accounts a on a.id = f.owner_id").fetchall()
""",
)
def query_mixes_types(prepared: Prepared, renames: Renames, target: Target, ignores: CodeIgnores) -> Iterator[Finding]:
    """A query in the code compares or assigns values whose types do not go together.

    ## Why
    PostgreSQL has no operator for the two types, or does not convert one to the other by itself (42883, 42804): the
    statement is refused whenever the line runs. Errors that only a parameter's type could cause are not reported.

    ## Fix
    Compare columns of one type, or write the cast that is meant, for example `owner_id::text = account.reference`.
    """
    yield from tell(prepared, renames, target, (Kind.MISMATCH,), ignoring(ignores, "COD204", "query-mixes-types"))
