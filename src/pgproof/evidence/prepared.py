"""What PostgreSQL says to the SQL in the code: every text prepared on a copy of the live schema, or on the replay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pgproof.catalog.object import Catalog
from pgproof.code.match.doubts import Doubts, Failed
from pgproof.code.match.schema import Schema
from pgproof.code.queries.answers import Answers
from pgproof.code.queries.attempt import Attempt
from pgproof.code.queries.examine import Examined, Tried, examine
from pgproof.code.queries.prepare import Refusal, prepare
from pgproof.code.queries.reach import reach
from pgproof.code.queries.rows import Disagreement, disagreements
from pgproof.code.queries.surroundings import RELATIONS, Surroundings
from pgproof.code.queries.trust import doubt
from pgproof.code.queries.written import place
from pgproof.code.reading import Reading
from pgproof.code.source import Role
from pgproof.code.usage import Query
from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.history import History
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.evidence.private_schema import CopiedSchema, PrivateSchema, ReplayedSchema
from pgproof.evidence.replay import Replayer
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task
from pgproof.model import Gap, Location, Method, Proof, Subject
from pgproof.platforms import Platform
from pgproof.server.binaries import Installation
from pgproof.server.folders import subfolder
from pgproof.sql.mentions import mentions_in
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from psycopg import Connection

DRIFT = "the live database lacks what the migrations make"
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|alembic)/", re.IGNORECASE)
LIMIT_MS = 10_000
"""How long one statement may take to be analysed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A query that fails on every call, and the file that it stands in."""

    reading: Reading
    tried: Tried


@dataclass(frozen=True, slots=True)
class Disagreed:
    """A statement that the server takes and whose rows it refuses, or never finds; where the cause stands."""

    reading: Reading
    query: Query
    location: Location
    disagreement: Disagreement


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of all SQL texts. `unknown` counts those that nobody can judge, by reason."""

    refused: tuple[Refused, ...]
    disagreed: tuple[Disagreed, ...]
    accepted: int
    unknown: Mapping[str, int]
    gaps: tuple[Gap, ...] = ()
    proof: Proof | None = None
    """On what it was executed, when that is not the replay."""

    def __len__(self) -> int:
        """Return how many statements the server was asked about."""
        return len(self.refused) + self.accepted


@gathers(Prepared, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def prepare_queries(
    settings: Settings,
    usages: Usages,
    target: Target,
    platform: Platform,
    server: ReplayServer,
    servers: PrivateServers,
    around: Surroundings,
    replay: Replay | None,
    replayer: Replayer | None,
    migrations: Migrations | None,
    history: History | None,
    live: Live | None,
) -> Prepared:
    """Prepare every distinct text once; what an earlier run heard on the same schema is not asked again.

    With a live database, a text that fails there and not on the migrations' schema is no mistake of the code.
    """
    every = list(usages.of(Query))
    found = [(reading, query) for reading, query in every if _is_matched(reading)]
    schemas: list[PrivateSchema] = []
    if live is not None:
        schemas.append(CopiedSchema(live.catalog, server.installation, servers, platform))
    if replay is not None and replayer is not None and migrations is not None:
        schemas += _replayed(replay, replayer, migrations, history, server, servers)
    if not found or not schemas:
        return Prepared((), (), 0, {})
    queries = [query for _, query in found]
    judged = [_examined(settings, schema, queries) for schema in schemas]
    examined, lost = judged[0]
    unknown = Counter(examined.unknown)
    for also, _ in judged[1:]:  # what is refused for one reason here and for another there is drift, and a mistake too
        wrong = {(number, tried.attempt.text): tried for number, tried in also.refused}
        both = [(number, wrong.get((number, tried.attempt.text))) for number, tried in examined.refused]
        unknown[DRIFT] += sum(tried is None for _, tried in both)
        examined.refused = [(number, tried) for number, tried in both if tried is not None]
    if lost:
        more = tuple(Failed(mentions_in(statement), "", statement) for statement in lost)
        doubts = Doubts((*around.doubts.failed, *more), around.doubts.foreign, around.doubts.elsewhere)
        around = replace(around, doubts=doubts)
    refused = []
    accepted = [(found[number], attempt) for number, attempt in examined.accepted]
    reached = reach(
        around,
        [(reading, query) for (reading, query), _ in accepted],
        [(found[number][0], tried) for number, tried in examined.refused],
    )
    for number, tried in examined.refused:
        reading = found[number][0]
        reason = doubt(tried, reading, around, reached)
        if reason:
            unknown[reason] += 1
        else:
            refused.append(Refused(reading, tried))
    path = replay.search_path if replay else ""
    disagreed = (one for one in _disagreed(accepted, target.schema, path) if not _elsewhere(one, around))
    return Prepared(
        tuple(refused),
        tuple(disagreed),
        len(accepted),
        dict(sorted((+unknown).items())),
        tuple(_gaps(+unknown, len(examined.accepted) + len(refused))),
        Proof(Method.EXECUTED, (Subject.REPLAY if live is None else Subject.CLONE,)),
    )


def _is_matched(reading: Reading) -> bool:
    """Whether a file's SQL is for the schema as it is at the end; a migration's is for the one that it finds."""
    return reading.role in SHIPPED and not _MIGRATION.search(reading.path)


def _replayed(
    replay: Replay,
    replayer: Replayer,
    migrations: Migrations,
    history: History | None,
    server: ReplayServer,
    servers: PrivateServers,
) -> Iterator[PrivateSchema]:
    """Yield the migrations' schema, if the server that replayed them is at hand."""
    installation = next((one for one in (server.installation, *server.alternatives) if str(one) == replay.server), None)
    if installation is not None:
        task = _task(replayer, migrations, history, installation, replay)
        yield ReplayedSchema(replay, installation, task, replayer, servers)


def _examined(settings: Settings, schema: PrivateSchema, queries: Sequence[Query]) -> tuple[Examined, list[str]]:
    """Try all queries on one schema; the second are the statements that are missing in its copy."""
    with ExitStack() as stack:
        answers = _answers(settings, schema, stack)
        homes: dict[str, set[str]] = {}
        for name in schema.catalog.objects:
            if name.kind in RELATIONS:
                homes.setdefault(name.parts[1], set()).add(name.parts[0])
        examined = examine(queries, answers.ask, lambda name: homes.get(name, ()))
        answers.save()
        return examined, answers.lost


def _elsewhere(one: Disagreed, around: Surroundings) -> bool:
    """Whether something that was not replayed may have made the table what the statement needs."""
    _, table, *column = one.disagreement.subject.parts
    made = around.made[one.reading.role]
    altered = any((table, name) in made.columns for name in column)
    return around.other(table, "") or ("relation", table) in made.names or altered


def _disagreed(
    accepted: Sequence[tuple[tuple[Reading, Query], Attempt]], schema: Schema, search_path: str
) -> Iterator[Disagreed]:
    path = [name.strip().strip('"') for name in search_path.split(",")] if search_path else ["public"]
    for (reading, query), attempt in accepted:
        if query.client or reading.role is Role.PRODUCT:
            for one in disagreements(attempt, schema, path):
                offset = attempt.source(one.position)
                line, column = place(query.text, query.lines, offset)
                yield Disagreed(reading, query, Location(reading.path, line, column), one)


def _gaps(unknown: Mapping[str, int], known: int) -> Iterator[Gap]:
    number = sum(unknown.values())
    if number:
        reason = max(sorted(unknown), key=lambda one: unknown[one])
        texts = counted(number, "SQL text")
        yield Gap(f"{texts} of {known + number} in the code that cannot be judged, most often: {reason}")


def _task(
    replayer: Replayer, migrations: Migrations, history: History | None, installation: Installation, replay: Replay
) -> Task | None:
    """Return what makes the replayed schema again; `None` when the project's own command did."""
    if migrations.directory.layout == COMMAND:
        return None
    pending = frozenset(file.path for file in history.pending) if history else frozenset()
    return replayer.task(migrations.directory.files, pending, installation, replay.search_path)


def _answers(settings: Settings, schema: PrivateSchema, stack: ExitStack) -> Answers:
    """Return what answers texts: from the cache where it can, else by a server that is started then."""
    opened: list[Connection[Any]] = []

    def ask(texts: Sequence[str], wide: bool) -> Sequence[Refusal | None]:
        if not opened:
            settings.progress("preparing the code's SQL")
            opened.append(stack.enter_context(schema.open(answers.lost)))
            opened[0].execute(f"set statement_timeout = {LIMIT_MS}")
        path = _every_schema(schema.catalog) if wide else schema.search_path
        opened[0].execute(f"set search_path = {path}".encode() if path else b"reset search_path")
        return prepare(opened[0], texts)

    answers = Answers(subfolder("prepared") if settings.use_cache else None, schema.key, ask)
    return answers


def _every_schema(catalog: Catalog) -> str:
    names = [thing.name.parts[0] for thing in catalog.of("schema")]
    return ", ".join(map(identifier, sorted(names, key=lambda name: (name != "public", name)))) or "public"
