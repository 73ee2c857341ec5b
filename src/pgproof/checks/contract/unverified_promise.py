"""CON303 unverified-promise."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.contract_verification import Verified
from pgproof.evidence.settings import Settings
from pgproof.model import Finding, Severity

NAMED = 40


@check(
    "CON303",
    "unverified-promise",
    Severity.WARNING,
    bad="""
-- file: pgproof.toml
[promises.names]
tables = ["note", "tag"]
[verify]
files = ["checks/verify.sql"]
-- file: checks/verify.sql
select exists (select from information_schema.tables where table_name = 'note');
-- file: migrations/0001_note.sql
create table note (id int primary key);
create table tag (id int primary key);
""",
    ok="""
-- file: pgproof.toml
[promises.names]
tables = ["note", "tag"]
[verify]
files = ["checks/verify.sql"]
-- file: checks/verify.sql
select count(*) = 2 from information_schema.tables where table_name in ('note', 'tag');
-- file: migrations/0001_note.sql
create table note (id int primary key);
create table tag (id int primary key);
""",
)
def unverified_promise(verified: Verified, settings: Settings) -> Iterator[Finding]:
    """The team's own verification does not notice when promised objects are missing.

    ## Why
    "10 of 10 checks passed" says nothing of the eleven promised objects that no check looks at. Each promised object
    was dropped from a copy of the replayed schema, and every query was run again: an answer that stays the same checks
    something else.

    ## Fix
    Add a query for each object that is named, or leave it to the contract: `needs` of a feature, `names` of a promise.
    """
    if not verified.unnoticed:
        return
    place = settings.config.contract.verification.location
    seen = verified.promised - len(verified.unnoticed)
    names = [f"{name.kind} {name}" for name in verified.unnoticed]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    yield Finding(
        place.path,
        f"the verification notices {seen} of {verified.promised} promised objects when they are missing",
        location=place,
        seen=(f"dropped, and no answer changed: {', '.join(names[:NAMED])}{more}",),
        detail="coverage",
    )
