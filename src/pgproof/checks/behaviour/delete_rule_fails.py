"""BEH108 delete-rule-fails."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said
from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Deletions
from pgproof.model import Finding, ObjectName, Severity

_REFUSED_BY_THE_ROW = ("23502", "23514")


@check(
    "BEH108",
    "delete-rule-fails",
    Severity.WARNING,
    bad="""
create table author (id int primary key);
create table book (id int primary key, author_id int not null references author on delete set null);
""",
    ok="""
create table author (id int primary key);
create table book (id int primary key, author_id int references author on delete set null);
""",
)
def delete_rule_fails(deletions: Deletions) -> Iterator[Finding]:
    """What a foreign key does when the row that it refers to is deleted is refused by the referring table itself.

    ## Why
    `on delete set null` says that the row may be deleted, and the column or a check says that the reference may not be
    empty. So the delete fails, in the one place where nobody expects it.

    ## Fix
    Let the column be NULL, or choose `on delete cascade` or `restrict`: whichever was meant.
    """
    for step in deletions.steps:
        refusal = step.refusal
        if refusal is None or step.done or refusal.sqlstate not in _REFUSED_BY_THE_ROW:
            continue
        if not step.note.startswith("on delete set") or refusal.table != step.subject.parts[:2]:
            continue
        yield Finding(
            step.subject,
            f"{step.note} is refused: {said(refusal)}",
            location=deletions.doubts.origin(step.subject),
            seen=(f"executed on the replay: a row that {ObjectName('table', refusal.table)} refers to was deleted",),
        )
