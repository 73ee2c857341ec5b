"""COD106 impossible-value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pgproof.checks.check import check
from pgproof.checks.code import reproduce
from pgproof.checks.code.causes import Cause, causes, finding, meant, told
from pgproof.code.match.mismatch import Kind
from pgproof.code.match.values import CHECK_VIOLATION
from pgproof.evidence.live import Live
from pgproof.evidence.mismatches import Mismatches
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity


@check(
    "COD106",
    "impossible-value",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create type stage as enum ('open', 'won', 'lost');
create table deal (id bigint primary key, stage stage, side text check (side in ('buy', 'sell')));
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const win = (id: number) => supabase.from("deal").update({ stage: "closed_won" }).eq("id", id);
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create type stage as enum ('open', 'won', 'lost');
create table deal (id bigint primary key, stage stage, side text check (side in ('buy', 'sell')));
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const win = (id: number) => supabase.from("deal").update({ stage: "won", side: "buy" }).eq("id", id);
""",
)
def impossible_value(mismatches: Mismatches, live: Live | None, replay: Replay | None) -> Iterator[Finding]:
    """The code writes, or looks for, a value that the column can never have.

    ## Why
    An enum has its labels, a CHECK constraint its list, an integer no letters. What is written is refused; what is
    looked for in an enum fails too, and what is looked for in a column with a CHECK list is never found, in
    silence.

    ## Fix
    Use a value that is allowed, or allow the value in a migration first.
    """
    for cause in causes(mismatches, Kind.VALUE):
        first = cause.first
        guess = meant(_value(cause), first.near)
        found = finding(
            cause,
            f"{told(live, replay)}{first.reason}{guess}",
            reproduce=_reproduce(cause),
            fix=f"allowed: {', '.join(first.near)}" if first.near else "",
        )
        milder = Severity.WARNING if found.severity is Severity.ERROR and not first.code else found.severity
        yield replace(found, severity=milder)


def _reproduce(cause: Cause) -> str:
    subject = cause.first.subject
    if subject.kind == "function":
        return reproduce.functions(subject.parts[1])
    listed = cause.first.code in ("", CHECK_VIOLATION)
    return reproduce.checks(subject) if listed else reproduce.value(subject, _value(cause))


def _value(cause: Cause) -> str:
    """Return the first of the values; an argument's name stands before it."""
    return cause.first.detail.rpartition(": ")[2].partition(", ")[0]
