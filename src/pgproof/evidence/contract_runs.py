"""The files of the team's own verification, read and run on a private database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.code.queries.attempt import Unfit, attempts
from pgproof.code.usage import Query as Sent
from pgproof.contract.verification import Script, in_program, read
from pgproof.evidence.settings import Settings
from pgproof.evidence.usages import Usages
from pgproof.migrations.observation import Replay
from pgproof.model import Location
from pgproof.project.toml import read_text

if TYPE_CHECKING:
    import psycopg

    from pgproof.shadow.database import Database

ROWS = 1_000
"""Rows of an answer that are looked at."""
TAP = "select 1 from pg_catalog.pg_proc where proname = 'no_plan' limit 1"
TIMEOUT = "set local statement_timeout = '10s'"


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a statement, as many as are looked at, or the error of the server."""

    rows: tuple[tuple[Any, ...], ...] = ()
    error: str = ""


def scripts_of(settings: Settings, usages: Usages | None = None) -> list[Script]:
    """Read the files; of a program, when its `usages` are given, the queries that it sends."""
    found = []
    for path in settings.config.contract.verification.files:
        text = read_text(settings.root / path, path)
        if path.endswith(".sql"):
            found.append(read(path, text))
        else:
            found.append(in_program(path, text, _sent(path, usages)))
    return found


def _sent(path: str, usages: Usages | None) -> Iterator[tuple[Location, str]]:
    for reading, query in usages.of(Sent) if usages else ():
        if reading.path == path:
            with suppress(Unfit):
                yield from ((query.location, one.text.strip()) for one in attempts(query) if one.whole)


def run(scripts: Iterable[Script], connection: psycopg.Connection[Any], before: str = "") -> list[Answer]:
    """Run the scripts, each in a transaction that is rolled back, after a statement that takes something away."""
    from psycopg import Error

    answers: list[Answer] = []
    for script in scripts:
        with connection.transaction(force_rollback=True):
            connection.execute(TIMEOUT)
            try:
                if before:
                    connection.execute(before.encode())
            except Error as error:
                answers += [Answer(error=f"{before}: {error}") for _ in script.queries]
                continue
            for query in script.queries:
                try:
                    with connection.transaction():
                        cursor = connection.execute(query.text.encode())
                        rows = cursor.fetchmany(ROWS) if cursor.description else []
                    answers.append(Answer(tuple(map(tuple, rows))))
                except Error as error:
                    said = error.diag.message_primary or str(error).splitlines()[0]
                    answers.append(Answer(error=f"{said} ({error.sqlstate})"))
    return answers


def has_tap(
    database: Database, connection: psycopg.Connection[Any], replay: Replay | None, standins: Iterable[str]
) -> bool:
    """Whether pgTAP is there and works, created if the server has it."""
    from psycopg import Error

    try:
        if connection.execute(TAP).fetchone():
            return replay is None or "pgtap" not in replay.standins
        if "pgtap" in standins:
            return False
        database.create_extension(connection, "pgtap", "public")
    except Error:
        return False
    return True
