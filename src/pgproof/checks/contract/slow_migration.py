"""CON203 slow-migration."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.contract_promises import Budgets
from pgproof.model import Finding, ObjectName, Severity


@check(
    "CON203",
    "slow-migration",
    Severity.WARNING,
    bad="""
-- file: pgproof.toml
[promises.part.notes]
migration = "0001_note.sql"
time = "20ms"
-- file: migrations/0001_note.sql
create table note (id int primary key);
select pg_sleep(0.1);
""",
    ok="""
-- file: pgproof.toml
[promises.part.notes]
migration = "0001_note.sql"
time = "2min"
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
)
def slow_migration(budgets: Budgets) -> Iterator[Finding]:
    """A migration takes longer on the replay than was promised, although the tables there are empty.

    ## Why
    On the live database it works on real rows and waits for real locks: what is over its budget on an empty copy is
    over it there. The other way round nothing follows: a migration that keeps to its budget here may still be slow.

    ## Fix
    Look at which statement takes the time, or plan for more. The replay's own time depends on the machine that it ran
    on, and is no part of a result.
    """
    for promise in budgets.exceeded:
        what = f"migration {promise.migration} takes" if promise.migration else "all migrations together take"
        yield Finding(
            ObjectName("promise", (promise.name or "total",)),
            f"{what} longer than the {promise.budget_ms} ms promised, on the replay with its empty tables",
            location=promise.location,
            detail="time",
        )
