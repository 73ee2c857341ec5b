"""DRF104 renamed-object."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.alike import alike
from pgproof.checks.check import check
from pgproof.checks.drift.wording import severity, show, story
from pgproof.evidence.attribution import Attribution
from pgproof.evidence.differences import Differences
from pgproof.model import Finding, Severity


@check(
    "DRF104",
    "renamed-object",
    Severity.NOTE,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key, body text not null);
create index note_body on note (body);
-- live:
-- apply all
alter index note_body rename to note_body_idx;
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key, body text not null);
create index note_body on note (body);
-- live:
-- apply all
""",
)
def renamed_object(differences: Differences, attribution: Attribution | None) -> Iterator[Finding]:
    """The same definition has another name in the live database.

    ## Why
    It does what was promised, but the next migration that drops or alters it by name fails; and so does, for a table, a
    view or a type, all code that names it.

    ## Fix
    Rename it (`alter … rename to …`) on one of the two sides.
    """
    for difference, *following in alike(one for one in differences.items if one.action == "renamed"):
        yield Finding(
            difference.name,
            f"{difference.name.kind} is named {difference.live} in the live database",
            location=differences.origin(difference.name),
            seen=(
                "read from both catalogs: the definitions are equal, the names are not",
                *story(difference, attribution),
            ),
            reproduce=show(difference.name),
            severity=severity(difference),
            explains=frozenset({difference.name}),
            consequences=tuple(f"{one.name.kind} {one.name} is named {one.live}" for one in following),
        )
