"""What a server says when it refuses a statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the server said when it refused a statement. `context` names the functions that it was in, inner ones first.

    `column` and `constraint` are the names that the server gives of its own accord; `table` is schema and name. A
    connection that was lost has no `sqlstate`.
    """

    sqlstate: str
    message: str
    constraint: str = ""
    column: str = ""
    table: tuple[str, str] = ("", "")
    context: str = ""

    @property
    def sqlclass(self) -> str:
        """The class of the state (manual, appendix A): its first two characters."""
        return self.sqlstate[:2]


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of the last statement, or why one was refused."""

    rows: tuple[tuple[Any, ...], ...] = ()
    refusal: Refusal | None = None
