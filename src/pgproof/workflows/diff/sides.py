"""The sides of a comparison: migrations, a live database, a dump or a snapshot file, as the user named them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pgproof.catalog.kept import Kept
from pgproof.catalog.object import Catalog
from pgproof.evidence.settings import Settings
from pgproof.model import Gap
from pgproof.model.errors import UsageError
from pgproof.platforms import Platform
from pgproof.project.database import is_url

if TYPE_CHECKING:
    from pgproof.migrations.observation import Replay

MIGRATIONS, LIVE = "migrations", "live"
"""The words for what the project itself names, where no file or folder is called so."""


class What(StrEnum):
    """What a side is."""

    MIGRATIONS = "migrations"
    LIVE = "live database"
    DUMP = "dump"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Named:
    """A side before it is read: its name, and the URL, file or folder. `last` is the last migration, `""` for all.

    `settings` are those of the project that migrations belong to.
    """

    name: str
    what: What
    place: str
    settings: Settings
    last: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A side that was read. `replay` is there for what was replayed: migrations and dumps.

    `failed` are the texts of the statements that could not be run. `unsure` are names, as `Replay.unknown` has them, of
    which one attribute is not known, by that attribute.
    """

    name: str
    what: What
    description: str
    catalog: Catalog
    replay: Replay | None = None
    gaps: tuple[Gap, ...] = ()
    unsure: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


def named(given: str, settings: Settings, folder: Path) -> Named:
    """Tell what `given` names; paths start at `folder`.

    `DIR@VERSION` are the migrations up to and with that one. The words `migrations` and `live` stand for what the
    project has, unless there is such a file.

    Raises UsageError when it names nothing.
    """
    if is_url(given) or "=" in given:
        return Named("", What.LIVE, given, settings)
    path, _, last = given.rpartition("@") if "@" in given and not (folder / given).exists() else (given, "", "")
    place = folder / path
    if place.is_dir():
        return Named(given, What.MIGRATIONS, _inside(place, given, settings), settings, last)
    if place.is_file() and not last:
        return Named(given, _what(place), str(place.resolve()), settings)
    if path == MIGRATIONS:
        return Named(given, What.MIGRATIONS, "", settings, last)
    if path == LIVE and not last:
        if settings.live is None:
            raise UsageError("the project names no live database", 'Name its URL, or set live = "$DATABASE_URL".')
        what = What.SNAPSHOT if settings.live.startswith("/") else What.LIVE
        return Named(given if what is What.SNAPSHOT else "", what, settings.live, settings)
    raise UsageError(
        f"there is no file or folder {path}",
        "A side is a directory of migrations (DIR, or DIR@VERSION for a state in between), a URL, a dump "
        "(pg_dump --schema-only)\nor a snapshot file. The words migrations and live stand for those of the project.",
    )


def read_live(side: Named, platform: Platform, kept: Kept) -> Side:
    """Read a live database, and name what no kind reads. Raises PgproofError when it cannot be reached or read."""
    from pgproof.catalog import snapshot
    from pgproof.evidence.live import beyond
    from pgproof.server.live import connect

    with connect(side.place) as session:
        catalog = snapshot.read(session, kept=kept)
        name = str(session.target)
        foreign = (*platform.schemas, *side.settings.config.ignore_schemas)
        gaps = (*(Gap(warning) for warning in session.warnings), *beyond(session, foreign, platform))
    return Side(name, side.what, _database(catalog), catalog, gaps=gaps)


def read_snapshot(side: Named, *_: object) -> Side:
    """Read a snapshot file. Raises UsageError when it is none that this version reads."""
    from pgproof.migrations.base import read_base

    catalog = read_base(side.place, what="snapshot").catalog
    assert catalog is not None
    return Side(side.name, side.what, f"snapshot of {_database(catalog)}", catalog)


def _inside(place: Path, given: str, settings: Settings) -> str:
    root = settings.root.resolve()
    if not place.resolve().is_relative_to(root):
        raise UsageError(f"{given} is outside of {root}", "Run pgproof diff in a folder that holds both.")
    return place.resolve().relative_to(root).as_posix()


def _what(file: Path) -> What:
    with file.open("rb") as opened:
        return What.SNAPSHOT if opened.read(64).lstrip().startswith((b"{", b"\xef\xbb\xbf{")) else What.DUMP


def _database(catalog: Catalog) -> str:
    return f"database {catalog.database} on PostgreSQL {catalog.major}"
