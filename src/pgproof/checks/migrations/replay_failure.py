"""MIG103 replay-failure."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.failures import Failures
from pgproof.model import Finding, Severity


@check(
    "MIG103",
    "replay-failure",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_state.sql
create index note_state on note (state);
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key, state text);
-- file: migrations/0002_state.sql
create index note_state on note (state);
""",
)
def replay_failure(failures: Failures) -> Iterator[Finding]:
    """A migration fails when the files are run in order on an empty database.

    ## Why
    A new environment cannot be built from these files: not the next developer's, not the next test run, not the one
    after a disaster. What the statement should have made does not exist, or was made by hand where it does.

    ## Fix
    Repair the statement when no database has run it yet; otherwise add what it needs in an earlier migration, or start
    from a dump of what exists: `pgproof check --base dump.sql`.
    """
    for root in failures.roots:
        observation, failure = root.observation, root.failure
        yield Finding(
            observation.origin,
            f"{failure.message} ({failure.sqlstate})",
            location=failure.location or observation.location,
            seen=tuple(
                line
                for line in (
                    f"replayed on {failures.server}: the statement fails",
                    failure.detail and f"detail: {failure.detail}",
                    failure.hint and f"hint: {failure.hint}",
                    root.made_later and f"it is made later, by {root.made_later}",
                )
                if line
            ),
            consequences=tuple(f"{c.location}: {c.failure.message}" for c in root.caused if c.failure),
            detail=f"{failure.sqlstate} {failure.message}",
        )
