"""CON105 disobedient-code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.contract.need import Need
from pgproof.contract.wording import sentence
from pgproof.evidence.contract_code import Disobeyed, Obeyed
from pgproof.model import Finding, Location, Severity

NAMES = {"CON105", "disobedient-code"}


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
    """Code does what the contract says that nobody does: one finding a need, with all its places.

    ## Why
    A renamed table often stays, with its old rows: code that still reads it does not fail, it shows what is no longer
    true. A column that says since when a row has its state is wrong from the first place that changes the state alone.
    Neither is an error of PostgreSQL, so that nothing else tells.

    ## Fix
    Change the place that is shown: use the new name, write both columns, add a row instead of changing one.
    """
    grouped: defaultdict[tuple[Need, Location | None], list[Disobeyed]] = defaultdict(list)
    for place in obeyed.places:  # one beside which a comment ignores the check stands for itself
        grouped[place.said.need, place.use.location if place.ignored & NAMES else None].append(place)
    for (need, _), places in grouped.items():
        first = places[0]
        features = sorted({place.feature for place in places})
        told = dict.fromkeys((place.use.location, place.problem) for place in places)
        yield Finding(
            first.use.location.path,
            f"{first.problem}; {', '.join(features)} {'relies' if len(features) == 1 else 'rely'} on it",
            location=first.use.location,
            seen=tuple(dict.fromkeys(f"said in {place.said.location}: {sentence(need)}" for place in places)),
            consequences=tuple(f"{location}: {problem}" for location, problem in list(told)[1:]),
            severity=None if any(place.said.required for place in places) else Severity.WARNING,
            detail=sentence(need),
        )
