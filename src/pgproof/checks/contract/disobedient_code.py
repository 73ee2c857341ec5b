"""CON105 disobedient-code."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.contract.wording import sentence
from pgproof.evidence.contract_code import Obeyed
from pgproof.model import Finding, Severity


@check(
    "CON105",
    "disobedient-code",
    Severity.ERROR,
    bad="""
-- file: pgproof.toml
[feature."deals.stage"]
needs = ["deals.stage is written with stage_entered_at"]
retired = { campaigns = "outreach_campaigns" }
append_only = ["feature_metrics"]
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient("http://localhost", "key");
export const move = (id: string) => supabase.from("deals").update({ stage: "won" }).eq("id", id);
export const old = () => supabase.from("campaigns").select("id");
-- file: migrations/0001_deals.sql
create table deals (id uuid primary key, stage text, stage_entered_at timestamptz);
create table campaigns (id uuid primary key);
create table outreach_campaigns (id uuid primary key);
create table feature_metrics (id uuid primary key);
""",
    ok="""
-- file: pgproof.toml
[feature."deals.stage"]
needs = ["deals.stage is written with stage_entered_at"]
retired = { campaigns = "outreach_campaigns" }
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient("http://localhost", "key");
export const move = (id: string, now: string) =>
  supabase.from("deals").update({ stage: "won", stage_entered_at: now }).eq("id", id);
export const all = () => supabase.from("outreach_campaigns").select("id");
-- file: migrations/0001_deals.sql
create table deals (id uuid primary key, stage text, stage_entered_at timestamptz);
create table campaigns (id uuid primary key);
create table outreach_campaigns (id uuid primary key);
""",
)
def disobedient_code(obeyed: Obeyed) -> Iterator[Finding]:
    """A place in the code does what the contract says that nobody does.

    ## Why
    A renamed table often stays, with its old rows: code that still reads it does not fail, it shows what is no longer
    true. A column that says since when a row has its state is wrong from the first place that changes the state alone.
    Neither is an error of PostgreSQL, so that nothing else tells.

    ## Fix
    Change the place that is shown: use the new name, write both columns, add a row instead of changing one.
    """
    for place in obeyed.places:
        yield Finding(
            place.use.location.path,
            f"{place.problem}; {place.feature} relies on it",
            location=place.use.location,
            seen=(f"said in {place.said.location}: {sentence(place.said.need)}",),
            severity=None if place.said.required else Severity.WARNING,
            detail=f"{place.feature} {sentence(place.said.need)} {place.problem}",
        )
