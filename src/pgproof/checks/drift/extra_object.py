"""DRF102 extra-object."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.drift.wording import belongings, perhaps, show, story
from pgproof.evidence.attribution import Attribution
from pgproof.evidence.differences import Differences
from pgproof.model import Finding, Severity


@check(
    "DRF102",
    "extra-object",
    Severity.WARNING,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key, body text not null);
-- live:
-- apply all
create index note_body on note (body);
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key, body text not null);
create index note_body on note (body);
-- live:
-- apply all
""",
)
def extra_object(differences: Differences, attribution: Attribution | None) -> Iterator[Finding]:
    """An object of the live database comes from no migration.

    ## Why
    Someone made it by hand. It is in no other environment, no test has seen it, the next rebuild loses it, and the
    next migration may collide with it.

    ## Fix
    Adopt it with a migration (`… if not exists`), or drop it.
    """
    which = differences.migrations or "the"  # a command does not tell how many it runs
    for difference in differences.items:
        if difference.action == "extra":
            yield Finding(
                difference.name,
                f"in the live database, made by none of {which} migrations{belongings(difference)}",
                seen=(*perhaps(difference, attribution), *story(difference, attribution)),
                reproduce=show(difference.name),
            )
