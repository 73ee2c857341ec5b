"""The text of a PL/pgSQL body to its tree (pl_gram.y; manual, chapter 43).

libpg_query's own parser of PL/pgSQL is no help: it drops declared types, the targets of several statements and all
offsets, and fails on fields of `%rowtype` variables.
"""

from __future__ import annotations

from functools import lru_cache

from pgproof.probes.bodies.declarations import declarations
from pgproof.probes.bodies.lexer import Token
from pgproof.probes.bodies.reading import NotRead, Reading
from pgproof.probes.bodies.simple import READERS, dynamic
from pgproof.probes.bodies.tree import (
    Assign,
    Block,
    Body,
    Branch,
    Foreach,
    ForInteger,
    ForQuery,
    Handler,
    If,
    Loop,
    Other,
    Sql,
    Statement,
    folded,
)

__all__ = ["NotRead", "parse"]

_RESERVED = frozenset(
    {"all", "begin", "by", "case", "declare", "else", "end", "execute", "for", "foreach", "from", "if", "in", "into"}
    | {"loop", "not", "null", "or", "strict", "then", "to", "using", "when", "while"}
)
_NESTED_AT_MOST = 80


@lru_cache(maxsize=512)
def parse(text: str) -> Body:
    """Return the tree of a body; NotRead when it cannot be read."""
    reading = Reading(text)
    start = _options(reading)
    block = _Statements(reading).block(reading.label())
    reading.accept(";")
    return Body(text[:start], block)


def _options(reading: Reading) -> int:
    """Go over `#variable_conflict use_column` and the like, and return where the block begins."""
    while reading.accept("#"):
        word = reading.next().word
        if word not in ("option", "variable_conflict", "print_strict_params"):
            raise NotRead(f"unknown option {word}")
        reading.next()
    return max(reading.peek().start, 0)


class _Statements:
    """Reads statements; knows which variables are cursors, and how deep it is."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._cursors: set[str] = set()
        self._depth = 0

    def block(self, label: str) -> Block:
        reading, start = self.reading, self.reading.peek().start
        variables = declarations(reading) if reading.accept("declare") else ()
        self._cursors |= {v.folded for v in variables if v.type.text.lower() in ("refcursor", "pg_catalog.refcursor")}
        reading.expect("begin")
        statements = self.statements("exception", "end")
        handlers: list[Handler] = []
        if reading.accept("exception"):
            while reading.accept("when"):
                conditions = self._conditions()
                handlers.append(Handler(conditions, self.statements("when", "end")))
        reading.expect("end")
        self._end_label()
        return Block(start, label, variables, statements, tuple(handlers))

    def statements(self, *ends: str) -> tuple[Statement, ...]:
        """Read statements up to one of `ends`, which stays."""
        found: list[Statement] = []
        self._depth += 1
        if self._depth > _NESTED_AT_MOST:
            raise NotRead("it is nested too deeply")
        while not (self.reading.peek().kind == "word" and self.reading.peek().word in ends):
            if not self.reading.accept(";"):
                found.append(self._statement())
        self._depth -= 1
        return tuple(found)

    def _statement(self) -> Statement:
        reading = self.reading
        label, first = reading.label(), reading.peek()
        if first.kind == "word" and first.word in ("declare", "begin", "loop", "while", "for", "foreach"):
            made = self._compound(first.word, label)
            reading.expect(";")
            return made
        if label:
            raise NotRead("a label before a statement that takes none")
        if self._assigns(first):
            target = reading.target()
            reading.next()
            return Assign(first.start, target, reading.until(";")[0])
        if first.kind == "word" and first.word in ("if", "case"):
            return self._if(first.start) if first.word == "if" else self._case(first.start)
        if first.kind == "word" and first.word in READERS:
            return READERS[first.word](reading, first.start)
        if first.kind == "word" and first.word in ("null", "close", "move", "commit", "rollback"):
            reading.until(";")
            return Other(first.start, first.word)
        text, into = reading.sql(first.start)
        return Sql(first.start, text, into)

    def _assigns(self, first: Token) -> bool:
        """Whether the statement is an assignment: a variable, with dots and brackets, and `:=` or `=`."""
        if not first.names or (first.kind == "word" and first.word in _RESERVED):
            return False
        reading, place = self.reading, self.reading.place
        if reading.peek(1).word not in (":=", "=", ".", "["):
            return False
        try:
            reading.target()
            return reading.peek().word in (":=", "=")
        except NotRead:
            return False
        finally:
            reading.back(place)

    def _compound(self, word: str, label: str) -> Statement:
        reading, start = self.reading, self.reading.peek().start
        if word in ("declare", "begin"):
            return self.block(label)
        reading.next()
        return self._loop(word, start, label)

    def _loop(self, word: str, start: int, label: str) -> Statement:
        reading = self.reading
        if word == "loop":
            return Loop(start, label, None, self._looped())
        if word == "while":
            condition, _ = reading.until("loop")
            return Loop(start, label, condition, self._looped())
        targets = reading.targets()
        if word == "foreach":
            sliced = reading.accept("slice")
            if sliced:
                reading.next()
            reading.expect("in", "array")
            array, _ = reading.until("loop")
            return Foreach(start, label, targets, array, sliced, self._looped())
        reading.expect("in")
        following = reading.peek()
        if reading.accept("execute"):
            source = dynamic(reading, following.start, "loop")
            return ForQuery(start, label, targets, source, self._looped())
        if following.names and folded(reading.text[following.start : following.end]) in self._cursors:
            cursor = reading.cursor(("loop",))
            reading.expect("loop")
            return ForQuery(start, label, targets, cursor, self._looped())
        reverse = reading.accept("reverse")
        low, end = reading.until("..", "loop")
        if end == "loop" and not reverse:
            return ForQuery(start, label, targets, low, self._looped())
        high, end = reading.until("by", "loop")
        step = reading.until("loop")[0] if end == "by" else None
        bounds = tuple(bound for bound in (low, high, step) if bound)
        return ForInteger(start, label, targets[0].text, bounds, self._looped())

    def _looped(self) -> tuple[Statement, ...]:
        statements = self.statements("end")
        self.reading.expect("end", "loop")
        self._end_label()
        return statements

    def _end_label(self) -> None:
        if self.reading.peek().names:
            self.reading.name()

    def _conditions(self) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            words = []
            while self.reading.peek().word not in ("or", "then"):
                token = self.reading.next()
                words.append(token.word.strip("'"))
            found.append(" ".join(words))
            if self.reading.next().word == "then":
                return tuple(found)

    def _if(self, start: int) -> If:
        reading, branches = self.reading, []
        reading.next()
        otherwise = None
        while True:
            condition, _ = reading.until("then")
            branches.append(Branch(condition, self.statements("elsif", "elseif", "else", "end")))
            if reading.accept("else"):
                otherwise = self.statements("end")
            if reading.accept("end"):
                reading.expect("if", ";")
                return If(start, tuple(branches), otherwise)
            reading.next()

    def _case(self, start: int) -> If:
        reading, branches = self.reading, []
        reading.next()
        subject = None
        if not reading.accept("when"):
            subject, _ = reading.until("when")
        otherwise = None
        while True:
            condition, _ = reading.until("then")
            branches.append(Branch(condition, self.statements("when", "else", "end")))
            if reading.accept("else"):
                otherwise = self.statements("end")
            if reading.accept("end"):
                reading.expect("case", ";")
                return If(start, tuple(branches), otherwise, subject, is_case=True)
            reading.expect("when")
