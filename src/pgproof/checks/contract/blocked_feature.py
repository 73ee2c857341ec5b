"""CON101 blocked-feature."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.contract.wording import findings
from pgproof.evidence.contract import Features
from pgproof.evidence.contract_proposals import Proposals
from pgproof.evidence.live import Live
from pgproof.evidence.replay import Expected
from pgproof.model import Finding, Severity


@check(
    "CON101",
    "blocked-feature",
    Severity.ERROR,
    bad="""
-- file: pgproof.toml
[feature."deals.view-pipeline"]
title = "Days in Stage"
needs = ["deals.stage text not null", "deals.stage_entered_at timestamptz not null"]
-- file: migrations/0001_deals.sql
create table deals (id int primary key, stage text not null, updated_at timestamptz not null default now());
""",
    ok="""
-- file: pgproof.toml
[feature."deals.view-pipeline"]
title = "Days in Stage"
needs = ["deals.stage text not null", "deals.stage_entered_at timestamptz not null"]
-- file: migrations/0001_deals.sql
create table deals (id int primary key, stage text not null, stage_entered_at timestamp with time zone not null);
""",
)
def blocked_feature(
    features: Features, live: Live | None, expected: Expected | None, proposals: Proposals | None
) -> Iterator[Finding]:
    """Something that a feature cannot do without is not there, or not as the contract says.

    ## Why
    Migrations ship tables; features read columns that nobody thought of when the tables were planned. The feature is
    announced, and fails, or shows numbers that are wrong, on the first day. The contract is where a team writes down
    what a feature needs before it relies on it.

    ## Fix
    Run the SQL that is shown, which was tried on a copy of the schema, as a migration. If the feature needs something
    else now, change its contract; if it can do without, move the need to `optional`.
    """
    yield from findings(features, proposals, required=True)
