"""What ends a run: each error names the thing, the place and the way out."""

from __future__ import annotations


class PgproofError(Exception):
    """The tool could not do its work (exit code 4).

    `problem` names the thing and the place in one line; `way_out` says what to do (several lines are allowed).
    """

    exit_code = 4

    def __init__(self, problem: str, way_out: str = "") -> None:
        """Take both halves of the message."""
        super().__init__(problem)
        self.problem = problem
        self.way_out = way_out


class UsageError(PgproofError):
    """The command line, the configuration or the project's input is wrong (exit code 2)."""

    exit_code = 2
