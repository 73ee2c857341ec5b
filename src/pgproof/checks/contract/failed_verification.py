"""CON301 failed-verification."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.contract.verification import Outcome
from pgproof.evidence.contract_verification import Heard, Verified, VerifiedLive, reads_user_rows
from pgproof.model import Finding, Location, Severity


@check(
    "CON301",
    "failed-verification",
    Severity.ERROR,
    bad="""
-- file: pgproof.toml
[verify]
files = ["checks/*.sql"]
-- file: checks/verify.sql
-- expect: 2
select count(*) from information_schema.tables where table_schema = 'public';
select exists (select from pg_catalog.pg_policies where tablename = 'note');
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
    ok="""
-- file: pgproof.toml
[verify]
files = ["checks/*.sql"]
-- file: checks/verify.sql
-- expect: >= 1
select count(*) from information_schema.tables where table_schema = 'public';
select exists (select from pg_catalog.pg_tables where tablename = 'note') as note_is_there;
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
)
def failed_verification(verified: Verified, on_live: VerifiedLive | None) -> Iterator[Finding]:
    """A query of the team's own verification fails.

    ## Why
    The team wrote down how it would see that a migration has worked, and it has not. A query that the server refuses
    (a table or column that is not there) verifies nothing at all, whoever runs it.

    ## Fix
    Repair what the query found, or the query. What it expects is a boolean, a word such as PASS, a line of TAP, or the
    comment before it: `-- expect: >= 82`.
    """
    for script in verified.unread:
        yield Finding(script.path, f"the verification {script.problem}", location=Location(script.path))
    live = {one.query: one for one in on_live.heard} if on_live else {}
    for one in verified.heard:
        # Where the live database was asked its answer counts; rows are nothing that a replay has.
        if one.query in live or (not one.error and reads_user_rows(one.query)):
            continue
        if one.outcome is Outcome.FAIL:
            yield _finding(one, "on a copy of the live schema" if verified.proof else "on the replay")
    for one in live.values():
        if one.outcome is Outcome.FAIL:
            yield _finding(one, "in the live database")


def _finding(one: Heard, where: str) -> Finding:
    message = f"fails {where}: {one.error}" if one.error else f"says {where}: {one.answer}"
    text = one.query.text if len(one.query.text) < 2_000 else f"{one.query.text[:2_000]} …"
    return Finding(
        one.query.location.path,
        message,
        location=one.query.location,
        reproduce=f"{text};",
        detail=" ".join(one.query.text.split())[:200],
    )
