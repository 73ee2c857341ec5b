"""HIS106 edited-after-applied."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import show_record
from pgproof.evidence.edits import Edits
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.model import Finding, Severity


@check(
    "HIS106",
    "edited-after-applied",
    Severity.WARNING,
    bad="""
-- file: supabase/migrations/20240101000000_note.sql
create table note (id int primary key, body text default 'new');
-- live:
create table note (id int primary key, body text);
create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
insert into supabase_migrations.schema_migrations
  values ('20240101000000', '{"create table note (id int primary key, body text)"}', 'note');
""",
    ok="""
-- file: supabase/migrations/20240101000000_note.sql
-- what people write down
create table note (id int primary key,
  body text);
-- live:
create table note (id int primary key, body text);
create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
insert into supabase_migrations.schema_migrations
  values ('20240101000000', '{"create table note (id int primary key, body text)"}', 'note');
""",
)
def edited_after_applied(edits: Edits, history: History, effects: Effects | None) -> Iterator[Finding]:
    """A migration file is not what was applied: its content differs from what the tool recorded.

    ## Why
    Databases that are built from the files now are not like those that ran the old text, and no migration brings them
    together. Some tools (Flyway, Liquibase, sqlx) refuse to go on at the next deployment; the others say nothing. One
    that is run again whenever it changes (Flyway's `R__`, Liquibase's `runOnChange`) is only told.

    ## Fix
    Bring the old text back (it is in the history of the repository), and put the change into a new migration.
    """
    for edit in edits.items:
        path = edit.file.path
        again = edit.file.repeatable
        yield Finding(
            path,
            "was edited after it was applied" + (": the tool will run it again" if again else ""),
            location=edit.file.place,
            seen=(
                f"recorded in {history.table}: {edit.what} {edit.recorded}",
                f"of the file as it is: {edit.what} {edit.now}",
            ),
            reproduce=show_record(history, history.rows[path].value),
            severity=Severity.NOTE if again else Severity.ERROR if history.strict else None,
            explains=effects.explained_by(path) if effects else frozenset(),
        )
