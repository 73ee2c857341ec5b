"""What the project's own command recorded on the private server, against what the live database records."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.evidence.live import Connection
from pgproof.evidence.part import gathers
from pgproof.migrations.command_records import command_records
from pgproof.migrations.observation import Replay
from pgproof.model import Method, Proof, Subject

SHOWN = 3
"""How many migrations are named."""


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """Whether the live database is `behind` what the command makes, or `ahead` of it; `told` says how."""

    behind: bool = False
    ahead: bool = False
    told: str = ""


@gathers(OwnRecords, Proof(Method.RECORDED, (Subject.REPLAY, Subject.LIVE)))
def compare_records(replay: Replay, connection: Connection) -> OwnRecords:
    """Compare the two. A table that only says where a database is does not tell which of two places comes first."""
    here = replay.recorded
    there = command_records(connection.session, here.table) if here else None
    if here is None or there is None or here.names == there.names:
        return OwnRecords()
    lacking, more = sorted(here.names - there.names), sorted(there.names - here.names)
    if here.head:
        told = (
            f"{here.table} says {_named(more) or 'nothing'} in the live database, after the command {_named(lacking)}"
        )
        return OwnRecords(True, False, told)
    told = f"{here.table} of the live database "
    told += f"does not record {_named(lacking)}" if lacking else ""
    told += " and " * bool(lacking and more)
    told += f"records {_named(more)}, which the command does not run" if more else ""
    return OwnRecords(bool(lacking), bool(more), told)


def _named(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + " …" * (len(names) > SHOWN)
