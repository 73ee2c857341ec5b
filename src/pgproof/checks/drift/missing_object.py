"""DRF101 missing-object."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.drift.wording import belongings, perhaps, severity, show, story
from pgproof.evidence.attribution import Attribution
from pgproof.evidence.differences import Differences
from pgproof.model import Finding, Severity


@check(
    "DRF101",
    "missing-object",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key, body text not null);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger note_touch before update on note for each row execute function touch();
-- live:
-- apply all
drop trigger note_touch on note;
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key, body text not null);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger note_touch before update on note for each row execute function touch();
-- live:
-- apply all
""",
)
def missing_object(differences: Differences, attribution: Attribution | None) -> Iterator[Finding]:
    """An object that the migrations make is not in the live database.

    ## Why
    The code, and the people who read the migrations, rely on it. A missing table fails at once; a missing trigger,
    constraint or policy fails in silence: rows go in that were promised to be refused, or are seen by the wrong people.

    ## Fix
    Find out who dropped it, or why the statement never ran; run the statement that declares it again, or write a
    migration that drops it, so that both agree.
    """
    for difference in differences.items:
        if difference.action == "missing":
            yield Finding(
                difference.name,
                f"made by the migrations, missing in the live database{belongings(difference)}",
                location=differences.origin(difference.name),
                seen=(*perhaps(difference, attribution), *story(difference, attribution)),
                reproduce=show(difference.name),
                severity=severity(difference),
                explains=frozenset({difference.name}),  # the code that uses it fails for this reason
            )
