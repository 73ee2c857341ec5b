"""The text of a PL/pgSQL body to its tree (pl_gram.y; manual, chapter 43).

libpg_query's own parser of PL/pgSQL is no help: it drops declared types, the targets of several statements and all
offsets, and fails on fields of `%rowtype` variables.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pgproof.probes.bodies.declarations import declarations
from pgproof.probes.bodies.lexer import Token
from pgproof.probes.bodies.reading import NotRead, Reading
from pgproof.probes.bodies.tree import (
    Assign,
    Block,
    Body,
    Branch,
    Dynamic,
    Exit,
    Expressions,
    Fetch,
    Foreach,
    ForInteger,
    ForQuery,
    Handler,
    If,
    Into,
    Loop,
    Open,
    Other,
    Perform,
    Raise,
    Return,
    Sql,
    Statement,
    Text,
    folded,
)

__all__ = ["NotRead", "parse"]

_RESERVED = frozenset(
    {"all", "begin", "by", "case", "declare", "else", "end", "execute", "for", "foreach", "from", "if", "in", "into"}
    | {"loop", "not", "null", "or", "strict", "then", "to", "using", "when", "while"}
)
_LEVELS = ("debug", "log", "info", "notice", "warning", "exception")
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
        self._readers: dict[str, Callable[[int], Statement]] = {
            "if": self._if,
            "case": self._case,
            "exit": self._exit,
            "continue": self._exit,
            "return": self._return,
            "raise": self._raise,
            "assert": self._assert,
            "perform": self._perform,
            "execute": self._execute,
            "open": self._open,
            "fetch": self._fetch,
            "get": self._diagnostics,
        }

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
        if first.kind == "word" and first.word in self._readers:
            return self._readers[first.word](first.start)
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
            source = self._dynamic(following.start, "loop")
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

    def _exit(self, start: int) -> Exit:
        reading, leaves = self.reading, self.reading.next().word == "exit"
        label = reading.name() if reading.peek().names and reading.peek().word != "when" else ""
        when = reading.until(";")[0] if reading.accept("when") else None
        if when is None:
            reading.expect(";")
        return Exit(start, label, when, leaves)

    def _return(self, start: int) -> Return:
        reading = self.reading
        reading.next()
        if reading.accept("next"):
            value, _ = reading.until(";")
            return Return(start, "next", value if value.text else None)
        if reading.accept("query"):
            at = reading.peek().start
            if reading.accept("execute"):
                return Return(start, "query", self._dynamic(at, ";"))
            return Return(start, "query", reading.sql(at, into_allowed=False)[0])
        value, _ = reading.until(";")
        return Return(start, "", value if value.text else None)

    def _raise(self, start: int) -> Raise:
        reading = self.reading
        reading.next()
        level = reading.peek()
        if level.kind == "word" and level.word in _LEVELS:
            reading.next()
        ends = level.word == "exception" or level.word not in _LEVELS
        expressions: list[Text] = []
        options: list[tuple[str, Text]] = []
        again = level.word == ";"
        if reading.peek().kind == "string":
            text = last = reading.next()
            while reading.peek().kind == "string":  # on a line of its own it goes on with the one before
                last = reading.next()
            options.append(("message", Text(reading.text[text.start : last.end], text.start)))
            if reading.accept(","):
                found, end = reading.list_until("using", ";")
                expressions += found
            else:
                end = reading.next().word
        else:
            condition, end = reading.until("using", ";")
            if condition.text:
                options.append(("errcode", condition))
        while end == "using" or end == ",":
            option = reading.name().lower()
            if not (reading.accept("=") or reading.accept(":=")):
                raise NotRead("an option of RAISE without a value")
            value, end = reading.until(",", ";")
            expressions.append(value)
            options.append((option, value))
        return Raise(start, tuple(expressions), ends, tuple(options), again)

    def _assert(self, start: int) -> Expressions:
        self.reading.next()
        return Expressions(start, self.reading.list_until(";")[0])

    def _perform(self, start: int) -> Perform:
        self.reading.next()
        return Perform(start, self.reading.until(";")[0])

    def _execute(self, start: int) -> Dynamic:
        self.reading.next()
        return self._dynamic(start, ";")

    def _dynamic(self, start: int, last: str) -> Dynamic:
        reading = self.reading
        command, end = reading.until("into", "using", last)
        into: Into = ()
        using: tuple[Text, ...] = ()
        while end != last:
            if end == "into":
                into = reading.targets()
                end = reading.next().word
            else:
                using, end = reading.list_until("into", last)
        return Dynamic(start, command, using, into)

    def _open(self, start: int) -> Open:
        reading = self.reading
        reading.next()
        cursor = reading.cursor(("no", "scroll", "for", ";"))
        reading.accept("no")
        reading.accept("scroll")
        if reading.accept(";"):
            return Open(start, cursor, None)
        reading.expect("for")
        at = reading.peek().start
        if reading.accept("execute"):
            return Open(start, cursor, self._dynamic(at, ";"))
        return Open(start, cursor, reading.until(";")[0])

    def _diagnostics(self, start: int) -> Fetch:
        reading = self.reading
        reading.next()
        stacked = reading.peek().word == "stacked"
        while not reading.accept("diagnostics"):
            reading.next()
        targets = []
        while True:
            targets.append(reading.target())
            if reading.until(",", ";")[1] == ";":
                return Fetch(start, "", tuple(targets), stacked)

    def _fetch(self, start: int) -> Fetch:
        reading = self.reading
        reading.next()
        words: list[Token] = []
        while reading.peek().word != "into":
            words.append(reading.next())
        reading.next()
        into = reading.targets()
        reading.expect(";")
        cursor = words[-1] if words else None
        return Fetch(start, folded(reading.text[cursor.start : cursor.end]) if cursor else "", into)
