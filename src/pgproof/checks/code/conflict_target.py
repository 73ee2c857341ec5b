"""COD109 conflict-target."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code import reproduce
from pgproof.checks.code.causes import causes, finding, told
from pgproof.code.match.mismatch import Kind
from pgproof.evidence.live import Live
from pgproof.evidence.mismatches import Mismatches
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity


@check(
    "COD109",
    "conflict-target",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint primary key, slug text not null, side text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const save = (deal: { id: number; slug: string }) =>
  supabase.from("deal").upsert({ id: deal.id, slug: deal.slug }, { onConflict: "slug" });
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint primary key, slug text not null, side text);
create unique index on deal (slug);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const save = (deal: { id: number; slug: string }) =>
  supabase.from("deal").upsert({ id: deal.id, slug: deal.slug }, { onConflict: "slug" });
""",
)
def conflict_target(mismatches: Mismatches, live: Live | None, replay: Replay | None) -> Iterator[Finding]:
    """An upsert names columns that no unique constraint or index has.

    ## Why
    Without one the server cannot tell which row is meant, and refuses the statement (42P10). A partial unique index
    does not count: the client cannot name its condition.

    ## Fix
    Name the columns of a unique constraint, all of them; or add the constraint in a migration.
    """
    for cause in causes(mismatches, Kind.CONFLICT):
        yield finding(
            cause,
            f"{told(live, replay)}{cause.first.reason}",
            reproduce=reproduce.unique_indexes(cause.first.subject),
            fix=f"unique are: {', '.join(f'({one})' for one in cause.first.near)}" if cause.first.near else "",
        )
