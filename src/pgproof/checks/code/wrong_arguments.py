"""COD104 wrong-arguments."""

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
    "COD104",
    "wrong-arguments",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create function close_deal(p_id bigint, p_reason text default null) returns void language sql as $$ select $$;
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const close = (id: number) => supabase.rpc("close_deal", { id });
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
def wrong_arguments(mismatches: Mismatches, live: Live | None, replay: Replay | None) -> Iterator[Finding]:
    """A function is called with arguments that none of its forms takes.

    ## Why
    PostgREST finds a function by its name and the names of the arguments. One that is misspelt, missing or too many
    makes the function "not found", whatever its types are; two forms that both take them make it ambiguous.

    ## Fix
    Give each parameter without a default by its own name, and no other.
    """
    for cause in causes(mismatches, Kind.ARGUMENTS):
        yield finding(
            cause,
            f"{told(live, replay)}{cause.first.reason}",
            reproduce=reproduce.functions(cause.first.subject.parts[1]),
        )
