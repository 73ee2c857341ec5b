"""BEH109 promise-is-broken."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.functions.wording import body_of
from pgproof.evidence.probes_seen import Promised
from pgproof.model import Finding, Severity

_PROJECT = """
-- file: pgproof.toml
[[probe]]
name = "what is spent is added, and stays below the limit"
setup = "insert into campaign (id, spent, budget) values (7, 40, 100)"
call = "select spend(7, 50)"
then = "select spent from campaign where id = 7"
expect = 90
[[probe]]
name = "beyond the limit nothing is spent"
setup = "insert into campaign (id, spent, budget) values (7, 40, 100)"
call = "select * from spend(7, 70)"
rows = 0
-- file: migrations/0001_campaign.sql
create table campaign (id int primary key, spent numeric not null default 0, budget numeric not null);
create function spend(p_id int, p_amount numeric) returns setof campaign language sql as $$
  update campaign set spent = spent + p_amount where id = p_id and {condition} returning *
$$;
"""


@check(
    "BEH109",
    "promise-is-broken",
    Severity.ERROR,
    bad=_PROJECT.format(condition="spent <= budget"),
    ok=_PROJECT.format(condition="spent + p_amount <= budget"),
)
def promise_is_broken(promised: Promised) -> Iterator[Finding]:
    """A probe of the configuration does not come out as it says.

    ## Why
    That a function returns is not that it does what it is for. What a call with certain rows must give, only the
    project knows, and `[[probe]]` says it: set-up, a call, and what is expected.

    ## Fix
    Correct the function, or the expectation. Each probe runs in a transaction of its own that is rolled back, over
    tables that hold a few made-up rows: give rows of your own keys that do not collide.
    """
    for entry, kept in promised.items:
        if kept.tried and kept.problem:
            broken = promised.told(kept)
            yield Finding(
                entry.location.path,
                f"{entry.name}: {kept.problem}",
                location=entry.location,
                seen=("executed on the replay, and rolled back",),
                reproduce="; ".join((*entry.setup, entry.call, *([entry.then] if entry.then else []))),
                detail=entry.name,
                cause=body_of(broken) if broken else None,
            )
