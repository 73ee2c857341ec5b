"""Reads a script as psql does: a buffer that statements grow in until a semicolon sends it (mainloop.c, psqlscan.l)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pgproof.model import Location
from pgproof.sql import commands, psql
from pgproof.sql.condition import Branch
from pgproof.sql.copy import data_after, looks_like_stdin, reads_stdin
from pgproof.sql.lexer import Stop, Token, has_body, next_stop, reference
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.recovery import resume
from pgproof.sql.source import Buffer, Source
from pgproof.sql.split import skip_blank, split
from pgproof.sql.statement import Statement
from pgproof.sql.step import Broken, Copy, Refused, Sql, Step

_EXPANDED = 16 * 1024 * 1024
"""Characters: a bound for hostile scripts, whose variables double at each level."""
_RECOVERIES = 100
"""In one script: each reads the rest of it again."""


@dataclass(slots=True)
class Run:
    """What a script and all that it includes share. `root` is resolved."""

    root: Path
    variables: dict[str, str]
    encoding: str
    steps: list[Step] = field(default_factory=list)
    open_files: list[Path] = field(default_factory=list)
    includes: int = 0
    expanded: int = 0
    exhausted: bool = False
    restricted: bool = False
    queried: bool = False
    """A query would have set variables (`\\gset`)."""


_NESTED_COST = 256
"""How many characters a variable inside of another one counts for."""


class _Mark(NamedTuple):
    """The state at the beginning of a statement."""

    steps: int
    variables: dict[str, str]
    branch: Branch | None


class Reader:
    """Reads one script; those that it includes have readers of their own."""

    def __init__(self, run: Run, source: Source) -> None:
        """Begin at the beginning."""
        self.run = run
        self.source = source
        self.buffer = Buffer()
        self.branch: Branch | None = None
        self.quit = False
        self._parentheses = 0
        self._body = 0
        self._hidden_end = False
        self._endless = False
        self._recoveries = _RECOVERIES
        self._mark = _Mark(0, {}, None)

    def read(self) -> None:
        """Append the script's steps to the run's."""
        text = self.source.text
        position: int | None = 0
        while position is not None:
            self._scan(text, None, frozenset(), position)
            position = self.send(len(text))
        if self.branch and not self.quit:
            self.broken("", len(text), "the file ends inside \\if: \\endif is missing", told=True)

    @property
    def active(self) -> bool:
        """Whether what is read now counts: it stands in no branch that is not taken."""
        return self.branch is None or self.branch.active

    def expand(self, length: int, offset: int, text: str) -> bool:
        """Say whether a variable's value may still be put in; all are forgotten when it is too much in sum."""
        self.run.expanded += 0 if self.run.exhausted else length
        if self.run.expanded <= _EXPANDED:
            return True
        self.refuse("variables expand to more than 16 MB: all are forgotten, and none is set any more", offset, text)
        self.run.variables.clear()
        self.run.expanded, self.run.exhausted = 0, True
        return False

    def include(self, path: str, text: str) -> None:
        """Read another script in the middle of this one."""
        Reader(self.run, Source(path, text)).read()

    def refuse(self, reason: str, offset: int, text: str) -> None:
        """Append a step that is not run."""
        self.run.steps.append(Refused(reason, self.source.place(offset), text.rstrip()))

    def broken(
        self, text: str, offset: int, message: str, error_offset: int | None = None, *, told: bool = False
    ) -> None:
        """Append what cannot be read; the error is at `error_offset` when it is not at the beginning."""
        error = self.source.place(offset if error_offset is None else error_offset)
        problem = SyntaxProblem(message, offset if error_offset is None else error_offset, error.line, error.column)
        self.run.steps.append(Broken(text.rstrip(), self.source.place(offset), problem, told))

    def copy(self, sql: str, offset: int, data: str, data_at: Location, terminated: bool = True) -> None:
        """Append a COPY with its data."""
        place = self.source.place(offset)
        statement = Statement(sql, offset, place.line, place.column, "CopyStmt")
        self.run.steps.append(Copy(statement, place, data, data_at, terminated))

    def inline_copy(self, sql: str, offset: int, end: int) -> int:
        """Append a COPY whose data follows the line at `end`; return the offset after the data."""
        data = data_after(self.source.text, end)
        inline = self.source.text[data.start : data.end]
        self.copy(sql, offset, inline, self.source.place(data.start), data.terminated)
        return data.after

    def send(self, end: int, in_variable: bool = False) -> int | None:
        """Make steps of the buffer, which ends at `end` of the source; return where to go on when it is not there."""
        buffer, self.buffer = self.buffer, Buffer()
        self._parentheses = self._body = 0
        self._hidden_end = False
        text = buffer.text
        try:
            statements = split(text)
        except SyntaxProblem as problem:
            return self._recover(buffer, text, end, problem)
        for statement in statements:
            if statement.node != "CopyStmt" or not reads_stdin(statement.tree):
                self._sql(buffer, statement)
            elif in_variable or statement is not statements[-1]:
                reason = "its COPY data cannot follow: other statements, or a variable, are sent with it"
                self.refuse(reason, buffer.source_offset(statement.start), statement.text)
            else:
                return self._copy_data(statement.text, buffer.source_offset(statement.start), end)
        return None

    def _scan(self, text: str, written_at: int | None, expanding: frozenset[str], position: int = 0) -> None:
        """Read the source's text, or (`written_at` an offset of the source) the value of a variable."""
        body_words = has_body(text)
        while not self.quit:
            token = next_stop(text, position, body_words)
            self._add(text[position : token.start], position, written_at)
            if token.stop is Stop.COLON:
                position = self._variable(text, token, written_at, expanding)
                continue
            if token.stop is Stop.BACKSLASH and written_at is None:
                # no statement has a semicolon inside parentheses, except CREATE RULE: this one is broken, end it here
                resumed = self.send(token.start) if self._hidden_end else None
                position = commands.act(self, token.start) if resumed is None else resumed
                continue
            if token.stop is Stop.SEMICOLON and self.active and not (self._parentheses or self._body):
                end = token.start if written_at is None else written_at
                resumed = self.send(end, written_at is not None)
                position = token.end if resumed is None else resumed
                continue
            self._add(text[token.start : token.end], token.start, written_at)
            if written_at is not None and token.stop in {Stop.BACKSLASH, Stop.UNCLOSED}:
                self.refuse("a variable holds a meta-command or an open quote", written_at, text[token.start :])
                return
            if token.stop in {Stop.END, Stop.UNCLOSED}:
                return
            self._nest(text, token)
            position = token.end

    def _add(self, part: str, position: int, written_at: int | None) -> None:
        if self.active:
            began = not self.buffer.blank
            self.buffer.add(part, position if written_at is None else written_at, written_at is None)
            if not (began or self.buffer.blank):
                self._mark = _Mark(len(self.run.steps), dict(self.run.variables), self.branch)

    def _nest(self, text: str, token: Token) -> None:
        if not self.active:
            return
        if token.stop is Stop.SEMICOLON:
            self._hidden_end = not self._body
        elif token.stop is Stop.OPEN:
            self._parentheses += 1
        elif token.stop is Stop.CLOSE:
            self._parentheses = max(self._parentheses - 1, 0)
        elif token.stop is Stop.BODY_WORD:
            word = text[token.start : token.end].lower()
            if word == "begin":
                following = skip_blank(text, token.end)
                self._body += 1 if self._body or text[following : following + 6].lower() == "atomic" else 0
            elif self._body:
                self._body += 1 if word == "case" else -1

    def _variable(self, text: str, token: Token, written_at: int | None, expanding: frozenset[str]) -> int:
        found = reference(text, token.start)
        value = psql.value_of(found, self.run.variables) if found and self.active else None
        if found is None or value is None or found.name in expanding:
            self._add(":", token.start, written_at)
            return token.end
        offset = token.start if written_at is None else written_at
        # One inside of another costs time, however short it is: a few that double are millions.
        cost = len(value) + (_NESTED_COST if expanding else 0)
        if not self.expand(cost, offset, text[token.start : found.end]):
            return found.end
        if found.how == "plain":
            self._scan(value, offset, expanding | {found.name})
        else:
            self.buffer.add(value, offset, exact=False)
        return found.end

    def _sql(self, buffer: Buffer, statement: Statement) -> None:
        place = self.source.place(offset := buffer.source_offset(statement.start))
        placed = Statement(statement.text, offset, place.line, place.column, statement.node)
        origins = buffer.origins(self.source, statement.start, statement.start + len(statement.text))
        self.run.steps.append(Sql(placed, place, origins))

    def _copy_data(self, sql: str, offset: int, end: int) -> int:
        text = self.source.text
        line_end = psql.line_end(text, end)
        rest = skip_blank(text, min(end + 1, line_end), line_end)
        after = self.inline_copy(sql, offset, end)
        if rest < line_end:
            self.refuse("it follows COPY … FROM stdin on its line", rest, text[rest:line_end])
        return after

    def _recover(self, buffer: Buffer, text: str, end: int, problem: SyntaxProblem) -> int | None:
        """Append what is broken; when its end is hidden, go back to the state before it and on after it."""
        at = buffer.source_offset(problem.position)
        resumed = None
        if buffer.begin is not None and self._recoveries:
            located = SyntaxProblem(problem.message, at, 0, 0)
            resumed = resume(self.source.text, buffer.begin, end, located)
        start = min(skip_blank(text, 0), problem.position)  # a comment that never ends is no blank
        if resumed is None or buffer.begin is None:
            unset = reference(text, problem.position)
            message = problem.message + (f" (psql's variable {unset.name} is not set)" if unset else "")
            self.broken(text[start:], buffer.source_offset(start), message, at, told=unset is not None)
            if self._endless or not looks_like_stdin(text[start:]):
                return None
            data = data_after(self.source.text, end)
            self._endless = not data.terminated
            return data.after if data.terminated else None
        self._recoveries -= 1
        del self.run.steps[self._mark.steps :]
        self.run.variables.clear()
        self.run.variables.update(self._mark.variables)
        self.branch = self._mark.branch
        self.broken(self.source.text[buffer.begin + start : resumed - 1], buffer.begin + start, problem.message, at)
        return resumed
