"""HIS108 partly-applied."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import sample, show_record
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity

FEW = 2
"""One thing that is missing may as well have been dropped by hand."""


@check(
    "HIS108",
    "partly-applied",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
create table tag (id int primary key);
create table link (id int primary key);
-- live:
create table note (id int primary key);
-- record all
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
create table tag (id int primary key);
create table link (id int primary key);
-- live:
-- apply all
-- record all
drop table tag;
""",
)
def partly_applied(history: History, effects: Effects, replay: Replay) -> Iterator[Finding]:
    """A migration is recorded as applied, and nothing of what it makes after some statement is there.

    ## Why
    It stopped in the middle, outside of a transaction, and its row was written all the same: by the tool, or by
    somebody who wanted the next deployment to go on. The tool will never run the rest.

    ## Fix
    Run the statements from the one that is named on, by hand or in a new migration.
    """
    for file in history.applied:
        created = effects.created_by(file.path)
        missing = created - effects.live
        if len(missing) < FEW or missing == created:
            continue
        first = min(replay.created[name] for name in missing)
        if any(replay.created[name] >= first for name in created & effects.live):
            continue
        yield Finding(
            file.path,
            f"recorded as applied, but nothing of what it makes from line {first.line} on is there",
            location=first,
            seen=(
                f"recorded in {history.table}: version {file.version}",
                f"read from the live catalog: {sample(created & effects.live)}; no {sample(missing)}",
            ),
            reproduce=show_record(history, file.version),
            explains=missing,
        )
