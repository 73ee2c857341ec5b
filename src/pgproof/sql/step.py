"""What a script of SQL and psql's meta-commands asks for, one step after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pgproof.model import Location
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.statement import Statement


class Origin(NamedTuple):
    """From `offset` of a statement's text on, characters come from this place of the file.

    `exact`: one after the other; otherwise all of them stand for the variable that is written there.
    """

    offset: int
    line: int
    column: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement to run. `statement.text` is what is sent, with psql's variables replaced."""

    statement: Statement
    location: Location
    origins: tuple[Origin, ...]

    def place(self, offset: int) -> Location:
        """Return where the character at `offset` of the statement's text stands in the file."""
        origin = next(o for o in reversed(self.origins) if o.offset <= max(offset, 0))
        if not origin.exact:
            return Location(self.location.path, origin.line, origin.column)
        text = self.statement.text
        newlines = text.count("\n", origin.offset, offset)
        if newlines:
            return Location(self.location.path, origin.line + newlines, offset - text.rfind("\n", 0, offset))
        return Location(self.location.path, origin.line, origin.column + offset - origin.offset)


@dataclass(frozen=True, slots=True)
class Copy:
    r"""A `COPY … FROM stdin` to run, with the data that follows it (or that `\copy` reads from a file).

    `data_at` is where the data begins. `terminated` is false when no `\.` ends it: psql then takes all the rest.
    """

    statement: Statement
    location: Location
    data: str
    data_at: Location
    terminated: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    r"""What pgproof does not run, and why (`\connect`, `\!`): to be reported. `text` includes the query it was for."""

    reason: str
    location: Location
    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """What psql or the parser cannot read: `error` has its place in the file.

    `told` says that `error` is the whole answer: a file that is not there, a variable that is not set. Else another
    version of the server may understand the text, and has the last word.
    """

    text: str
    location: Location
    error: SyntaxProblem
    told: bool = False

    @property
    def place(self) -> Location:
        """Where in the file the error is."""
        return Location(self.location.path, self.error.line, self.error.column)


Step: TypeAlias = Sql | Copy | Refused | Broken
