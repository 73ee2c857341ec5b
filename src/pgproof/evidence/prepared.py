"""What PostgreSQL says to the SQL in the code: every text prepared on the schema that the migrations make."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.catalog.object import Catalog
from pgproof.code.match.schema import Schema
from pgproof.code.project import Files
from pgproof.code.queries.answers import Answers
from pgproof.code.queries.attempt import Attempt
from pgproof.code.queries.examine import Tried, examine
from pgproof.code.queries.prepare import Refusal, prepare
from pgproof.code.queries.rows import Disagreement, disagreements
from pgproof.code.queries.runtime import made_by_code
from pgproof.code.queries.trust import Surroundings, doubt, reach
from pgproof.code.queries.written import place
from pgproof.code.reading import Reading
from pgproof.code.source import Role
from pgproof.code.usage import Query
from pgproof.evidence.directories import COMMAND, Directories, Migrations
from pgproof.evidence.history import History
from pgproof.evidence.part import gathers
from pgproof.evidence.renames import Renames
from pgproof.evidence.replay import Replayer
from pgproof.evidence.scope import BOOKKEEPING
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task, digest
from pgproof.model import Gap, Location, Method, Proof, Subject
from pgproof.platforms.members import extensions_with
from pgproof.server.binaries import Installation
from pgproof.server.folders import subfolder
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from psycopg import Connection

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

    def __len__(self) -> int:
        """Return how many statements the server was asked about."""
        return len(self.refused) + self.accepted


@gathers(Prepared, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def prepare_queries(
    settings: Settings,
    usages: Usages,
    replay: Replay,
    replayer: Replayer,
    server: ReplayServer,
    servers: PrivateServers,
    migrations: Migrations,
    history: History | None,
    directories: Directories,
    target: Target,
    renames: Renames,
) -> Prepared:
    """Prepare every distinct text once; what an earlier run heard on the same schema is not asked again."""
    every = list(usages.of(Query))
    found = [(reading, query) for reading, query in every if reading.role in SHIPPED and target.owns(reading.path)]
    installation = next((one for one in (server.installation, *server.alternatives) if str(one) == replay.server), None)
    if not found or installation is None or target.absent:
        return Prepared((), (), 0, {})
    task = _task(replayer, migrations, history, installation, replay)
    schema = _Schema(replay, installation, task, replayer, servers)
    with ExitStack() as stack:
        answers = _answers(settings, schema, stack)
        examined = examine([query for _, query in found], answers.ask)
        answers.save()
    around = _surroundings(settings, every, replay, directories, target, renames)
    unknown = Counter(examined.unknown)
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
    return Prepared(
        tuple(refused),
        tuple(one for one in _disagreed(accepted, target.schema, replay.search_path) if not _elsewhere(one, around)),
        len(accepted),
        dict(sorted(unknown.items())),
        tuple(_gaps(unknown, len(examined.accepted) + len(refused))),
    )


def _elsewhere(one: Disagreed, around: Surroundings) -> bool:
    """Whether something that was not replayed may have made the table what the statement needs."""
    table = one.disagreement.subject.parts[1]
    return around.other(table, "") or ("relation", table) in around.made[one.reading.role].names


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


@dataclass(frozen=True, slots=True)
class _Schema:
    """The schema that the migrations make, and how a database is had that holds it."""

    replay: Replay
    installation: Installation
    task: Task | None
    replayer: Replayer
    servers: PrivateServers

    @property
    def key(self) -> str:
        """The hash of all that the answers depend on."""
        made = self.task.key if self.task else None
        if made is None:
            from pgproof.catalog.file import dump

            made = digest(json.dumps(dump(self.replay.catalog), sort_keys=True), self.replay.server)
        return digest(made, self.replay.search_path)

    @contextmanager
    def open(self) -> Iterator[Connection[Any]]:
        """Open a connection to a private database that holds it."""
        from pgproof.catalog.ddl import make_all

        shadow, layer = self.servers.shadow(self.installation), self.replay.layer
        if self.task and layer not in shadow.layers():
            layer = self.replayer.again(self.task).layer
        with shadow.database(layer or None) as database, database.connect() as connection:
            if not layer:
                make_all(self.replay.catalog, connection)
            yield connection


def _answers(settings: Settings, schema: _Schema, stack: ExitStack) -> Answers:
    """Return what answers texts: from the cache where it can, else by a server that is started then."""
    opened: list[Connection[Any]] = []

    def ask(texts: Sequence[str], wide: bool) -> Sequence[Refusal | None]:
        if not opened:
            settings.progress("preparing the code's SQL")
            opened.append(stack.enter_context(schema.open()))
            opened[0].execute(f"set statement_timeout = {LIMIT_MS}")
        path = _every_schema(schema.replay.catalog) if wide else schema.replay.search_path
        if path:
            opened[0].execute(f"set search_path = {path}".encode())
        return prepare(opened[0], texts)

    return Answers(subfolder("prepared") if settings.use_cache else None, schema.key, ask)


def _every_schema(catalog: Catalog) -> str:
    names = [thing.name.parts[0] for thing in catalog.of("schema")]
    return ", ".join(map(identifier, sorted(names, key=lambda name: (name != "public", name)))) or "public"


def _surroundings(
    settings: Settings,
    found: Sequence[tuple[Reading, Query]],
    replay: Replay,
    directories: Directories,
    target: Target,
    renames: Renames,
) -> Surroundings:
    created = {thing.name.parts[0] for thing in replay.catalog.of("extension")}
    real = created.difference(replay.standins)
    texts = [file.text for directory in directories.found[1:] for file in directory.files]
    texts += _in_other_languages(settings, replay)

    def other(table: str, column: str) -> bool:
        return any(table in text and column in text for text in texts)

    return Surroundings(
        replay.catalog,
        target.schema.doubts,
        made_by_code((reading.role, query) for reading, query in found),
        BOOKKEEPING | {"atlas_schema_revisions"},
        lambda kind, schema, name: bool(set(extensions_with(kind, schema, name)) - real),
        renames.of,
        other,
    )


def _in_other_languages(settings: Settings, replay: Replay) -> Iterator[str]:
    """Yield the texts of migrations that are programs, which the replay cannot run."""
    files = Files(settings.root, {one.location.path for one in replay.observations if not one.text})
    yield from filter(None, map(files.text, sorted(files.paths)))
