r"""A migration file as psql would read it: statements, COPY data and meta-commands become steps with their places.

Nothing is sent and no command is run. Files are read inside the project only. Each step keeps its place in the file
that it was written in, also inside `\i` and after variables were replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pgproof.model import Location
from pgproof.sql.copy import reads_stdin
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.reader import Reader, Run
from pgproof.sql.source import Source
from pgproof.sql.split import split
from pgproof.sql.step import Broken, Copy, Origin, Refused, Sql, Step

__all__ = ["Broken", "Copy", "Refused", "Sql", "Step", "read_script"]


def read_script(
    text: str, path: str, root: Path, variables: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> list[Step]:
    r"""Return the steps of a script, in their order.

    `path` is the script's own, relative to `root`, the project: `\i` and `\copy` read files below it and nowhere else.
    `variables` are psql's (`-v name=value`). One syntax error loses one statement: it is a `Broken` step, and the rest
    follows. Nothing is skipped in silence, except what only shows something (`\echo`, `\pset`) and the branches
    that `\if` does not take.
    """
    if not variables or ":" not in text:
        plain = _plain(text, path)
        if plain is not None:
            return plain
    run = Run(root.resolve(), dict(variables or {}), encoding)
    Reader(run, Source(path, text)).read()
    return run.steps


def _plain(text: str, path: str) -> list[Step] | None:
    """Return the steps of a text that is SQL alone, which the parser splits at once; `None` for any other text."""
    steps: list[Step] = []
    try:
        statements = split(text)
    except SyntaxProblem:
        return None
    for statement in statements:
        if statement.node == "CopyStmt" and reads_stdin(statement.tree):
            return None
        place = Location(path, statement.line, statement.column)
        steps.append(Sql(statement, place, (Origin(0, statement.line, statement.column, True),)))
    return steps
