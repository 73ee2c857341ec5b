"""COD107 omitted-column."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code import reproduce
from pgproof.checks.code.causes import causes, elsewhere, finding, misnamed, told
from pgproof.code.match.mismatch import Kind
from pgproof.evidence.live import Live
from pgproof.evidence.mismatches import Mismatches
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity


@check(
    "COD107",
    "omitted-column",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint primary key, slug text not null, stage text not null default 'open');
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const add = (id: number) => supabase.from("deal").insert({ id });
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint primary key, slug text not null, stage text not null default 'open');
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const add = (id: number, slug: string) => supabase.from("deal").insert({ id, slug });
""",
)
def omitted_column(mismatches: Mismatches, live: Live | None, replay: Replay | None) -> Iterator[Finding]:
    """A row is inserted without a column that is NOT NULL and that nothing fills.

    ## Why
    The server refuses the row (23502), each time. An upsert too: the row is looked at as a new one first, even
    where an old one is updated in the end. Where the row also names a column that is not there, COD102 tells of both.

    ## Fix
    Give the column, or a default in a migration.
    """
    told_already = misnamed(mismatches)
    for found in causes(mismatches, Kind.OMITTED):
        if cause := elsewhere(found, told_already):
            yield finding(
                cause,
                f"{told(live, replay)}{cause.first.reason}",
                reproduce=reproduce.attribute(cause.first.subject),
            )
