"""What became of one step, and where in the file an error is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pgproof.migrations.observation import Failure
from pgproof.migrations.replay.effects import Seen
from pgproof.migrations.replay.limits import NO_KEY
from pgproof.migrations.replay.transactions import Runnable
from pgproof.migrations.replay.wire import ServerError
from pgproof.model import Location
from pgproof.sql.step import Broken, Copy, Sql

_IN_BLOCK = re.compile(r"^PL/pgSQL function inline_code_block line (\d+) at", re.MULTILINE)
_COMPILING = re.compile(r'^compilation of PL/pgSQL function ".*" near line (\d+)', re.MULTILINE)
_IN_DATA = re.compile(r"^COPY .*, line (\d+)", re.MULTILINE)
_NEAR = re.compile(r'at or near "(.*)"\Z', re.DOTALL)
_NEAR_AT_MOST = 60
_INSUFFICIENT_RESOURCES = "53"
"""A class of states: memory, disk, connections (manual, appendix A)."""
_OUT_OF_MEMORY = "53200"
_CONFIGURATION_LIMIT = "53400"
_TIMES = ("57014", "25P03", "25P04", "57P05")
"""What a timeout that the migrations have set themselves ends with: a statement, a transaction, or a session."""
_BODY = {
    "DoStmt": re.compile(r"\$(?:[^\W\d]\w*)?\$|'"),
    "CreateFunctionStmt": re.compile(r"\bas\s*(?:\$(?:[^\W\d]\w*)?\$|')", re.IGNORECASE),
}
"""What stands before the body of a block or a function."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did (nothing, when it failed), and why it failed. `number` is the step's in its file."""

    number: int
    seen: Seen = field(default_factory=Seen)
    failure: Failure | None = None
    elapsed_ms: float = 0.0


def failure(step: Runnable, error: ServerError, offset: int) -> Failure:
    """Return why a step failed. Its text began at `offset` of the text that was sent."""
    message = _NEAR.sub(_shortened, error.message)
    place, limit = _place(step, error, offset), "" if error.raised else _limit(error)
    return Failure(error.sqlstate, message, error.detail, error.hint, place, limit, error.raised)


def _limit(error: ServerError) -> str:
    """Return the key of the limit that the server itself has kept, `NO_KEY` for one without a key, or `""`."""
    if error.sqlstate == _OUT_OF_MEMORY and error.message.startswith("out of memory"):
        return "memory"
    if error.sqlstate == _CONFIGURATION_LIMIT and "temp_file_limit" in error.message:
        return "disk"
    return NO_KEY if error.sqlstate in _TIMES or error.sqlstate.startswith(_INSUFFICIENT_RESOURCES) else ""


def _shortened(near: re.Match[str]) -> str:
    """Return what an error is near to without what comes after its line: an open quote lasts to the end of the file."""
    line, newline, _ = near[1].partition("\n")
    cut = newline or len(line) > _NEAR_AT_MOST
    return f'at or near "{line[:_NEAR_AT_MOST]}{"…" if cut else ""}"'


def _place(step: Runnable, error: ServerError, start: int) -> Location | None:
    """Return where in the file an error is: its offset in the statement, or its line in a DO block or in COPY data."""
    if isinstance(step, Broken):
        offset = error.position - 1 - start
        return _moved(step.location, step.text[:offset]) if 0 <= offset <= len(step.text) else step.place
    if isinstance(step, Copy):
        line = _IN_DATA.search(error.context)
        first = step.data_at
        return Location(first.path, first.line + int(line[1]) - 1) if line and first.line else None
    text = step.statement.text
    if error.inner_query == text:  # it was elevated
        return step.place(error.inner_position - 1)
    if start <= error.position - 1 <= start + len(text):
        return step.place(error.position - 1 - start)
    inside = _IN_BLOCK.search(error.context) or _COMPILING.search(error.context)
    body = _BODY[step.statement.node].search(text) if inside and step.statement.node in _BODY else None
    return _line_of_body(step, body.end(), int(inside[1])) if inside and body else None


def _moved(location: Location, text: str) -> Location:
    """Return the place behind a text that begins at `location`."""
    lines = text.count("\n")
    column = len(text) - text.rfind("\n") if lines else location.column + len(text)
    return Location(location.path, location.line + lines, column)


def _line_of_body(step: Sql, offset: int, line: int) -> Location | None:
    """Return the first character of a line of a body that begins at `offset`; line 1 is that of the opening quote."""
    text = step.statement.text
    for _ in range(line - 1):
        offset = text.find("\n", offset) + 1
        if not offset:
            return None
    while offset < len(text) and text[offset].isspace() and text[offset] != "\n":
        offset += 1
    return step.place(offset)
