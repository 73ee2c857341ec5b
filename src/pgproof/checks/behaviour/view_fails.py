"""BEH103 view-fails."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said, where
from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Reads
from pgproof.model import Finding, Severity


@check(
    "BEH103",
    "view-fails",
    Severity.ERROR,
    bad="""
create table spend (id int primary key, campaign_id int not null, amount numeric not null);
create function spent(campaign int) returns numeric language plpgsql stable as $$
declare summed record;
begin
  execute format('select sum(amount) as total from spend where campaign_id = %s', campaign) into summed;
  return summed.sum;
end $$;
create view campaign_spend as select distinct campaign_id, spent(campaign_id) as total from spend;
""",
    ok="""
create table spend (id int primary key, campaign_id int not null, amount numeric not null);
create function spent(campaign int) returns numeric language plpgsql stable as $$
declare summed record;
begin
  execute format('select sum(amount) as total from spend where campaign_id = %s', campaign) into summed;
  return summed.total;
end $$;
create view campaign_spend as select distinct campaign_id, spent(campaign_id) as total from spend;
""",
)
def view_fails(reads: Reads) -> Iterator[Finding]:
    """A view cannot be read, or a materialized view not refreshed, once there are rows.

    ## Why
    PostgreSQL keeps a view's own names right, but not those in the bodies of functions that it calls. On an empty
    database the functions are not even called.

    ## Fix
    Correct the function that fails, or bring back what it names.
    """
    for step, refusal in reads.wrong():
        verb = "refresh materialized view" if step.action == "refresh" else "select * from"
        culprit = reads.doubts.culprit(refusal)
        yield Finding(
            step.subject,
            said(refusal),
            location=reads.doubts.origin(culprit or step.subject),
            seen=tuple(line for line in ("executed on the replay, over tables that hold rows", where(refusal)) if line),
            reproduce=f"{verb} {step.subject.spelled};",
            detail=step.action,
        )
