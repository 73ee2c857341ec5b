"""A catalog as a file: of the live database, or of what the migrations make."""

from __future__ import annotations

from pgproof.catalog import file
from pgproof.evidence.live import Live
from pgproof.evidence.part import Absent
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.migrations.observation import Replay
from pgproof.model.errors import PgproofError


def snapshot(settings: Settings) -> str:
    """Return the snapshot file's text: of the live database when one is named, else of the replayed migrations.

    Raises
    ------
    PgproofError
        There is nothing to read, or it cannot be read.
    """
    with Evidence(settings) as evidence:
        part = evidence.get(Live) if settings.live else evidence.get(Replay)
        if isinstance(part, Absent):
            raise PgproofError(f"no snapshot: {part.gap.reason}", part.gap.way_out)
        return file.dump(part.catalog)
