"""HIS105 recorded-without-file."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import show_record
from pgproof.evidence.differences import Differences
from pgproof.evidence.history import History
from pgproof.model import Finding, Severity

_EACH_BY_ITSELF = 3
"""More were lost together, or squashed, and are one finding."""


@check(
    "HIS105",
    "recorded-without-file",
    Severity.WARNING,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- live:
-- apply all
-- record all
insert into schema_migrations values ('0002');
create table tag (id int primary key);
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- live:
-- apply all
-- record all
""",
)
def recorded_without_file(history: History, differences: Differences | None) -> Iterator[Finding]:
    """The live database records a migration that is not in the repository.

    ## Why
    What it did cannot be rebuilt, reviewed or compared. It was run from another branch, deleted, or renamed after it
    was applied; most tools refuse to go on. Objects that no file makes may come from it.

    ## Fix
    Find the file in another branch or in the history of the repository and bring it back; or remove the record when its
    effects are gone. Of files that were squashed into one, remove the records too, and mark the new file as applied.
    """
    extra = frozenset(d.name for d in differences.items if d.action == "extra") if differences else frozenset()
    lost = history.without_file
    if len(lost) > _EACH_BY_ITSELF:
        yield Finding(
            history.table,
            f"{len(lost)} migrations are recorded as applied, and no file in the repository has their versions",
            seen=(f"recorded in {history.table}: {', '.join(lost[:_EACH_BY_ITSELF])} … {lost[-1]}",),
            reproduce=f"table {history.table};",
            explains=extra,
        )
        return
    for number, version in enumerate(lost):
        yield Finding(
            f"migration {version}",
            "recorded as applied in the live database, and no file in the repository has this version",
            seen=(f"recorded in {history.table}: version {version}",),
            reproduce=show_record(history, version),
            explains=extra if number == 0 else frozenset(),
        )
