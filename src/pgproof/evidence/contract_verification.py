"""The team's own verification, run: on the replay, without each promised object, on nothing, and on live."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from pgproof.contract.asking import Refused, ask
from pgproof.contract.conflicts import not_one_select
from pgproof.contract.promised import promised_objects, removal
from pgproof.contract.schema import Schema
from pgproof.contract.verification import (
    Outcome,
    Query,
    Script,
    impossible,
    is_tap,
    judge,
    reads_nothing,
    reads_rows,
)
from pgproof.evidence.contract_copies import Copies
from pgproof.evidence.contract_runs import ROWS, Answer, has_tap, run, scripts_of
from pgproof.evidence.live import NONE_NAMED, Connection, Live
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.replay import Expected
from pgproof.evidence.settings import Settings
from pgproof.evidence.usages import Usages
from pgproof.evidence.wording import counted
from pgproof.model import Gap, Method, ObjectName, Proof, Subject
from pgproof.sql.parse import parse

if TYPE_CHECKING:
    import psycopg


NO_SCHEMA = Gap("the team's own verification: there is neither a whole replay nor a live database to run it on")
MOST_RUNS = 20_000
"""Queries that are run to see what they notice, at most: objects times queries."""
MOST_S = 60.0
"""How long that may take."""
WITHOUT_TAP = "pgTAP is not on the private server, and nothing of it was run"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a query answered: its outcome and the answer in words, or the error of the server."""

    query: Query
    outcome: Outcome
    answer: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Idle:
    """A query that can never fail, and why."""

    query: Query
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What the files said on the replay, which queries cannot fail, and which promised objects none of them notices.

    `unread` are files that cannot be read. `promised` counts the objects; when it is 0 nothing is said of coverage.
    """

    queries: int = 0
    heard: tuple[Heard, ...] = ()
    idle: tuple[Idle, ...] = ()
    unread: tuple[Script, ...] = ()
    promised: int = 0
    unnoticed: tuple[ObjectName, ...] = ()
    gaps: tuple[Gap, ...] = ()
    proof: Proof | None = None
    """When it was not run on the replay."""

    def __len__(self) -> int:
        """Return the number of queries (and of files that cannot be read)."""
        return self.queries + len(self.unread)


@dataclass(frozen=True, slots=True)
class VerifiedLive:
    """What the files' SELECTs said on the live database."""

    heard: tuple[Heard, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of queries."""
        return len(self.heard)


@gathers(Verified, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def verify_on_replay(
    settings: Settings,
    copies: Copies | None,
    expected: Expected | None,
    live: Live | None,
    base: MissingBase | None,
    usages: Usages | None,
) -> Verified:
    """Run the files on private copies of the replayed schema; of the live one when the migrations' base is missing.

    All is rolled back.
    """
    contract = settings.config.contract
    scripts = scripts_of(settings, usages)
    if not scripts:
        return Verified()
    unread = tuple(script for script in scripts if script.problem)
    replay = expected.replay if expected and not base else None
    if copies is None or (replay is None and live is None):
        raise Unavailable(NO_SCHEMA)
    settings.progress("running the team's own verification")
    catalog = replay.catalog if replay else live.catalog if live else None
    assert catalog is not None
    schema = Schema(catalog)
    standins = copies.servers.shadow(copies.server.installation).standins
    objects = [name for name in promised_objects(contract, schema) if removal(name)]
    gaps: list[Gap] = []
    with copies.replayed() if replay else copies.of_live() as database, database.connect() as connection:
        if any(map(is_tap, scripts)) and not has_tap(database, connection, replay, standins):
            gaps += [Gap(f"{script.path}: {WITHOUT_TAP}") for script in scripts if is_tap(script)]
            scripts = [script for script in scripts if not is_tap(script)]
        queries = [query for script in scripts for query in script.queries]
        asking = sum(query.asks for query in queries)
        first, second = run(scripts, connection), run(scripts, connection)
        steady = [one == other for one, other in zip(first, second, strict=True)]
        tried = objects if len(objects) * len(queries) <= MOST_RUNS else []
        end, unnoticed = monotonic() + MOST_S, list[ObjectName]()
        for number, name in enumerate(tried):
            if monotonic() > end:
                tried = tried[:number]
                break
            if not _noticed(name, scripts, connection, first, steady):
                unnoticed.append(name)
        if len(tried) < len(objects):
            left = f"which of {len(objects) - len(tried)} promised objects the {asking} queries notice"
            gaps.append(Gap(f"{left}: it would take too long to try"))
    with copies.servers.shadow(copies.server.installation).database() as empty, empty.connect() as connection:
        on_nothing = run(scripts, connection)
    heard = [
        _heard(query, answer)
        for query, answer in zip(queries, first, strict=True)
        if (query.asks or answer.error) and not query.guessed
    ]
    idle = [Idle(query, problem) for query in queries if query.asks and (problem := _why_idle(query))]
    same = {query for query, one, other in zip(queries, first, on_nothing, strict=True) if one == other}
    gaps += _silent(heard, {one.query for one in idle}, same)
    proof = None if replay else Proof(Method.EXECUTED, (Subject.CLONE,))
    return Verified(asking, tuple(heard), tuple(idle), unread, len(tried), tuple(unnoticed), tuple(gaps), proof)


@gathers(VerifiedLive, Proof(Method.EXECUTED, (Subject.LIVE,)))
def verify_on_live(settings: Settings, connection: Connection | None, live: Live | None) -> VerifiedLive:
    """Ask the live database what is one SELECT that only reads; nothing else is run there."""
    scripts = scripts_of(settings)
    if not scripts:
        return VerifiedLive()
    if connection is None or live is None:
        raise Unavailable(NONE_NAMED)
    settings.progress("running the team's own verification on the live database")
    schema, max_cost = Schema(live.catalog), settings.config.contract.verification.max_cost
    heard: list[Heard] = []
    gaps: list[Gap] = []
    for query in (query for script in scripts if not is_tap(script) for query in script.queries):
        if not query.asks or not_one_select(query.text):
            continue
        try:
            rows = ask(query.text, schema, connection.session, max_cost, ROWS)
        except Refused as refused:
            if refused.unreadable:
                gaps.append(Gap(f"a query {refused.problem}", not refused.unasked, query.location))
            else:
                heard.append(Heard(query, Outcome.FAIL, "", refused.problem))
        else:
            heard.append(Heard(query, *judge(rows, query.expected)))
    return VerifiedLive(tuple(heard), tuple(gaps))


def _noticed(
    name: ObjectName,
    scripts: Sequence[Script],
    connection: psycopg.Connection[Any],
    usual: Sequence[Answer],
    steady: Sequence[bool],
) -> bool:
    """Whether any answer is another one when the object is not there."""
    without = run(scripts, connection, removal(name))
    return any(one != other for one, other, same in zip(usual, without, steady, strict=True) if same)


def _heard(query: Query, answer: Answer) -> Heard:
    if answer.error:
        return Heard(query, Outcome.FAIL, "", answer.error)
    return Heard(query, *judge(answer.rows, query.expected))


def _why_idle(query: Query) -> str:
    tree = parse(query.text)
    for column, value, hint in impossible(tree):
        return f"{column} = '{value}' matches nothing, in any database{hint}"
    if reads_nothing(tree):
        return "it looks at nothing: whatever the database is like, the answer is the same"
    return ""


def _silent(heard: Iterable[Heard], idle: Collection[Query], same: Collection[Query]) -> list[Gap]:
    """Say how many queries compare their answer with nothing, and how many of those an empty database answers alike."""
    by_file: dict[str, list[Query]] = {}
    for one in heard:
        if one.outcome is Outcome.SILENT and one.query not in idle:
            by_file.setdefault(one.query.location.path, []).append(one.query)
    gaps = []
    for path, queries in sorted(by_file.items()):
        alike = sum(query in same for query in queries)
        told = f"; {alike} would be answered alike by an empty database" if alike else ""
        gaps.append(
            Gap(
                f"{counted(len(queries), 'query')} in {path}: no answer is compared with anything, and nobody sees a "
                f"wrong one{told}",
                way_out="say before the query what is expected, such as: -- expect: >= 82",
            )
        )
    return gaps


def reads_user_rows(query: Query) -> bool:
    """Whether the answer depends on rows, which a replay has not got."""
    return reads_rows(parse(query.text))
