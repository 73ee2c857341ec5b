"""The first lines of every report: what was found, and which of it is used."""

from __future__ import annotations

from collections import Counter

from pgproof.evidence.directories import Directories
from pgproof.evidence.history import History
from pgproof.evidence.live import Connection
from pgproof.evidence.settings import Settings
from pgproof.evidence.standing import Standings
from pgproof.evidence.store import Evidence
from pgproof.evidence.wording import counted

SHOWN = 4


def introduce(evidence: Evidence) -> list[str]:
    """Return the lines: directories, what lies beside the migrations, what the live database records."""
    lines: list[str] = []
    settings, directories = evidence.known(Settings), evidence.known(Directories)
    if settings and settings.config.replay_command:
        lines.append(f"the migrations are replayed by the project's own command: {settings.config.replay_command}")
    elif directories and directories.found:
        lines += _directories(directories)
    if (connection := evidence.known(Connection)) and connection.role.writes:
        role = connection.role
        lines.append(
            f"the role {role.role} could change the live database ({', '.join(role.writes)}); pgproof only reads, and "
            "pgproof explain live-role prints the grants of a role that could not"
        )
    if (history := evidence.known(History)) is not None:
        lines.append(_history(history))
    if (standings := evidence.known(Standings)) is not None and standings.sentence:
        lines.append(standings.sentence)
    return lines


def _directories(directories: Directories) -> list[str]:
    used, *others = directories.found
    using = f"using {used.path} ({used.layout}, {counted(len(used), 'file')})"
    if not others:
        lines = [f"found 1 directory of migrations; {using}"]
    else:
        more = f", and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        shown = ", ".join(f"{other.path} ({other.layout}, {len(other)})" for other in others[:SHOWN])
        lines = [f"found {len(directories.found)} directories of migrations; {using}; others: {shown}{more}"]
    if used.debris:
        beside = Counter(debris.what for debris in used.debris)
        listed = ", ".join(f"{what} ({number})" for what, number in sorted(beside.items()))
        lines.append(f"beside the migrations, not run: {listed}")
    return lines


def _history(history: History) -> str:
    line = f"{history.table} records {counted(len(history.recorded), 'migration')} as applied"
    if history.pending:
        names = ", ".join(file.path.rpartition("/")[2] for file in history.pending[:SHOWN])
        more = f" and {len(history.pending) - SHOWN} more" if len(history.pending) > SHOWN else ""
        line += f"; {len(history.pending)} pending: {names}{more}"
    return line
