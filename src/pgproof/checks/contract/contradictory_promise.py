"""CON201 contradictory-promise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.contract_promises import Arithmetic
from pgproof.model import Finding, Severity

_NUMBER = re.compile(r"\d+")
MIGRATIONS = """
-- file: migrations/0001_note.sql
create table note (id int primary key, body text, at timestamptz);
create index on note (body);
-- file: migrations/0002_tag.sql
create table tag (id int primary key, name text);
create index on tag (name);
"""


@check(
    "CON201",
    "contradictory-promise",
    Severity.WARNING,
    bad="""
-- file: pgproof.toml
[promises]
indexes = 3
[promises.part.notes]
indexes = 1
[promises.part.tags]
indexes = 1
"""
    + MIGRATIONS.strip(),
    ok="""
-- file: pgproof.toml
[promises]
indexes = 2
[promises.part.notes]
indexes = 1
[promises.part.tags]
indexes = 1
"""
    + MIGRATIONS.strip(),
)
def contradictory_promise(arithmetic: Arithmetic) -> Iterator[Finding]:
    """Numbers of one contract do not add up.

    ## Why
    When the parts have 59 indexes and the total says 60, one of the numbers was never counted. Whoever verifies the
    other one is content, and the missing index is found by its slowness.

    ## Fix
    Count again: the finding shows the parts. `CON202` compares each number with the database.
    """
    for one in arithmetic.contradictions:
        yield Finding(
            one.location.path, one.problem, location=one.location, seen=one.seen, detail=f"{one.word} {one.problem}"
        )
