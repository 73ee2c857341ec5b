"""BEH110 fails-in-live."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said, where
from pgproof.checks.check import check
from pgproof.evidence.live_probes import LiveProbes
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.observed import Step


@check(
    "BEH110",
    "fails-in-live",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_member.sql
create table member (team_id int, user_name text, primary key (team_id, user_name));
alter table member enable row level security;
create policy mine on member using (user_name = current_user);
-- live:
-- apply all
create policy of_my_teams on member
  using (team_id in (select m.team_id from member m where m.user_name = current_user));
""",
    ok="""
-- file: migrations/0001_member.sql
create table member (team_id int, user_name text, primary key (team_id, user_name));
alter table member enable row level security;
create policy mine on member using (user_name = current_user);
-- live:
-- apply all
create policy of_everybody on member for select using (team_id = 0);
""",
)
def fails_in_live(probes: LiveProbes) -> Iterator[Finding]:
    """What works on the schema that the migrations make fails on a copy of the live one.

    ## Why
    The live schema was changed by hand, and something relies on what was changed. Rows were made up and written, views
    read, functions called, on a private copy of the schema; the live database itself was only read.

    ## Fix
    Bring the schema back, or write a migration for what was changed and correct what relies on it.
    """
    causes: dict[tuple[ObjectName, str], list[Step]] = {}
    for step in probes.failed:
        assert step.refusal is not None
        causes.setdefault((step.subject, said(step.refusal)), []).append(step)
    for (subject, message), steps in causes.items():
        refusal = steps[0].refusal
        assert refusal is not None
        seen = (f"executed on a clone of the live schema: {steps[0].action} fails", where(refusal))
        yield Finding(
            subject,
            message,
            seen=tuple(line for line in seen if line),
            consequences=tuple(dict.fromkeys(step.action for step in steps[1:] if step.action != steps[0].action)),
            detail=message,
        )
    for one in probes.stored:
        yield Finding(
            one.constraint,
            f"a row that breaks this {one.kind} is stored",
            seen=("executed on a clone of the live schema: inserted, not changed by any trigger, and rolled back",),
        )
    for kept in probes.broken:
        yield Finding(
            kept.name,
            kept.problem,
            seen=("executed on a clone of the live schema, and rolled back",),
            detail=kept.name,
        )
