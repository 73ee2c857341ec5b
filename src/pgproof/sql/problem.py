"""A text that is not SQL."""

from __future__ import annotations


class SyntaxProblem(Exception):  # noqa: N818 (what a reader of a file meets is a problem of that file, not of the program)
    """What the parser says: `position` is a character offset from 0 in the text, `line` and `column` count from 1."""

    def __init__(self, message: str, position: int, line: int, column: int) -> None:
        """Keep the message and the place."""
        super().__init__(message)
        self.message = message
        self.position = position
        self.line = line
        self.column = column
