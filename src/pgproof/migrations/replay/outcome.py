"""What became of one step, and where in the file an error is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pgproof.migrations.observation import Failure
from pgproof.migrations.replay.effects import Seen
from pgproof.migrations.replay.transactions import Runnable
from pgproof.migrations.replay.wire import ServerError
from pgproof.model import Location
from pgproof.sql.step import Broken, Copy, Sql

_IN_BLOCK = re.compile(r"^PL/pgSQL function inline_code_block line (\d+) at", re.MULTILINE)
_IN_DATA = re.compile(r"^COPY .*, line (\d+)", re.MULTILINE)
_QUOTE = re.compile(r"\$(?:[^\W\d]\w*)?\$|'")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did (nothing, when it failed), and why it failed. `number` is the step's in its file."""

    number: int
    seen: Seen = field(default_factory=Seen)
    failure: Failure | None = None
    elapsed_ms: float = 0.0


def failure(step: Runnable, error: ServerError, offset: int) -> Failure:
    """Return why a step failed. Its text began at `offset` of the text that was sent."""
    return Failure(error.sqlstate, error.message, error.detail, error.hint, _place(step, error, offset))


def _place(step: Runnable, error: ServerError, start: int) -> Location | None:
    """Return where in the file an error is: its offset in the statement, or its line in a DO block or in COPY data."""
    if isinstance(step, Broken):
        return step.place
    if isinstance(step, Copy):
        line = _IN_DATA.search(error.context)
        first = step.data_at
        return Location(first.path, first.line + int(line[1]) - 1) if line and first.line else None
    text = step.statement.text
    if error.inner_query == text:  # it was elevated
        return step.place(error.inner_position - 1)
    if start <= error.position - 1 <= start + len(text):
        return step.place(error.position - 1 - start)
    block = _IN_BLOCK.search(error.context)
    return _line_of_block(step, text, int(block[1])) if block else None


def _line_of_block(step: Sql, text: str, line: int) -> Location | None:
    """Return the first character of a line of a DO block's body; line 1 is the line of the opening quote."""
    quote = _QUOTE.search(text)
    if quote is None:
        return None
    offset = quote.end()
    for _ in range(line - 1):
        offset = text.find("\n", offset) + 1
        if not offset:
            return None
    while offset < len(text) and text[offset].isspace() and text[offset] != "\n":
        offset += 1
    return step.place(offset)
