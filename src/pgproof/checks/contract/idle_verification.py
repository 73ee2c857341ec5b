"""CON302 idle-verification."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.contract_verification import Verified
from pgproof.model import Finding, Severity


@check(
    "CON302",
    "idle-verification",
    Severity.WARNING,
    bad="""
-- file: pgproof.toml
[verify]
files = ["checks/verify.sql"]
-- file: checks/verify.sql
select count(*) from information_schema.table_constraints where constraint_type = 'FK';
select 'PASS';
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
    ok="""
-- file: pgproof.toml
[verify]
files = ["checks/verify.sql"]
-- file: checks/verify.sql
select count(*) from information_schema.table_constraints where constraint_type = 'PRIMARY KEY';
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
)
def idle_verification(verified: Verified) -> Iterator[Finding]:
    """A query of the team's own verification has the same answer whatever the database is like.

    ## Why
    `constraint_type = 'FK'` matches nothing, ever: the count is 0 with all foreign keys and without any. Such a query
    cannot fail, or cannot pass, and verifies nothing: it makes the list of checks longer.

    ## Fix
    Write what the catalog really holds (`'FOREIGN KEY'`), and say what is expected: `-- expect: 42`.
    """
    for one in verified.idle:
        detail = " ".join(one.query.text.split())[:200]
        yield Finding(
            one.query.location.path,
            f"this query always has the same answer: {one.problem}",
            location=one.query.location,
            reproduce=f"{one.query.text};",
            detail=detail,
        )
