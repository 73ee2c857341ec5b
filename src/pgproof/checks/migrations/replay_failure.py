"""MIG103 replay-failure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.failures import Failures
from pgproof.migrations.observation import Failure
from pgproof.model import Finding, ObjectName, Severity
from pgproof.model.name import ROUTINES, quoted


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
            f"{failure.message} ({failure.sqlstate})" if failure.sqlstate else failure.message,
            location=failure.location or observation.location,
            seen=tuple(
                line
                for line in (
                    f"replayed on {failures.server}: the statement fails",
                    _detail(failure, observation.text),
                    failure.hint and f"hint: {failure.hint}",
                    root.meant and not failure.hint and f"there is a column {quoted(root.meant)}",
                    root.made_later and f"it is made later, by {root.made_later}",
                    root.elsewhere and _elsewhere(root.elsewhere),
                )
                if line
            ),
            consequences=tuple(f"{c.location}: {c.failure.message}" for c in root.caused if c.failure),
            detail=f"{failure.sqlstate} {failure.message}",
        )


def _elsewhere(name: ObjectName) -> str:
    if name.kind in ROUTINES:
        return f"there is {name}"
    return f"there is {name}: a search path that only the project's own connection sets is not known here"


def _detail(failure: Failure, statement: str) -> str:
    """Return the server's detail in one line, without values of rows: they may be random, or the time of the run."""
    first, *more = failure.detail.splitlines() or [""]
    if not first or first.startswith("Failing row contains"):
        return ""
    key = _KEY.fullmatch(first)
    shown = first if key is None or key[2] in statement else f"{key[1]}{key[3]}"
    return f"detail: {shown} (and {len(more)} more)" if more else f"detail: {shown}"


_KEY = re.compile(r"(Key \(.+\))=\((.*)\)(.*)")
