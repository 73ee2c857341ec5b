"""COD101 missing-table."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code import reproduce
from pgproof.checks.code.causes import became, causes, finding, happened, lacking, meant
from pgproof.code.match.mismatch import Kind
from pgproof.evidence.live import Live
from pgproof.evidence.mismatches import Mismatches
from pgproof.evidence.renames import Renames
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity


@check(
    "COD101",
    "missing-table",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint generated always as identity primary key, slug text not null, stage text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export async function deals() {
  const { data } = await supabase.from("deals").select("id, slug");
  return data ?? [];
}
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint generated always as identity primary key, slug text not null, stage text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export async function deals() {
  const { data, error } = await supabase.from("deal").select("id, slug");
  if (error) throw error;
  return data;
}
""",
)
def missing_table(
    mismatches: Mismatches, renames: Renames | None, live: Live | None, replay: Replay | None
) -> Iterator[Finding]:
    """The code uses a table or view that the database does not have.

    ## Why
    The compiler does not know the database: the call compiles, is deployed, and fails each time that it runs. The
    client returns the error and does not throw it, so code that does not look at it goes on with nothing.

    ## Fix
    Name the table that is meant, or write the migration that makes it. If another tool makes it, name a database
    that has it: `pgproof check --live`.
    """
    for cause in causes(mismatches, Kind.TABLE):
        subject = cause.first.subject
        past = renames.of(*subject.parts) if renames else None
        guess = "" if past and past.new else meant(subject.parts[1], cause.first.near)
        yield finding(
            cause,
            f"{lacking(live, replay, 'table or view of this name')}{guess}",
            reproduce=reproduce.relation(subject),
            fix=became(past),
            seen=() if past is None else (happened(past),),
        )
