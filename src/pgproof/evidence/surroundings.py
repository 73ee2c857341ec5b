"""What of the project tells whether a server's refusal of its SQL proves anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from pgproof.code.project import Files
from pgproof.code.queries.runtime import made_by_code
from pgproof.code.queries.surroundings import Surroundings
from pgproof.code.usage import Query
from pgproof.evidence.declared_types import DeclaredTypes
from pgproof.evidence.directories import Directories, Migrations
from pgproof.evidence.elsewhere import Elsewhere
from pgproof.evidence.limits import OF_EXTENSIONS, absent_extension
from pgproof.evidence.live import Live
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.orm_tables import OrmTables
from pgproof.evidence.other_systems import OtherSystems
from pgproof.evidence.part import gathers
from pgproof.evidence.renames import Renames
from pgproof.evidence.scope import BOOKKEEPING
from pgproof.evidence.settings import Settings
from pgproof.evidence.target import Target
from pgproof.evidence.usages import Usages
from pgproof.migrations.file import MigrationDirectory
from pgproof.migrations.layouts.embedded import EMBEDDED
from pgproof.migrations.observation import Replay
from pgproof.platforms.members import extensions_with

_SURE = 3
"""As many tables that the migrations build on and none makes: another may be missing, too."""
_QUERY = r"\s*\(?\s*(?:select|with|values|insert|update|delete)\b"
_RECORDS = frozenset({"alembic_version", "django_migrations", "aerich"})
"""Tables in which an ORM's tools keep what they applied: a dump that has one is a copy of what they made."""


@gathers(Surroundings, None)
def look_around(
    settings: Settings,
    usages: Usages,
    target: Target,
    directories: Directories,
    elsewhere: Elsewhere,
    types: DeclaredTypes,
    orm: OrmTables,
    systems: OtherSystems,
    base: MissingBase | None,
    replay: Replay | None,
    migrations: Migrations | None,
    live: Live | None,
    renames: Renames | None,
) -> Surroundings:
    """Gather what tells whether a refusal by the target proves anything.

    What makes a table besides the migrations counts only where the migrations are the target: a live database has it.
    """
    found = list(usages.of(Query))
    catalog = target.schema.catalog
    real = {thing.name.parts[0] for thing in catalog.of("extension")}.difference(replay.standins if replay else ())
    absent = replay is not None and any(map(absent_extension, replay.observations))
    texts = [file.text for directory in _of_others(directories) for file in directory.files]
    texts += _in_other_languages(settings, replay) if replay else ()
    made = made_by_code((reading.role, query) for reading, query in found)
    base_is_missing = bool(target.absent)
    if live is None:
        by_hand = orm.by_hand()
        made = {role: names | by_hand for role, names in made.items()}
        base_is_missing = base_is_missing or (base is not None and len(base.relations) >= _SURE)

    def other(table: str, column: str) -> bool:
        return any(table in text and column in text for text in texts)

    code = Files(settings.root, {reading.path for reading, _ in found})
    home = directories.found[0].path if directories.found else ""

    @cache  # a file of data has thousands of statements, and a few tables
    def common(path: str, name: str) -> bool:
        defined = rf"(?<![\w.]){re.escape(name)}\"?\s*(?:\([^()]*\)\s*)?AS\s+(?:(?:NOT\s+)?MATERIALIZED\s*)?\("
        defined += rf"|([\"']){re.escape(name)}\1\s*,\s*[frbu]*[\"'`]+{_QUERY}"  # ("fed", """select …""")
        return re.search(defined, code.text(path) or "", re.IGNORECASE) is not None

    around = Surroundings(
        catalog,
        target.schema.doubts,
        made,
        BOOKKEEPING | {"atlas_schema_revisions"},
        brought=lambda kind, schema, name: (
            bool(set(extensions_with(kind, schema, name)) - real) or (absent and kind in OF_EXTENSIONS)
        ),
        past=renames.of if renames else lambda *_: None,
        other=other,
        base_is_missing=base_is_missing,
        kept=lambda name: elsewhere.view(name) or any(_keeps(directory, name) for directory in directories.found[1:]),
        common=common,
        nearer=lambda path, table, column: bool(home) and elsewhere.nearer(path, home, table, column),
        other_system=systems.used,
        is_part=migrations is not None and migrations.directory.layout == EMBEDDED,
    )
    if live is not None:
        return around
    kept = any(parts[-1] in _RECORDS for parts in around.relations)
    return replace(
        around,
        declared=lambda *parts: types.place(*parts) is not None,
        loose=lambda table, column: elsewhere.column(table, column) is not None,
        modelled=lambda table, column: orm.have(table, column) and (kept or orm.make()),
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
