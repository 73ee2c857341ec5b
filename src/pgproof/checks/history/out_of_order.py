"""HIS102 out-of-order."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import show_record
from pgproof.evidence.directories import Migrations
from pgproof.evidence.history import History
from pgproof.model import Finding, Severity


@check(
    "HIS102",
    "out-of-order",
    Severity.WARNING,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- file: migrations/0003_link.sql
create table link (id int primary key);
-- live:
-- apply 0001 0003
-- record 0001 0003
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- live:
-- apply 0001
-- record 0001
""",
)
def out_of_order(migrations: Migrations, history: History) -> Iterator[Finding]:
    """A migration is not applied, though a later one is.

    ## Why
    It will run after a migration that was written and tested to come after it. Some tools skip it in silence, others
    refuse to go on; a new environment runs the files in another order than this database did.

    ## Fix
    Give it a version after the newest one that is applied, unless both are known not to depend on each other.
    """
    order = {file.path: number for number, file in enumerate(migrations.directory.files)}
    if not history.applied:
        return
    newest = max(history.applied, key=lambda file: order[file.path])
    for file in history.pending:
        if order[file.path] < order[newest.path] and not file.conditional:
            yield Finding(
                file.path,
                f"not applied, though {newest.path.rpartition('/')[2]}, which comes after it, is",
                location=file.place,
                seen=(f"recorded in {history.table}: version {newest.version}, not {file.version}",),
                reproduce=show_record(history, file.version),
            )
