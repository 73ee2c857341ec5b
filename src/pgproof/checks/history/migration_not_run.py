"""HIS109 migration-not-run."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.history.wording import sample
from pgproof.evidence.differences import Differences
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.evidence.standing import Presence, Standings
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Severity

FEW = 2
"""One thing that is missing, with what belongs to it, may as well have been dropped by hand."""


@check(
    "HIS109",
    "migration-not-run",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
create table link (id int primary key);
-- live:
-- apply 0001
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
create table link (id int primary key);
-- live:
-- apply all
drop table link;
""",
)
def migration_not_run(
    standings: Standings, effects: Effects, differences: Differences, replay: Replay, history: History | None
) -> Iterator[Finding]:
    """Nothing of what a migration makes is in the live database, which does not record what was applied.

    ## Why
    It was never run there, or it failed as a whole. Later migrations may have run all the same, so that the database is
    in a state that no environment has ever tested.

    ## Fix
    Run it, after a look at what it needs; and let a tool record what was applied, so that the next is not forgotten.
    """
    if history is not None:
        return
    missing = {difference.name for difference in differences.items if difference.action == "missing"}
    for one in standings.items:
        created = effects.created_by(one.path)
        if one.presence is Presence.ABSENT and len(missing & created) >= FEW:
            yield Finding(
                one.path,
                f"none of the {len(created)} objects that it creates is there",
                location=min(replay.created[name] for name in created),
                seen=(f"read from the live catalog: no {sample(created)}",),
                explains=effects.explained_by(one.path),
            )
