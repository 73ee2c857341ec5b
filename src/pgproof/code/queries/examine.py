"""Every query of a project tried on a server: what it refuses, what that proves, and what nobody can know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgproof.code.queries.attempt import Attempt, Unfit, attempts
from pgproof.code.queries.prepare import Refusal
from pgproof.code.queries.shape import is_definition
from pgproof.code.queries.verdict import Kind, Verdict, verdict
from pgproof.code.queries.written import place
from pgproof.code.usage import Query
from pgproof.model import Location
from pgproof.sql.parse import SyntaxProblem, offsets, parse

Ask = Callable[[Sequence[str], bool], Sequence[Refusal | None]]
"""Prepares texts, with the second argument with every schema in the search path."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One refusal of a query: `location` is where the error stands, `text` the piece of SQL that is there."""

    query: Query
    refusal: Refusal
    verdict: Verdict
    location: Location
    attempt: Attempt


@dataclass(slots=True)
class Examined:
    """What came of all queries: refusals that prove something, what was accepted, and why others are unknown."""

    refused: list[tuple[int, Tried]] = field(default_factory=list)
    """Each with the number of its query."""
    accepted: list[tuple[int, Attempt]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def examine(queries: Sequence[Query], ask: Ask, homes: Callable[[str], Collection[str]] = lambda _: ()) -> Examined:
    """Try all queries; those that define something are left out, as are texts that cannot be tried.

    `homes` are the schemas that have a relation of a name: what the application's own search path may be shows in what
    is accepted with every schema in it.
    """
    examined = Examined()
    statements: list[tuple[int, Attempt]] = []
    for number, query in enumerate(queries):
        if is_definition(query.text):
            continue
        try:
            statements += [(number, part) for attempt in attempts(query) for part in _statements(attempt)]
        except Unfit as unfit:
            examined.unknown[str(unfit)] += 1
    answers = _ask(ask, [attempt.text for _, attempt in statements])
    wide = _ask(
        ask, [t for t, refusal in answers.items() if refusal and refusal.sqlstate in _BY_SEARCH_PATH], wide=True
    )
    usual = Counter(
        home for text, refusal in wide.items() if refusal is None for home in homes(_missing(answers[text]))
    )
    for number, attempt in statements:
        refusal = answers[attempt.text]
        if refusal is None or refusal.sqlstate == _UNDETERMINED or wide.get(attempt.text, refusal) is None:
            examined.accepted.append((number, attempt))
        else:
            other = wide.get(attempt.text) or refusal
            found = homes(_missing(refusal))
            if other.message != refusal.message and not (found and all(usual[one] >= _USUAL for one in found)):
                examined.unknown[OTHER_SCHEMA] += 1
            else:
                _judge(examined, number, queries[number], attempt, other)
    return examined


OTHER_SCHEMA = "it names something that is in another schema, and may mean something else"
_USUAL = 5
"""As many texts that only a schema in the search path explains show that the application has it there."""
_UNDETERMINED = "42P18"
"""Said last, when all else is well: only the type of a parameter is not known."""
_NO_COLUMN = "42703"
_RELATION = re.compile(r'relation "(?:.*\.)?(.+)" does not exist')
_BY_SEARCH_PATH = {"42P01", "42883", "42704", "3F000"}


def _missing(refusal: Refusal | None) -> str:
    """Return the relation that a refusal is about, or `""`."""
    found = _RELATION.fullmatch(refusal.message) if refusal else None
    return found[1] if found else ""


def _ask(ask: Ask, texts: Iterable[str], *, wide: bool = False) -> Mapping[str, Refusal | None]:
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, ask(distinct, wide), strict=True)) if distinct else {}


def _judge(examined: Examined, number: int, query: Query, attempt: Attempt, refusal: Refusal) -> None:
    at = attempt.source(max(refusal.position, 0))
    put_in = any(one.kind == "text" and one.start <= at < one.end for one in query.holes)
    chosen = "FROM-clause entry" in refusal.message or (refusal.sqlstate == _NO_COLUMN and put_in)
    if chosen and _chosen(query) > 1:
        examined.unknown[CHOSEN] += 1
        return
    said = verdict(query, attempt, refusal, parsed(attempt.text))
    if said.kind is None:
        examined.unknown[said.unknown] += 1
        return
    offset = attempt.source(max(refusal.position, 0))
    line, column = place(query.text, query.lines, offset)
    location = Location(query.location.path, line or query.location.line, column or query.location.column)
    examined.refused.append((number, Tried(query, refusal, said, location, attempt)))


CHOSEN = "its pieces are chosen at run time, and one may go with another"


def _chosen(query: Query) -> int:
    """Return for how many of its pieces there is a choice: a join, and the columns that need it."""
    return sum(one.kind == "text" and len({value.text for value in one.values}) > 1 for one in query.holes)


def parsed(text: str) -> Any | None:
    """Return the parse tree of a text of one statement, `None` when it is none."""
    try:
        trees = parse(text)
    except SyntaxProblem:
        return None
    return trees[0] if len(trees) == 1 else None


def _statements(attempt: Attempt) -> Iterator[Attempt]:
    """Split a text of several statements, as the parser does; one that does not parse stays whole."""
    if ";" not in attempt.text:
        yield from _analysed(attempt)
        return
    try:
        found = offsets(attempt.text)
    except SyntaxProblem:
        yield attempt
        return
    for start, end in found:
        if attempt.text[start:end].strip():
            yield from _analysed(attempt.part(start, end))


_ONLY_NAMES = ("truncate", "refresh", "lock", "copy")


def _analysed(attempt: Attempt) -> Iterator[Attempt]:
    """Make a query of a statement whose names the server does not look up before it runs it (TRUNCATE, COPY…)."""
    words = attempt.text.split(None, 1)
    if not words or words[0].lower() not in _ONLY_NAMES:
        if not is_definition(attempt.text):
            yield attempt
        return
    tree = parsed(attempt.text)
    for kind in ("TruncateStmt", "RefreshMatViewStmt", "LockStmt", "CopyStmt"):
        statement = (tree or {}).get(kind)
        if statement:
            named = [statement["relation"]] if "relation" in statement else []
            named += [one["RangeVar"] for one in statement.get("relations", []) if "RangeVar" in one]
            columns = [one["String"]["sval"] for one in statement.get("attlist", [])]
            yield from (_looked_up(attempt, one, columns) for one in named)


def _looked_up(attempt: Attempt, relation: Mapping[str, Any], columns: Sequence[str]) -> Attempt:
    from pgproof.sql.quote import identifier

    start = relation.get("location", 0)
    names = [name for name in (relation.get("schemaname"), relation["relname"]) if name]
    source = attempt.source(start)
    text = " ".join(("select", ", ".join(map(identifier, columns)), "from", ".".join(map(identifier, names))))
    return Attempt(text, ((0, source, False),), attempt.loose, ())


__all__ = ["Ask", "Examined", "Kind", "Tried", "examine", "parsed"]
