"""COD105 missing-relationship."""

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
    "COD105",
    "missing-relationship",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table person (id bigint primary key, name text);
create table deal (id bigint primary key, owner_id bigint);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const deals = () => supabase.from("deal").select("id, person(name)");
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table person (id bigint primary key, name text);
create table deal (id bigint primary key, owner_id bigint);
alter table deal add foreign key (owner_id) references person;
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const deals = () => supabase.from("deal").select("id, person(name)");
""",
)
def missing_relationship(mismatches: Mismatches, live: Live | None, replay: Replay | None) -> Iterator[Finding]:
    """A relation is embedded that no foreign key leads to, or that several lead to.

    ## Why
    PostgREST joins along foreign keys, and takes nothing else for it: without one it refuses the whole request
    (PGRST200), and with several it does not choose (PGRST201). A filter on a relation that the select does not
    embed is refused too.

    ## Fix
    Declare the foreign key; or name the one that is meant: `person!deal_owner_id_fkey(name)`.
    """
    for cause in causes(mismatches, Kind.RELATIONSHIP):
        yield finding(
            cause,
            f"{told(live, replay)}{cause.first.reason}",
            reproduce=reproduce.foreign_keys(cause.first.subject),
            fix=f"name one of: {', '.join(cause.first.near)}" if cause.first.near else "",
        )
