"""BEH105 default-is-refused."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said
from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Writes
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity
from pgproof.model.name import quoted
from pgproof.probes.observed import OWN_CONDITION


@check(
    "BEH105",
    "default-is-refused",
    Severity.WARNING,
    bad="create table job (id int primary key, state text not null default 'new' check (state in ('todo', 'done')));",
    ok="create table job (id int primary key, state text not null default 'todo' check (state in ('todo', 'done')));",
)
def default_is_refused(writes: Writes, replay: Replay) -> Iterator[Finding]:
    """A column's default breaks a condition on that column.

    ## Why
    Every insert that leaves the column out fails. Whoever wrote the default meant that it may be left out. A column
    that a table inherits is not told: it has its parent's default, and rows come to such a table by way of the parent.

    ## Fix
    Make the default one of the allowed values, or drop it, so that the value must be given.
    """
    for step in writes.steps:
        if step.action == "default" and step.note == OWN_CONDITION and step.refusal is not None:
            column = replay.catalog.objects.get(step.subject)
            if column and column.attributes["inherited"]:
                continue
            table = ".".join(map(quoted, step.subject.parts[:2]))
            yield Finding(
                step.subject,
                f"the default is refused: {said(step.refusal)}",
                location=writes.doubts.origin(step.subject),
                seen=("executed on the replay: a row that another value lets in is refused with the default",),
                fix=f"alter table {table} alter column {quoted(step.subject.parts[2])} set default …;",
            )
