"""COD103 missing-function."""

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
    "COD103",
    "missing-function",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create function close_deal(p_id bigint, p_reason text default null) returns void language sql as $$ select $$;
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const close = (id: number) => supabase.rpc("close_deals", { p_id: id });
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create function close_deal(p_id bigint, p_reason text default null) returns void language sql as $$ select $$;
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const close = (id: number) => supabase.rpc("close_deal", { p_id: id });
""",
)
def missing_function(
    mismatches: Mismatches, renames: Renames | None, live: Live | None, replay: Replay | None
) -> Iterator[Finding]:
    """The code calls a function that the database does not have.

    ## Why
    The call fails each time that it runs: a function is found by its name, in the schema that the API shows.

    ## Fix
    Name the function that is meant, or write the migration that makes it.
    """
    for cause in causes(mismatches, Kind.FUNCTION):
        schema, name, _ = cause.first.subject.parts
        past = renames.of(schema, name) if renames else None
        guess = "" if past and past.new else meant(name, cause.first.near)
        yield finding(
            cause,
            f"{lacking(live, replay, 'function of this name')}{guess}",
            reproduce=reproduce.functions(name),
            fix=became(past),
            seen=() if past is None else (happened(past),),
        )
