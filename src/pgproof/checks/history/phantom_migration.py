"""HIS103 phantom-migration."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import marked, sample, show_record
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.model import Finding, Severity


@check(
    "HIS103",
    "phantom-migration",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key, label text);
create index tag_label on tag (label);
-- live:
-- apply 0001
-- record all
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key, label text);
create index tag_label on tag (label);
-- live:
-- apply all
-- record all
drop index tag_label;
""",
)
def phantom_migration(history: History, effects: Effects) -> Iterator[Finding]:
    """A migration is recorded as applied, and nothing of what it makes is in the live database.

    ## Why
    The migration tool will never run it again: it believes its table. Every signal is green while the code fails on
    what is not there. It happens when a history is repaired by hand, when a restore brings an older schema with a newer
    history, or when a statement failed after the row was written.

    ## Fix
    Run the migration's statements on the live database, or delete its row from the history table and let the tool run
    it.
    """
    for file in history.applied:
        created = effects.created_by(file.path)
        if file.conditional and marked(history, file):
            continue  # the tool itself passed over it, since its condition did not hold
        if created and not effects.present(created):
            yield Finding(
                file.path,
                f"recorded as applied, but none of the {len(created)} objects that it creates is there",
                location=file.place,
                seen=(
                    f"recorded in {history.table}: version {file.version}",
                    f"read from the live catalog: no {sample(created)}",
                    *marked(history, file),
                ),
                reproduce=show_record(history, file.version),
                explains=effects.explained_by(file.path),
            )
