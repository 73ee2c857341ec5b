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
from pgproof.code.queries.verdict import CALLED, Kind, Verdict, verdict
from pgproof.code.queries.written import place
from pgproof.code.usage import Query
from pgproof.model import Location
from pgproof.sql.parse import SyntaxProblem, offsets, parse
from pgproof.sql.quote import literal

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
    statements: list[tuple[_Key, Attempt]] = []
    for number, query in enumerate(queries):
        if is_definition(query.text):
            continue
        try:
            forms = attempts(query)
        except Unfit as unfit:
            examined.unknown[str(unfit)] += 1
            continue
        statements += [((number, at), part) for form in forms for at, part in enumerate(_statements(form))]
    answers = _ask(ask, [attempt.text for _, attempt in statements])
    wide = _ask(
        ask, [t for t, refusal in answers.items() if refusal and refusal.sqlstate in _BY_SEARCH_PATH], wide=True
    )
    usual = Counter(
        home for text, refusal in wide.items() if refusal is None for home in homes(_missing(answers[text]))
    )
    reasons: dict[_Key, str] = {}
    known: set[_Key] = set()
    refused: list[tuple[_Key, Attempt, Refusal]] = []
    for key, attempt in statements:
        answer = answers[attempt.text]
        if answer is None or _is_no_fault(answer) or wide.get(attempt.text, answer) is None:
            examined.accepted.append((key[0], attempt))
            known.add(key)
        else:
            other = wide.get(attempt.text) or answer
            found = homes(_missing(answer))
            if other.message != answer.message and not (found and all(usual[one] >= _USUAL for one in found)):
                reasons.setdefault(key, OTHER_SCHEMA)
            else:
                refused.append((key, attempt, other))
    known |= _weigh(examined, queries, refused, known, reasons, _absent(ask, refused))
    examined.unknown.update(reason for key, reason in reasons.items() if key not in known)
    return examined


def _is_no_fault(answer: Refusal) -> bool:
    """Whether the server says last, when all else is well, that it does not know a parameter's type, or what is set."""
    return answer.sqlstate == _UNDETERMINED or (answer.sqlstate == _UNSUPPORTED and '"ctid"' in answer.message)


def _weigh(
    examined: Examined,
    queries: Sequence[Query],
    refused: Sequence[tuple[_Key, Attempt, Refusal]],
    accepted: Collection[_Key],
    reasons: dict[_Key, str],
    absent: Collection[str],
) -> set[_Key]:
    """Judge the refusals, add the reasons of those that prove nothing, and return the statements that are wrong."""
    said: dict[_Key, set[str]] = {}
    for key, _, refusal in refused:
        if refusal.sqlstate != _SYNTAX:
            said.setdefault(key, set()).add(refusal.message)
    wrong: set[_Key] = set()
    for key, attempt, refusal in refused:
        always = key not in accepted and len(said.get(key, ())) == 1
        tried = _judged(queries[key[0]], attempt, refusal, always=always, absent=refusal.message in absent)
        if isinstance(tried, str):
            reasons.setdefault(key, tried)
        else:
            examined.refused.append((key[0], tried))
            wrong.add(key)
    return wrong


_Key = tuple[int, int]
"""The number of a query, and of the statement in it: one statement may have several forms."""

OTHER_SCHEMA = "it names something that is in another schema, and may mean something else"
_USUAL = 5
"""As many texts that only a schema in the search path explains show that the application has it there."""
_UNDETERMINED = "42P18"
_UNSUPPORTED = "0A000"
"""Of what stands for assignments that come in at run time."""
_NO_COLUMN = "42703"
_NO_FUNCTION = "42883"
_SYNTAX = "42601"
_RELATION = re.compile(r'relation "(?:.*\.)?(.+)" does not exist')
_BY_SEARCH_PATH = {"42P01", "42883", "42704", "3F000"}


def _missing(refusal: Refusal | None) -> str:
    """Return the relation that a refusal is about, or `""`."""
    found = _RELATION.fullmatch(refusal.message) if refusal else None
    return found[1] if found else ""


def _ask(ask: Ask, texts: Iterable[str], *, wide: bool = False) -> Mapping[str, Refusal | None]:
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, ask(distinct, wide), strict=True)) if distinct else {}


def _absent(ask: Ask, refused: Iterable[tuple[_Key, Attempt, Refusal]]) -> frozenset[str]:
    """Return the messages about functions of which there is none of that name, whatever its arguments are.

    `regproc` looks a name up when it is read (manual, 8.19): of one of several routines it says something else.
    """
    called = {refusal.message: found[1] for _, _, refusal in refused if (found := CALLED.fullmatch(refusal.message))}
    texts = {message: f"select {literal(name)}::regproc" for message, name in called.items()}
    answers = _ask(ask, texts.values(), wide=True)
    said = {message: answers[text] for message, text in texts.items()}
    return frozenset(message for message, answer in said.items() if answer and answer.sqlstate == _NO_FUNCTION)


def _judged(query: Query, attempt: Attempt, refusal: Refusal, *, always: bool, absent: bool) -> Tried | str:
    """Return what a refusal proves, or why nothing.

    `always`: every form of the statement is refused for it. `absent`: there is no function of the name that it tells.
    """
    at = attempt.source(max(refusal.position, 0))
    put_in = any(one.kind == "text" and one.start <= at < one.end for one in query.holes)
    chosen = "FROM-clause entry" in refusal.message or (refusal.sqlstate == _NO_COLUMN and put_in)
    choices = _choices(query)
    if not always and ((chosen and choices > 1) or (choices and not put_in)):
        return CHOSEN
    said = verdict(query, attempt, refusal, parsed(attempt.text), absent=absent)
    if said.kind is None:
        return said.unknown
    line, column = place(query.text, query.lines, at)
    location = Location(query.location.path, line or query.location.line, column or query.location.column)
    return Tried(query, refusal, said, location, attempt)


CHOSEN = "its pieces are chosen at run time, and one may go with another"


def _choices(query: Query) -> int:
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
