"""CON103 broken-rows."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.contract.answer import State
from pgproof.contract.contract import Question
from pgproof.contract.rows import reproduce, shown
from pgproof.evidence.contract import Features
from pgproof.evidence.contract_rows import Kept
from pgproof.model import Finding, ObjectName, Severity


@check(
    "CON103",
    "broken-rows",
    Severity.ERROR,
    bad="""
-- file: pgproof.toml
[feature.templates]
needs = ["templates has at least 5 rows"]
[[feature.templates.query]]
sql = "select count(*) from templates where tier is null"
answer = 0
reason = "every template has a tier"
-- file: migrations/0001_templates.sql
create table templates (id int primary key, tier text);
-- live:
-- apply all
insert into templates values (1, null), (2, 'template');
""",
    ok="""
-- file: pgproof.toml
[feature.templates]
needs = ["templates has at least 2 rows"]
[[feature.templates.query]]
sql = "select count(*) from templates where tier is null"
answer = 0
-- file: migrations/0001_templates.sql
create table templates (id int primary key, tier text);
-- live:
-- apply all
insert into templates values (1, 'scenario'), (2, 'template');
""",
)
def broken_rows(kept: Kept, features: Features | None) -> Iterator[Finding]:
    """The rows of the live database are not as the contract says.

    ## Why
    A feature that needs seed rows, fresh rows, or rows that keep an invariant fails on an empty, stale or inconsistent
    table just as it fails on a missing column, and no schema comparison shows it.

    ## Fix
    Load or repair the rows. If the contract expects too much, change the number, the age or the expected answer there.
    """
    of_features = (item for one in features.shortfalls for item in one.items) if features else ()
    told = {said for _, said, _ in of_features}  # a table that is not there has no rows to speak of
    for one, answer in kept.answers.items():
        if answer.state is not State.FAILS or one in told:
            continue
        feature = kept.features[one]
        text = shown(one if isinstance(one, Question) else one.need)
        follows = f"this {'blocks' if one.required else 'is missed by'} {feature}" if feature else "this was promised"
        yield Finding(
            answer.cause or ObjectName("feature", (feature,)),
            f"{answer.problem}; {follows}",
            location=one.location,
            seen=(f"expected: {text}",),
            reproduce=reproduce(one),
            severity=None if one.required else Severity.WARNING,
            detail=f"{feature or 'promises'}: {text}",
        )
