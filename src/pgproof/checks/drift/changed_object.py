"""DRF103 changed-object."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.alike import alike
from pgproof.checks.check import check
from pgproof.checks.drift.wording import changed, severity, show, story, value
from pgproof.evidence.attribution import Attribution
from pgproof.evidence.differences import Differences
from pgproof.model import Finding, Severity

SHOWN = 5
"""How many objects that changed alike are named."""


@check(
    "DRF103",
    "changed-object",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key, state text not null default 'draft' check (state in ('draft', 'sent')));
-- live:
-- apply all
alter table note alter column state set default 'sent';
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key, state text not null default 'draft' check (state in ('draft', 'sent')));
-- live:
-- apply all
alter table note drop constraint note_state_check;
alter table note add constraint note_state_check check (state = any (array['draft'::text, 'sent'::text]));
""",
)
def changed_object(differences: Differences, attribution: Attribution | None) -> Iterator[Finding]:
    """An object of the live database is not what the migrations made of it.

    ## Why
    Someone changed it by hand, or a migration that was already applied was edited. What the tests ran against is not
    what production runs on. Expressions are compared after PostgreSQL has parsed both again, so that another spelling
    of the same expression is no difference.

    ## Fix
    Bring the database back, or write a migration that makes the change everywhere.
    """
    for difference, *others in alike(one for one in differences.items if one.action == "changed"):
        names = [str(one.name) for one in (difference, *others)]
        yield Finding(
            difference.name,
            changed(difference) + (f", of {len(names)} {difference.name.kind}s alike" if others else ""),
            location=differences.origin(difference.name),
            seen=tuple(
                line
                for line in (
                    f"declared  {value(difference.declared)}",
                    f"live      {value(difference.live)}",
                    others and f"alike     {', '.join(names[:SHOWN])}{' …' * (len(names) > SHOWN)}",
                    difference.other and f"it belongs to what is renamed there: {difference.other}",
                    difference.reason and f"compared as text: {difference.reason}",
                    *story(difference, attribution),
                )
                if line
            ),
            reproduce=show(difference.other or difference.name),
            severity=severity(difference),
            detail=" ".join((difference.attribute, difference.key, *names[1:])).strip(),
        )
