"""COD102 missing-column."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code import reproduce
from pgproof.checks.code.causes import became, causes, finding, follow, happened, lacking, meant, misnamed, omitted
from pgproof.code.match.mismatch import Kind
from pgproof.evidence.definitions import Definitions
from pgproof.evidence.live import Live
from pgproof.evidence.mismatches import Mismatches
from pgproof.evidence.renames import Renames
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, ObjectName, Severity


@check(
    "COD102",
    "missing-column",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint generated always as identity primary key, slug text not null, stage text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export async function enter(id: number) {
  await supabase.from("deal").update({ stage: "won", stage_entered_at: new Date() }).eq("id", id);
}
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint generated always as identity primary key, slug text not null, stage text);
alter table deal add column stage_entered_at timestamptz;
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export async function enter(id: number) {
  await supabase.from("deal").update({ stage: "won", stage_entered_at: new Date() }).eq("id", id);
}
""",
)
def missing_column(
    mismatches: Mismatches,
    renames: Renames | None,
    live: Live | None,
    replay: Replay | None,
    definitions: Definitions | None,
) -> Iterator[Finding]:
    """The code names a column that the table or view does not have.

    ## Why
    One name that does not exist makes the whole request fail, also the part that is right: nothing is read, nothing is
    written. Tests with a mock in place of the database pass. A call that names several columns which its table lacks
    means another table, or an older form of this one: that is one finding.

    ## Fix
    Name the column that is meant, or write the migration that adds it.
    """
    found = list(causes(mismatches, Kind.COLUMN))
    without = misnamed(mismatches)
    explained = follow([cause for cause in found if cause.first.subject.kind == "column"])
    for cause in found:
        subject, first = cause.first.subject, cause.first
        name = first.detail or subject.parts[-1]
        past = renames.of(*subject.parts) if renames else None
        guess = "" if past and past.new else meant(name, first.near)
        yield finding(
            cause,
            f"{lacking(live, replay, 'column of this name' if not first.detail else f'result column {name}')}{guess}",
            reproduce=reproduce.column(subject),
            fix=became(past),
            seen=(*omitted(cause, without), *([happened(past)] if past else _skipped(subject, definitions, replay))),
            explains=explained.get(subject, frozenset()),
        )


def _skipped(column: ObjectName, definitions: Definitions | None, replay: Replay | None) -> Iterator[str]:
    """Say where a second CREATE TABLE IF NOT EXISTS defines the column: it changed nothing."""
    for definition in definitions.items if definitions else ():
        ran = replay is not None and definition.location.path in replay.files
        named = (definition.schema or "public", definition.table) == column.parts[:-1]
        if (
            ran
            and named
            and definition.if_not_exists
            and any(name == column.parts[-1] for name, _ in definition.columns)
        ):
            yield f"{definition.location} defines it, in a table that was there already: that statement was skipped"
