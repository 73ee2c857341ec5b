"""CON102 partial-feature."""

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
    "CON102",
    "partial-feature",
    Severity.WARNING,
    bad="""
-- file: pgproof.toml
[feature.settings]
needs = ["user_profiles"]
optional = ["user_preferences"]
-- file: migrations/0001_users.sql
create table user_profiles (id int primary key);
""",
    ok="""
-- file: pgproof.toml
[feature.settings]
needs = ["user_profiles"]
optional = ["user_preferences"]
-- file: migrations/0001_users.sql
create table user_profiles (id int primary key);
create table user_preferences (id int primary key);
""",
)
def partial_feature(
    features: Features, live: Live | None, expected: Expected | None, proposals: Proposals | None
) -> Iterator[Finding]:
    """Something optional that a feature can use is not there.

    ## Why
    The feature works, and does less than the contract says: it falls back, or leaves something out, usually in silence.

    ## Fix
    Add what is missing, or remove it from the feature's `optional` needs when nobody wants it any more.
    """
    yield from findings(features, proposals, required=False)
