"""HIS104 effects-without-record."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import sample, show_record
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.model import Finding, ObjectName, Severity


@check(
    "HIS104",
    "effects-without-record",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- live:
-- apply all
-- record 0001
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- live:
-- apply 0001
-- record 0001
""",
)
def effects_without_record(history: History, effects: Effects) -> Iterator[Finding]:
    """What a migration makes is in the live database, and the migration is not recorded as applied.

    ## Why
    The tool will run it at the next deployment, where it fails on what already exists, or, written with
    `if not exists`, passes over what was made by hand in another shape.

    ## Fix
    When the database has all that the migration makes, record it with the tool's own command; otherwise finish or undo
    what was done by hand first.
    """
    there = [file for file in history.pending if effects.present(effects.created_by(file.path))]
    if not history.applied and len(there) > 1:
        everything = frozenset[ObjectName]().union(*(effects.created_by(file.path) for file in there))
        yield Finding(
            history.table,
            f"records nothing, but {len(there)} of {len(history.pending)} migrations have effects that are there",
            seen=(f"read from the live catalog: {sample(effects.present(everything))}",),
            reproduce=f"table {history.table};",
            explains=frozenset[ObjectName]().union(*(effects.explained_by(file.path) for file in there)),
        )
        return
    for file in history.pending:
        created = effects.created_by(file.path)
        present = effects.present(created)
        if present:
            how_much = "all" if present == created else f"{len(present)} of"
            yield Finding(
                file.path,
                f"not recorded as applied, but {how_much} {len(created)} objects that it creates are there",
                location=file.place,
                seen=(
                    f"not recorded in {history.table}: version {file.version}",
                    f"read from the live catalog: {sample(present)}",
                ),
                reproduce=show_record(history, file.version),
                explains=effects.explained_by(file.path),
            )
