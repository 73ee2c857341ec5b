"""FUN110 broken-in-live."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.functions.wording import said, seen, severity
from pgproof.evidence.live_bodies import LiveBodies
from pgproof.model import Finding, Severity


@check(
    "FUN110",
    "broken-in-live",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_job.sql
create table job (id bigint primary key, state text);
create function set_state(p_id bigint, p_state text) returns void language plpgsql as $$
begin
  update job set state = p_state where id = p_id;
end
$$;
-- live:
-- apply all
alter table job alter column state type int using null;
""",
    ok="""
-- file: migrations/0001_job.sql
create table job (id bigint primary key, state text);
create function close_job(p_id bigint) returns void language plpgsql as $$
begin
  update job set state = 'closed' where id = p_id;
end
$$;
-- live:
-- apply all
alter table job add column status text;
""",
)
def broken_in_live(bodies: LiveBodies) -> Iterator[Finding]:
    """A function of the live database cannot work there, though it could on what the migrations make.

    ## Why
    The live schema is not what the migrations say, and a function relies on what was changed by hand. It fails in
    production and in no test. Where it misses what was dropped or renamed there, it stands with that difference.

    ## Fix
    Bring the schema back (`pgproof repair`), or write a migration that changes the function too.
    """
    for body in bodies.items:
        found = sorted(body.defects, key=lambda one: (one.hidden, not one.certain, one.offset))
        if found:
            first, *others = found
            yield Finding(
                body.name,
                said(body, first),
                seen=tuple(line.replace("on the replay", "on a clone of the live schema") for line in seen(first)),
                consequences=tuple(dict.fromkeys(said(body, one) for one in others)),
                severity=severity(found),
                detail=f"{first.sqlstate} {first.message}",
                cause=bodies.causes.get(body.name),
            )
