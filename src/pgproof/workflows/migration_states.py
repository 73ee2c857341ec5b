"""How much of each migration is in the live database, as a result holds it."""

from __future__ import annotations

from pgproof.evidence.standing import Standings
from pgproof.evidence.store import Evidence
from pgproof.judge.result import MigrationState


def migration_states(evidence: Evidence) -> list[MigrationState]:
    """Return the state of each migration, in their order; nothing without a live database."""
    standings = evidence.known(Standings)
    if standings is None:
        return []
    return [MigrationState(one.path, one.recorded, one.presence.value, one.missing) for one in standings.items]
