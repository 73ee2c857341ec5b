"""What a server's death means."""

from __future__ import annotations

import re
from pathlib import Path

from pgproof.model.errors import PgproofError

_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded|could not extend file|Cannot allocate memory")
_QUOTES_SQL = re.compile(r"\b(STATEMENT|CONTEXT|QUERY|DETAIL): ")
_TAIL = 12


class ServerDied(PgproofError):  # noqa: N818 (named for what went wrong)
    """The private server ended by itself."""


class NoSpace(ServerDied):
    """The private server ended, or could not start, because its file system or memory is full.

    `on_disk` says whether it was on disk already; if not, another attempt with `on_disk=True` makes sense.
    """

    def __init__(self, problem: str, way_out: str, *, on_disk: bool) -> None:
        """Take the two texts and where the data was."""
        super().__init__(problem, way_out)
        self.on_disk = on_disk


def explain_death(log: Path, data: Path, *, on_disk: bool) -> ServerDied:
    """Read a dead server's log and return the error to raise. Lines that quote SQL are left out: secrets."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    lines = [line for line in lines if line.strip() and not line.startswith("\t") and not _QUOTES_SQL.search(line)]
    if tells_of_no_space("\n".join(lines)):
        return no_space(data, on_disk=on_disk)
    said = "\n".join(lines[-_TAIL:]) or "(its log is empty)"
    return ServerDied("the private PostgreSQL server died.", "The end of its log:\n" + said)


def tells_of_no_space(log: str) -> bool:
    """Whether PostgreSQL's programs have said that a file system or memory is full."""
    return _NO_SPACE.search(log) is not None


def no_space(data: Path, *, on_disk: bool) -> NoSpace:
    """Return the error for a full file system."""
    return NoSpace(
        f"no space left for the private PostgreSQL server in {data.parent}.",
        "Make room there, or name another folder with the variable PGPROOF_CACHE.",
        on_disk=on_disk,
    )
