"""CON202 broken-promise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pgproof.checks.check import check
from pgproof.contract.counting import COUNTABLE
from pgproof.evidence.contract_promises import Broken, Promises
from pgproof.evidence.live import Live
from pgproof.evidence.replay import Expected
from pgproof.model import Finding, Location, ObjectName, Severity

LISTED = 60
"""Names in one line of evidence."""


@check(
    "CON202",
    "broken-promise",
    Severity.ERROR,
    bad="""
-- file: pgproof.toml
[promises]
tables = 2
indexes = 2
[promises.part.notes]
migration = "0001_note.sql"
indexes = 1
names = { indexes = ["note_body_idx"] }
-- file: migrations/0001_note.sql
create table note (id int primary key, body text);
""",
    ok="""
-- file: pgproof.toml
[promises]
tables = 2
indexes = ">= 1"
[promises.part.notes]
migration = "0001_note.sql"
indexes = 1
names = { indexes = ["note_body_idx"] }
-- file: migrations/0001_note.sql
create table note (id int primary key, body text);
create table tag (id int primary key);
create index note_body_idx on note (body);
""",
)
def broken_promise(promises: Promises, live: Live | None, expected: Expected | None) -> Iterator[Finding]:
    """A promised number is not what is there.

    ## Why
    "60 indexes, 82 foreign keys, 33 policies" is how a plan says what will be there afterwards. A number that is off by
    one is a policy that no statement made, or a plan that was never counted; both matter before anybody signs it.

    ## Fix
    Look at what was counted: it is listed by migration, and what was left out (the indexes of constraints, partitions)
    too. Add what is missing, or correct the number. What each word counts is told in docs/contracts.md.
    """
    for one in promises.broken:
        yield _finding(one, promises.made_by or {}, expected.replay.unknown if expected else frozenset())
    for promise, problem in promises.lost:
        yield Finding(
            ObjectName("promise", (promise.name or "total",)),
            problem,
            location=promise.location,
            detail=promise.migration,
        )


def _finding(one: Broken, made_by: Mapping[ObjectName, Location], unknown: Collection[tuple[str, str]]) -> Finding:
    word = one.word.replace("_", " ")
    made = f"migration {one.promise.migration} makes " if one.promise.migration else ""
    found = f"{made}{one.found} {'more ' * one.number.delta}{word}"
    if one.number.compare.holds(one.found, one.number.value):
        message = f"{found}, and of the promised ones not {', '.join(one.lacking)}"
    else:
        message = f"{found}, promised {one.number}"
    return Finding(
        ObjectName("promise", (one.promise.name or "total",)),
        message,
        location=one.number.location,
        seen=tuple(_seen(one, made_by, unknown)),
        detail=one.word,
    )


def _seen(one: Broken, made_by: Mapping[ObjectName, Location], unknown: Collection[tuple[str, str]]) -> Iterator[str]:
    if one.lacking:
        yield f"promised and not there: {_list(one.lacking)}"
    if one.strange:
        yield f"there and not promised: {_list(_short(one.strange))}"
    by_file: dict[str, list[ObjectName]] = {}
    for name in one.counted.names:
        made = made_by.get(name)
        by_file.setdefault(made.path if made else _unmade(name, unknown), []).append(name)
    for file, names in sorted(by_file.items()):
        yield f"counted: {file}: {len(names)} ({_list(_short(names))})"
    if one.counted.left_out:
        why = COUNTABLE[one.word].left_out
        yield f"left out, {why}: {len(one.counted.left_out)} ({_list(_short(one.counted.left_out))})"


def _unmade(name: ObjectName, unknown: Collection[tuple[str, str]]) -> str:
    """Say that no migration makes an object, unless a statement that failed in the replay names it."""
    named = {(schema, part) for schema in ("", name.schema) for part in (name.parts[-1], *name.parts[1:2])}
    return "perhaps made by a statement that was not replayed" if named & set(unknown) else "made by no migration"


def _short(names: Sequence[ObjectName]) -> list[str]:
    return [str(name).removeprefix("public.") for name in names]


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
