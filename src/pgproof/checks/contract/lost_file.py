"""CON104 lost-file."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.contract import Features
from pgproof.model import Finding, ObjectName, Severity


@check(
    "CON104",
    "lost-file",
    Severity.WARNING,
    bad="""
-- file: pgproof.toml
[feature.notes]
files = ["src/notes.ts"]
needs = ["note"]
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
    ok="""
-- file: pgproof.toml
[feature.notes]
files = ["src/notes.ts"]
needs = ["note"]
-- file: src/notes.ts
export const notes = [];
-- file: migrations/0001_note.sql
create table note (id int primary key);
""",
)
def lost_file(features: Features) -> Iterator[Finding]:
    """A contract names a file that implements the feature, and there is no such file.

    ## Why
    The code was moved or removed and the contract was not. Whoever looks up what a missing table breaks is sent to a
    file that does not exist, and what the contract says of the code cannot be verified.

    ## Fix
    Name the file where the code is now; remove the feature when it is gone.
    """
    for feature, file in features.lost_files:
        subject = ObjectName("feature", (feature.name,))
        yield Finding(subject, f"names the file {file}, which is not there", location=feature.location, detail=file)
