"""HIS110 listed-without-file."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.directories import Migrations
from pgproof.model import Finding, Severity

SHOWN = 5
"""How many files are named."""


@check(
    "HIS110",
    "listed-without-file",
    Severity.ERROR,
    bad="""
-- file: drizzle/meta/_journal.json
{"dialect": "postgresql", "entries": [
  {"idx": 0, "when": 1, "tag": "0000_note"}, {"idx": 1, "when": 2, "tag": "0001_tag"}
]}
-- file: drizzle/0000_note.sql
create table note (id int primary key);
""",
    ok="""
-- file: drizzle/meta/_journal.json
{"dialect": "postgresql", "entries": [{"idx": 0, "when": 1, "tag": "0000_note"}]}
-- file: drizzle/0000_note.sql
create table note (id int primary key);
""",
)
def listed_without_file(migrations: Migrations) -> Iterator[Finding]:
    """The migration tool's journal or plan lists migrations that are not in the repository.

    ## Why
    The tool stops at the first of them: no new database can be built, in no environment, and what they would do is
    known to nobody. They were deleted, renamed, or never committed.

    ## Fix
    Bring the files back from the history of the repository, or take them out of the journal or the plan where no
    database has run them.
    """
    absent = [file for file in migrations.directory.files if file.absent]
    if absent:
        names = [file.path.rpartition("/")[2] for file in absent]
        more = " …" * (len(names) > SHOWN)
        yield Finding(
            migrations.directory.path,
            f"{len(absent)} of the {len(migrations)} migrations that its journal or plan lists are not there",
            location=absent[0].place,
            seen=(f"listed, and no file: {', '.join(names[:SHOWN])}{more}",),
            detail=" ".join(file.version for file in absent),
        )
