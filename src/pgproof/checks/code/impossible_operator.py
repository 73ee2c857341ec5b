"""COD110 impossible-operator."""

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
    "COD110",
    "impossible-operator",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id uuid primary key, slug text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const find = (part: string) => supabase.from("deal").select("slug").ilike("id", `%${part}%`);
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id uuid primary key, slug text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const find = (part: string) => supabase.from("deal").select("id").ilike("slug", `%${part}%`);
""",
)
def impossible_operator(mismatches: Mismatches, live: Live | None, replay: Replay | None) -> Iterator[Finding]:
    """A filter uses an operator that the column's type does not have.

    ## Why
    `like` is for text: PostgreSQL has no such operator for a uuid, a number, a date or an enum, and refuses the query
    (42883), whatever the value is. A path into JSON needs json or jsonb.

    ## Fix
    Filter by another column, compare with `eq`, or show a column that is cast to text in a view.
    """
    for cause in causes(mismatches, Kind.OPERATOR):
        yield finding(
            cause,
            f"{told(live, replay)}{cause.first.reason}",
            reproduce=reproduce.attribute(cause.first.subject),
        )
