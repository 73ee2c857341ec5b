"""What a migration tool said before it ended: the error of the database in it, and the place in the project."""

from __future__ import annotations

import re
from pathlib import Path

from pgproof.migrations.observation import Failure
from pgproof.model import Location

_LINES_AT_MOST = 30
_DRIVER_ERROR = re.compile(r"\(?\b(?:psycopg2?|asyncpg)\.(?:errors|exceptions)\.(?P<name>\w+)(?:\)|:) (?P<message>.+)")
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)', re.MULTILINE)
_NOT_THE_PROJECTS = {"site-packages", "dist-packages", "node_modules", ".venv", "venv"}


def complaint(output: str, root: Path, otherwise: str) -> Failure:
    """Return why a tool failed: the last error of its driver, or else `otherwise`; at the last frame of the project."""
    errors, place = list(_DRIVER_ERROR.finditer(output)), _last_frame(output, root)
    if not errors:
        return Failure("", otherwise, last_lines(output), location=place)
    error = errors[-1]
    return Failure(_sqlstate(error["name"]), error["message"].strip(), location=place)


def last_lines(output: str) -> str:
    """Return the last lines of an output."""
    return "\n".join(output.rstrip().splitlines()[-_LINES_AT_MOST:])


def _last_frame(output: str, root: Path) -> Location | None:
    place = None
    for frame in _FRAME.finditer(output):
        path = Path(frame["path"])
        if path.is_relative_to(root) and not _NOT_THE_PROJECTS.intersection(path.relative_to(root).parts):
            place = Location(path.relative_to(root).as_posix(), int(frame["line"]))
    return place


def _sqlstate(name: str) -> str:
    """Return the SQLSTATE of a driver's exception: psycopg, psycopg2 and asyncpg name most of them alike."""
    from psycopg import errors

    found = getattr(errors, name, None) or getattr(errors, name.removesuffix("Error"), None)
    return getattr(found, "sqlstate", None) or ""
