"""The declarations of a PL/pgSQL block (manual, section 43.3; decl_sect in pl_gram.y)."""

from __future__ import annotations

from pgproof.probes.bodies.lexer import END
from pgproof.probes.bodies.reading import NotRead, Reading
from pgproof.probes.bodies.tree import Text, Variable, folded

_AFTER_TYPE = (";", ":=", "=", "default", "not", "collate")
_ASSIGNS = (":=", "=", "default")


def declarations(reading: Reading) -> tuple[Variable, ...]:
    """Read what stands between DECLARE and BEGIN."""
    found: list[Variable] = []
    while reading.peek().word != "begin" or reading.peek().kind != "word":
        if reading.accept("declare"):
            continue
        if reading.peek() is END:
            raise NotRead("BEGIN is missing")
        found.append(_declaration(reading))
    return tuple(found)


def _declaration(reading: Reading) -> Variable:
    start, name = reading.peek().start, reading.name()
    if reading.accept("alias", "for"):
        alias = reading.name()
        if reading.accept("."):
            alias = reading.name()
        reading.expect(";")
        return Variable(name, start, Text("", start), alias=folded(alias))
    if reading.accept("no", "scroll", "cursor") or reading.accept("scroll", "cursor") or reading.accept("cursor"):
        return _cursor(reading, name, start)
    reading.accept("constant")
    kind = _type(reading, _AFTER_TYPE)
    default, not_null = None, False
    while not reading.accept(";"):
        if reading.accept("collate"):
            reading.name()
            if reading.accept("."):
                reading.name()
        elif reading.accept("not", "null"):
            not_null = True
        elif any(reading.accept(word) for word in _ASSIGNS):
            default = reading.until(";")[0]
            break
        else:
            raise NotRead(f"unexpected {reading.peek().word!r} in a declaration")
    return Variable(name, start, kind, default, not_null=not_null)


def _cursor(reading: Reading, name: str, start: int) -> Variable:
    arguments: list[Variable] = []
    if reading.accept("("):
        while not reading.accept(")"):
            at, argument = reading.peek().start, reading.name()
            arguments.append(Variable(argument, at, _type(reading, (",", ")"))))
            reading.accept(",")
    if not (reading.accept("is") or reading.accept("for")):
        raise NotRead("a cursor without a query")
    query, _ = reading.until(";")
    return Variable(name, start, Text("refcursor", start), query=query, arguments=tuple(arguments))


def _type(reading: Reading, ends: tuple[str, ...]) -> Text:
    first, last, depth = reading.peek(), None, 0
    while True:
        token = reading.peek()
        if token is END or (depth == 0 and token.word in ends and token.kind in ("word", "symbol")):
            break
        depth += (token.word in ("(", "[")) - (token.word in (")", "]"))
        last = reading.next()
    if last is None:
        raise NotRead("a declaration without a type")
    return Text(reading.text[first.start : last.end], first.start)
