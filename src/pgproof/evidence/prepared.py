"""What PostgreSQL says to the SQL in the code: every text prepared on a copy of the live schema, or on the replay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pgproof.catalog.object import Catalog
from pgproof.code.match.doubts import Doubts, Failed
from pgproof.code.match.schema import Schema
from pgproof.code.project import Files
from pgproof.code.queries.answers import Answers
from pgproof.code.queries.attempt import Attempt
from pgproof.code.queries.examine import Examined, Tried, examine
from pgproof.code.queries.prepare import Refusal, prepare
from pgproof.code.queries.rows import Disagreement, disagreements
from pgproof.code.queries.runtime import made_by_code
from pgproof.code.queries.trust import RELATIONS, Surroundings, doubt, reach
from pgproof.code.queries.written import place
from pgproof.code.reading import Reading
from pgproof.code.source import Role
from pgproof.code.usage import Query
from pgproof.evidence.declared_types import DeclaredTypes
from pgproof.evidence.directories import COMMAND, Directories, Migrations
from pgproof.evidence.elsewhere import Elsewhere
from pgproof.evidence.history import History
from pgproof.evidence.limits import OF_EXTENSIONS, absent_extension
from pgproof.evidence.live import Live
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.orm_tables import OrmTables
from pgproof.evidence.other_systems import OtherSystems
from pgproof.evidence.part import gathers
from pgproof.evidence.private_schema import CopiedSchema, PrivateSchema, ReplayedSchema
from pgproof.evidence.renames import Renames
from pgproof.evidence.replay import Replayer
from pgproof.evidence.scope import BOOKKEEPING
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.evidence.wording import counted
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.layouts.embedded import EMBEDDED
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task
from pgproof.model import Gap, Location, Method, Proof, Subject
from pgproof.platforms import Platform
from pgproof.platforms.members import extensions_with
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
    directories: Directories,
    platform: Platform,
    server: ReplayServer,
    servers: PrivateServers,
    elsewhere: Elsewhere,
    types: DeclaredTypes,
    orm: OrmTables,
    systems: OtherSystems,
    base: MissingBase | None,
    replay: Replay | None,
    replayer: Replayer | None,
    migrations: Migrations | None,
    history: History | None,
    live: Live | None,
    renames: Renames | None,
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
    around = _surroundings(settings, every, replay, directories, target, renames, elsewhere, lost)
    is_part = migrations is not None and migrations.directory.layout == EMBEDDED
    around = replace(around, other_system=systems.used, is_part=is_part)
    if base and live is None:
        around = replace(around, base_is_missing=around.base_is_missing or len(base.relations) >= _SURE)
    if live is None:
        by_hand = orm.by_hand()
        around = replace(around, made={role: made | by_hand for role, made in around.made.items()})
        kept = any(parts[-1] in _RECORDS for parts in around.relations)
        around = replace(
            around,
            declared=lambda *parts: types.place(*parts) is not None,
            loose=lambda table, column: elsewhere.column(table, column) is not None,
            modelled=lambda table, column: orm.have(table, column) and (kept or orm.make()),
        )
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


_SURE = 3
"""As many tables that the migrations build on and none makes: another may be missing, too."""
_QUERY = r"\s*\(?\s*(?:select|with|values|insert|update|delete)\b"
_RECORDS = frozenset({"alembic_version", "django_migrations", "aerich"})
"""Tables in which an ORM's tools keep what they applied: a dump that has one is a copy of what they made."""


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


def _surroundings(
    settings: Settings,
    found: Sequence[tuple[Reading, Query]],
    replay: Replay | None,
    directories: Directories,
    target: Target,
    renames: Renames | None,
    elsewhere: Elsewhere,
    lost: Sequence[str],
) -> Surroundings:
    catalog = target.schema.catalog
    real = {thing.name.parts[0] for thing in catalog.of("extension")}.difference(replay.standins if replay else ())
    absent = replay is not None and any(map(absent_extension, replay.observations))
    texts = [file.text for directory in _of_others(directories) for file in directory.files]
    texts += _in_other_languages(settings, replay) if replay else ()
    failed = [Failed(mentions_in(statement), "", statement) for statement in lost]
    doubts = target.schema.doubts
    if failed:
        doubts = Doubts((*doubts.failed, *failed), doubts.foreign, doubts.elsewhere)

    def other(table: str, column: str) -> bool:
        return any(table in text and column in text for text in texts)

    code = Files(settings.root, {reading.path for reading, _ in found})
    home = directories.found[0].path if directories.found else ""

    @cache  # a file of data has thousands of statements, and a few tables
    def common(path: str, name: str) -> bool:
        defined = rf"(?<![\w.]){re.escape(name)}\"?\s*(?:\([^()]*\)\s*)?AS\s+(?:(?:NOT\s+)?MATERIALIZED\s*)?\("
        defined += rf"|([\"']){re.escape(name)}\1\s*,\s*[frbu]*[\"'`]+{_QUERY}"  # ("fed", """select …""")
        return re.search(defined, code.text(path) or "", re.IGNORECASE) is not None

    return Surroundings(
        catalog,
        doubts,
        made_by_code((reading.role, query) for reading, query in found),
        BOOKKEEPING | {"atlas_schema_revisions"},
        lambda kind, schema, name: (
            bool(set(extensions_with(kind, schema, name)) - real) or (absent and kind in OF_EXTENSIONS)
        ),
        renames.of if renames else lambda *_: None,
        other,
        bool(target.absent),
        lambda name: elsewhere.view(name) or any(_keeps(directory, name) for directory in directories.found[1:]),
        common,
        lambda path, table, column: bool(home) and elsewhere.nearer(path, home, table, column),
    )


def _keeps(directory: MigrationDirectory, table: str) -> bool:
    """Whether a directory's files make a table and do not drop it."""
    name = rf"(?:\w+\.)?\"?{re.escape(table)}(?!\w)"
    made = re.compile(rf"\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?{name}", re.IGNORECASE)
    dropped = re.compile(rf"\bdrop\s+table\s+[^;]*(?<!\w){re.escape(table)}(?!\w)", re.IGNORECASE)
    texts = [file.text for file in directory.files]
    return any(map(made.search, texts)) and not any(map(dropped.search, texts))


def _of_others(directories: Directories) -> Iterator[MigrationDirectory]:
    """Yield the directories that may be of another database: one with the same files is a draft, or a copy."""
    used = {_names(directory) for directory in directories.found[:1]}
    yield from (one for one in directories.found[1:] if not any(_names(one) <= names for names in used))


def _names(directory: MigrationDirectory) -> frozenset[str]:
    return frozenset(file.path.rpartition("/")[2] for file in directory.files)


def _in_other_languages(settings: Settings, replay: Replay) -> Iterator[str]:
    """Yield the texts of migrations that are programs, which the replay cannot run."""
    files = Files(settings.root, {one.location.path for one in replay.observations if not one.text})
    yield from filter(None, map(files.text, sorted(files.paths)))
