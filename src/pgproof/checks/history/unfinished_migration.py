"""HIS107 unfinished-migration."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import show_record
from pgproof.evidence.history import History
from pgproof.evidence.standing import Standings
from pgproof.model import Finding, Severity


@check(
    "HIS107",
    "unfinished-migration",
    Severity.ERROR,
    bad="""
-- file: migrations/000001_note.up.sql
create table note (id int primary key);
-- file: migrations/000002_tag.up.sql
create table tag (id int primary key);
-- live:
create table note (id int primary key);
create table schema_migrations (version bigint primary key, dirty boolean not null);
insert into schema_migrations values (2, true);
""",
    ok="""
-- file: migrations/000001_note.up.sql
create table note (id int primary key);
-- file: migrations/000002_tag.up.sql
create table tag (id int primary key);
-- live:
create table note (id int primary key);
create table schema_migrations (version bigint primary key, dirty boolean not null);
insert into schema_migrations values (1, false);
""",
)
def unfinished_migration(history: History, standings: Standings | None) -> Iterator[Finding]:
    """The history table says that a migration was begun and did not end.

    ## Why
    The tool refuses every further migration until somebody has looked (`dirty`, P3009, "failed migration"): the next
    deployment stops here. What the migration has done before it failed may be there, and nobody knows without looking.

    ## Fix
    Finish by hand what it did not do, or undo what it did; then tell the tool so with its own command (`force`,
    `resolve`, `repair`).
    """
    paths = {row.value: path for path, row in history.rows.items()}
    places = {file.path: file.place for file in (*history.applied, *history.pending)}
    for row in history.failed:
        path = paths.get(row.value, "")
        standing = standings.of(path) if standings and path else None
        lacking = f", without {', '.join(standing.missing[:3])}" if standing and standing.missing else ""
        yield Finding(
            path or f"migration {row.value}",
            "was begun and did not end, says the history table",
            location=places.get(path),
            seen=(
                f"recorded in {history.table}: version {row.value}, {row.state}",
                *([f"read from the live catalog: {standing.presence}{lacking}"] if standing else []),
            ),
            reproduce=show_record(history, row.value),
        )
