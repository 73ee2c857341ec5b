"""The pieces of evidence that a run had, named for people."""

from __future__ import annotations

import os
from pathlib import Path

from pgproof.evidence.directories import Migrations
from pgproof.evidence.live import Live, Taken
from pgproof.evidence.second_opinion import SecondOpinion
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay


def name_sources(evidence: Evidence) -> list[tuple[str, str]]:
    """Return each piece of evidence that was there with a description, in the order of the data's path."""
    found: list[tuple[str, str]] = []
    if (migrations := evidence.known(Migrations)) is not None:
        directory, settings = migrations.directory, evidence.known(Settings)
        if settings and settings.config.replay_command:
            found.append(("migrations", settings.config.replay_command))
        else:
            found.append(("migrations", f"{directory.path} ({directory.layout}, {counted(len(directory), 'file')})"))
    if (replay := evidence.known(Replay)) is not None:
        found.append(("replay", replay.server))
    if (opinion := evidence.known(SecondOpinion)) is not None and opinion.version:
        found.append(("function bodies", f"tried, and plpgsql_check {opinion.version}"))
    if (live := evidence.known(Live)) is not None:
        database = f"database {live.catalog.database} on PostgreSQL {live.catalog.major}"
        taken, settings = evidence.known(Taken), evidence.known(Settings)
        if settings and settings.live and taken and taken.catalog:
            file = Path(os.path.relpath(settings.live, settings.root)).as_posix()
            found.append(("snapshot", f"{file}, of {database}"))
        else:
            found.append(("live", database))
    return found
