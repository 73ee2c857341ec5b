"""Statements of a PL/pgSQL body that hold no other statements (pl_gram.y; manual, chapter 43)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pgproof.probes.bodies.lexer import Token
from pgproof.probes.bodies.reading import NotRead, Reading
from pgproof.probes.bodies.tree import (
    Dynamic,
    Exit,
    Expressions,
    Fetch,
    Into,
    Open,
    Perform,
    Raise,
    Return,
    Statement,
    Text,
    folded,
)

_LEVELS = ("debug", "log", "info", "notice", "warning", "exception")


def _exit(reading: Reading, start: int) -> Exit:
    leaves = reading.next().word == "exit"
    label = reading.name() if reading.peek().names and reading.peek().word != "when" else ""
    when = reading.until(";")[0] if reading.accept("when") else None
    if when is None:
        reading.expect(";")
    return Exit(start, label, when, leaves)


def _return(reading: Reading, start: int) -> Return:
    reading.next()
    if reading.accept("next"):
        value, _ = reading.until(";")
        return Return(start, "next", value if value.text else None)
    if reading.accept("query"):
        at = reading.peek().start
        if reading.accept("execute"):
            return Return(start, "query", dynamic(reading, at, ";"))
        return Return(start, "query", reading.sql(at, into_allowed=False)[0])
    value, _ = reading.until(";")
    return Return(start, "", value if value.text else None)


def _raise(reading: Reading, start: int) -> Raise:
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


def _assert(reading: Reading, start: int) -> Expressions:
    reading.next()
    return Expressions(start, reading.list_until(";")[0])


def _perform(reading: Reading, start: int) -> Perform:
    reading.next()
    return Perform(start, reading.until(";")[0])


def _execute(reading: Reading, start: int) -> Dynamic:
    reading.next()
    return dynamic(reading, start, ";")


def dynamic(reading: Reading, start: int, last: str) -> Dynamic:
    """Read what EXECUTE runs, up to the word `last`, and go over it."""
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


def _open(reading: Reading, start: int) -> Open:
    reading.next()
    cursor = reading.cursor(("no", "scroll", "for", ";"))
    reading.accept("no")
    reading.accept("scroll")
    if reading.accept(";"):
        return Open(start, cursor, None)
    reading.expect("for")
    at = reading.peek().start
    if reading.accept("execute"):
        return Open(start, cursor, dynamic(reading, at, ";"))
    return Open(start, cursor, reading.until(";")[0])


def _diagnostics(reading: Reading, start: int) -> Fetch:
    reading.next()
    stacked = reading.peek().word == "stacked"
    while not reading.accept("diagnostics"):
        reading.next()
    targets = []
    while True:
        targets.append(reading.target())
        if reading.until(",", ";")[1] == ";":
            return Fetch(start, "", tuple(targets), stacked)


def _fetch(reading: Reading, start: int) -> Fetch:
    reading.next()
    words: list[Token] = []
    while reading.peek().word != "into":
        words.append(reading.next())
    reading.next()
    into = reading.targets()
    reading.expect(";")
    cursor = words[-1] if words else None
    return Fetch(start, folded(reading.text[cursor.start : cursor.end]) if cursor else "", into)


READERS: Mapping[str, Callable[[Reading, int], Statement]] = {
    "exit": _exit,
    "continue": _exit,
    "return": _return,
    "raise": _raise,
    "assert": _assert,
    "perform": _perform,
    "execute": _execute,
    "open": _open,
    "fetch": _fetch,
    "get": _diagnostics,
}
"""What reads a statement, by its first word."""
