"""BEH107 constraint-is-not-enforced."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Rejections
from pgproof.model import Finding, Severity
from pgproof.probes.observed import Outcome

_KINDS = ("check", "not null", "foreign key", "domain check")


@check(
    "BEH107",
    "constraint-is-not-enforced",
    Severity.ERROR,
    bad="""
create table author (id int primary key);
create table book (id int primary key, author_id int not null references author);
alter table book disable trigger all;
""",
    ok="""
create table author (id int primary key);
create table book (id int primary key, author_id int not null references author);
""",
)
def constraint_is_not_enforced(rejections: Rejections) -> Iterator[Finding]:
    """A row that breaks a constraint is stored.

    ## Why
    The catalog shows the constraint, and whoever reads it relies on it. Foreign keys are kept by triggers of the
    system: where these are switched off, orphans come in.

    ## Fix
    Switch the triggers on again (`alter table … enable trigger all`), and look for rows that came in meanwhile.
    """
    for one in rejections.items:
        if one.outcome is Outcome.ACCEPTED and one.kind in _KINDS:
            yield Finding(
                one.constraint,
                f"a row that breaks this {one.kind} is stored",
                location=rejections.doubts.origin(one.constraint),
                seen=("executed on the replay: inserted, not changed by any trigger, and rolled back",),
            )
