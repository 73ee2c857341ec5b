"""Where to go on after a syntax error that hides the end of its statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from pgproof.sql.lexer import Stop, next_stop, strings
from pgproof.sql.parse import offsets
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.split import skip_blank

_ROUTINE = re.compile(r"create\s+(?:or\s+replace\s+)?(?:function|procedure)\b|do\b", re.IGNORECASE)
_RULE = re.compile(r"create\s+(?:or\s+replace\s+)?rule\b", re.IGNORECASE)
_ATOMIC = re.compile(r"\bbegin\s+atomic\b", re.IGNORECASE)
_LAST_OF_LINE = re.compile(r";[ \t]*\r?\n")
_TRIES = 200
_LOOK_AHEAD = 100_000
_BODY = 5


def resume(text: str, start: int, end: int, problem: SyntaxProblem) -> int | None:
    """Return where the next statement begins inside a text that failed between two offsets, `None` when nowhere.

    Two mistakes hide the end of their statement: a parenthesis that nothing closes, and an apostrophe in a string
    (`'it's'`), after which strings and SQL have changed places. A semicolon counts when a whole statement follows it.
    What the body of a function or a rule holds is never taken for a statement of the script. `problem.position` is an
    offset in `text`.
    """
    begin = skip_blank(text, start, end)
    candidates = chain(
        () if _ROUTINE.match(text, begin) else _after_apostrophe(text, start, end, problem),
        () if _RULE.match(text, begin) else _semicolons(text, start, end),
    )
    return next((found for found in islice(candidates, _TRIES) if _statement_follows(text, found)), None)


def _after_apostrophe(text: str, start: int, end: int, problem: SyntaxProblem) -> Iterator[int]:
    """Yield the line ends with a semicolon inside strings, when the parser stopped right behind a quote."""
    stopped = problem.position
    if text[stopped - 1 : stopped] == "'" or problem.message.startswith("unterminated quoted string"):
        for opening, closing in strings(text, start, end):
            for found in _LAST_OF_LINE.finditer(text, opening, closing):
                yield found.start() + 1


def _semicolons(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the semicolons between two offsets, also those inside parentheses."""
    position = start
    while True:
        token = next_stop(text, position, False)
        if token.stop in {Stop.END, Stop.UNCLOSED} or token.start >= end:
            return
        position = token.end
        if token.stop is Stop.SEMICOLON:
            if _ATOMIC.search(text, start, position):
                return
            yield position


def _statement_follows(text: str, position: int) -> bool:
    start = skip_blank(text, position)
    ahead = text[start : start + _LOOK_AHEAD]
    # the body of an SQL-standard function has semicolons of its own
    return any(_parses(ahead[:end]) for end in islice(_semicolons_or_end(ahead), _BODY))


def _semicolons_or_end(text: str) -> Iterator[int]:
    position = 0
    while position < len(text):
        token = next_stop(text, position, False)
        position = token.end
        if token.stop in {Stop.SEMICOLON, Stop.END}:
            yield token.start


def _parses(text: str) -> bool:
    try:
        return bool(offsets(text))
    except SyntaxProblem:
        return False
