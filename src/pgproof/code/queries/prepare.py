"""Statements given to PostgreSQL to parse and analyse, and never to run (manual, 55.2.3: Parse).

Each goes as one Parse message and a Sync, so that each fails for itself, and many go out before the first answer is
read. Nothing is planned or executed: the types' input functions read the literals, that is all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.pq.abc import PGresult

BATCH = 200
"""Statements on their way at once."""
MESSAGE_AT_MOST = 2_000
_PARAMETER = re.compile(r"\$(\d{1,5})\b")
_MOST_PARAMETERS = 65_535
_TEXT = 25
"""The OID of the type text."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why PostgreSQL does not take a statement; `position` is an offset in its text, -1 when the server named none."""

    sqlstate: str
    message: str
    detail: str = ""
    hint: str = ""
    position: int = -1


def prepare(connection: Connection[Any], texts: Sequence[str]) -> list[Refusal | None]:
    """Return for each text why it was refused, or `None`; the connection, in autocommit mode, is ours alone.

    Raises
    ------
    psycopg.OperationalError
        The connection was lost.
    """
    pgconn = connection.pgconn
    answers: list[Refusal | None] = []
    pgconn.enter_pipeline_mode()
    try:
        for start in range(0, len(texts), BATCH):
            answers += _batch(connection, texts[start : start + BATCH])
    finally:
        pgconn.exit_pipeline_mode()
    return answers


def _batch(connection: Connection[Any], texts: Sequence[str]) -> Iterator[Refusal | None]:
    pgconn = connection.pgconn
    for text in texts:
        pgconn.send_prepare(b"", text.replace("\0", " ").encode(errors="replace"), _types(text))
        pgconn.pipeline_sync()
    for _ in texts:
        yield _answer(connection)


def _types(text: str) -> list[int] | None:
    """Give the numbers that do not occur a type: PostgreSQL wants one of each up to the highest."""
    numbers = {int(found) for found in _PARAMETER.findall(text)}
    highest = max(numbers, default=0)
    if highest > _MOST_PARAMETERS or len(numbers) == highest:
        return None
    return [0 if number in numbers else _TEXT for number in range(1, highest + 1)]


def _answer(connection: Connection[Any]) -> Refusal | None:
    """Read the results of one statement up to its Sync."""
    from psycopg import OperationalError
    from psycopg.pq import ExecStatus

    from pgproof.server.protocol import next_result

    refusal: Refusal | None = None
    empty = 0
    while True:
        result = next_result(connection)
        if result is None:
            empty += 1
            if empty > 2:
                raise OperationalError(connection.pgconn.get_error_message())
            continue
        empty = 0
        if result.status == ExecStatus.PIPELINE_SYNC:
            return refusal
        if result.status == ExecStatus.FATAL_ERROR:
            refusal = _refusal(result)


def _refusal(result: PGresult) -> Refusal:
    from psycopg.pq import DiagnosticField

    def field(name: DiagnosticField) -> str:
        return (result.error_field(name) or b"").decode(errors="replace")[:MESSAGE_AT_MOST]

    return Refusal(
        field(DiagnosticField.SQLSTATE),
        field(DiagnosticField.MESSAGE_PRIMARY),
        field(DiagnosticField.MESSAGE_DETAIL),
        field(DiagnosticField.MESSAGE_HINT),
        int(field(DiagnosticField.STATEMENT_POSITION) or 0) - 1,
    )
