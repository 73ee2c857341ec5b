"""After a syntax error: which part of a text is broken, and where the next statement begins."""

from __future__ import annotations

import re
from typing import NamedTuple

from pgproof.sql.lexer import Stop, next_stop, strings
from pgproof.sql.parse import offsets
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.split import skip_blank

_WITH_BODY = re.compile(r"create\s+(?:or\s+replace\s+)?(?:function|procedure|rule)\b|do\b", re.IGNORECASE)
_LAST_OF_LINE = re.compile(r";[ \t]*\r?\n")
_TRIES = 20
_LOOK_AHEAD = 100_000
_BODY = 5


class Part(NamedTuple):
    """A part of a text that failed: `problem` is `None` for statements that are whole; its position is in the text."""

    start: int
    end: int
    problem: SyntaxProblem | None


def recover(text: str, problem: SyntaxProblem) -> list[Part]:
    """Cut a text that does not parse at every semicolon, also inside parentheses that nothing closes.

    Functions, rules and `DO` are never cut: what their bodies hold must not be taken for statements of the script.
    """
    whole = [Part(0, len(text), problem)]
    if _WITH_BODY.match(text, skip_blank(text, 0)):
        return whole
    parts: list[Part] = []
    for start, end in _cuts(text):
        found = _problem(text[start:end])
        if found and start <= problem.position <= end:
            found = problem
        elif found:
            found = SyntaxProblem(found.message, start + found.position, 0, 0)
        if parts and parts[-1].problem and found:
            parts[-1] = parts[-1]._replace(end=end)
        elif skip_blank(text, start, end) < end:
            parts.append(Part(start, end, found))
    return parts if any(part.problem is None for part in parts) else whole


def after_apostrophe(text: str, start: int, end: int, problem: SyntaxProblem) -> int | None:
    """Return where to go on after a statement that an apostrophe broke (`'it's'`), or `None` when this is not the case.

    Such a statement has the parser stop right after a closing quote, or at a string that nothing closes. From there on
    strings and SQL have changed places, so the next line end with a semicolon is looked for *inside* strings, and taken
    when a whole statement follows it.
    """
    stopped = start + problem.position
    adjacent = stopped > start and text[stopped - 1] == "'"
    if not (adjacent or problem.message.startswith("unterminated quoted string")):
        return None
    if _WITH_BODY.match(text, skip_blank(text, start)):
        return None
    tries = 0
    for opening, closing in strings(text, start, end):
        for found in _LAST_OF_LINE.finditer(text, opening, closing):
            tries += 1
            if tries > _TRIES:
                return None
            if _statement_follows(text, found.start() + 1):
                return found.start() + 1
    return None


def _cuts(text: str) -> list[tuple[int, int]]:
    cuts = []
    start = position = 0
    while True:
        token = next_stop(text, position, False)
        position = token.end
        ended = token.stop in {Stop.END, Stop.UNCLOSED}
        if ended or token.stop is Stop.SEMICOLON:
            cuts.append((start, len(text) if ended else token.start))
            start = token.end
        if ended:
            return cuts


def _statement_follows(text: str, position: int) -> bool:
    start = skip_blank(text, position)
    ahead = text[start : start + _LOOK_AHEAD]
    # the body of an SQL-standard function has semicolons of its own
    return any(end and _problem(ahead[:end]) is None for _, end in _cuts(ahead)[:_BODY])


def _problem(text: str) -> SyntaxProblem | None:
    try:
        offsets(text)
    except SyntaxProblem as problem:
        return problem
    return None
