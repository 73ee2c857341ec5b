"""Which directories of a repository hold migrations, and which of them a person would pick."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path, PurePosixPath

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout
from pgproof.migrations.layouts import layouts
from pgproof.migrations.layouts.schema import makers, makes_tables, schema_in
from pgproof.migrations.origin import builds_on, with_origin
from pgproof.migrations.reading import aside, sampled_dialect
from pgproof.migrations.walk import walk, walk_all
from pgproof.model.errors import UsageError

_MIGRATIONS = re.compile(r"(?:.*[_-])?(?:migrations?|migrate|drizzle)(?:[_-].*)?", re.I)
_DATABASE = re.compile(r"(?:.*[_-])?(?:supabase|db|database|sql|schema|postgres|postgresql|pg)(?:[_-].*)?", re.I)
_UPGRADES = re.compile(
    r"(?:.*[_-])?(?:upgrades?|updates?|deltas?|patch(?:e?s)?|changes|changelogs?|evolutions?|increment(?:s|al))(?:[_-].*)?",
    re.I,
)
_AFTERWARDS = re.compile(r"(?:post|after)[_-]", re.I)
_DOWN = re.compile(r"downs?|rollbacks?|reverts?|undo|downgrades?", re.I)
"""A folder that takes back what the one beside it makes: `migrations/down`, `migrations/up`."""
_BEGINS = re.compile(r"base(?:line)?|init(?:ial|db)?|schemas?|setup|create", re.I)
_ASIDE = re.compile(
    r"(?:.*[_.-])?(?:examples?|samples?|demos?|tests?|__tests__|spec|e2e|testdata|fixtures?|mocks?|third[_-]party|docs?"
    r"|templates?|presets?|bench(?:mark)?s?|playground|tutorials?|stubs?|archived?|old|legacy|deprecated|backups?|snapshots)(?:[_.-].*)?",
    re.I,
)
_MOUNTED = re.compile(r"(?:^|/)volumes/db(?:/|$)")
"""What Supabase's docker-compose.yml gives its own server: roles, and what its services need."""
WHOLE_SCHEMA = "schema"
"""The layout of a whole schema, which is no migrations."""


def discover(root: Path, encoding: str = "utf-8") -> list[MigrationDirectory]:
    """Return all migration directories of the repository at `root` (see `directories_in`)."""
    return directories_in(walk(root.resolve(), encoding))


def directories_in(tree: Folder) -> list[MigrationDirectory]:
    """Return all migration directories of a repository, the one that a person would pick first.

    Later come directories for other database systems, those of examples and tests, those with a weaker name and those
    with fewer files. A whole schema is offered where there are no migrations: its parts come later, and else the
    longest first. Upgrades of a schema that the repository keeps begin with that, or it stands in their place
    (`origin`). What lies beside migrations without being one (seeds, rollback scripts, tests) is
    the directory's debris, and no directory of its own.
    """
    found = [_read(folder, layout) for folder, layout in _recognised(tree)]
    own = {directory.path for directory in found}
    schemas = [one.path for one in found if one.layout == WHOLE_SCHEMA and not (one.dialect or asides(one.path))]
    later = {one.path for one in found if one.layout == WHOLE_SCHEMA and _is_below(one.path, schemas)}
    ranked = _with_origins(tree, sorted((_without_own(one, own) for one in found), key=_rank))
    # the sort is stable: only what comes later is moved
    ranked = _after_what_they_build_on(sorted(ranked, key=lambda one: one.path in later and not one.assumed))
    first = ranked[0] if ranked else None
    return [
        one
        for one in ranked
        if one.layout != WHOLE_SCHEMA
        or one.unverified
        or (first and first.layout == WHOLE_SCHEMA and not (first.unverified or asides(one.path)))
    ]


def _after_what_they_build_on(ranked: list[MigrationDirectory]) -> list[MigrationDirectory]:
    """Move before the first directory its neighbour that makes the tables which it begins with."""
    first = ranked[0] if ranked else None
    if first and _may_be_upgrades(first):
        above = first.path.rpartition("/")[0]
        for one in (one for one in ranked[1:] if one.path.rpartition("/")[0] == above):
            if _may_be_upgrades(one) and builds_on(first, one) and not builds_on(one, first):
                return [one, *(other for other in ranked if other is not one)]
    return ranked


def _with_origins(tree: Folder, found: list[MigrationDirectory]) -> list[MigrationDirectory]:
    """Return the directories, upgrades with the schema that they build on, or after the one that holds them."""

    @cache
    def loose() -> tuple[MigrationDirectory, ...]:
        return tuple(_loose_schemas(tree, taken))

    def candidates(upgrades: MigrationDirectory) -> Iterator[MigrationDirectory]:
        # what a tool runs goes back to one file, if to any; numbered files may be anything's
        yield from (
            one
            for one in known
            if one is not upgrades
            and _may_be_whole(one)
            and (one.layout == WHOLE_SCHEMA or upgrades.layout == "numbered")
        )
        yield from filter(_may_be_whole, loose())

    known, taken = tuple(found), {file.on_disk for one in found for file in one.files}
    for upgrades in known:
        if upgrades not in found or upgrades.layout == WHOLE_SCHEMA or upgrades.dialect or asides(upgrades.path):
            continue
        made = with_origin(tree.root, upgrades, candidates(upgrades))
        if made and (made.unverified or _may_be_upgrades(upgrades)):  # else parts of something
            whole = {file.path for file in (made.files if made.unverified else standing(made))}
            also = [upgrades] if made.unverified and made.path != upgrades.path else []
            found = [new for one in found for new in ([made, *also] if one is upgrades else [one])]
            found = [
                one
                for one in found
                if one is made or not (one.files and whole.issuperset(file.path for file in one.files))
            ]
    return found


def _may_be_whole(directory: MigrationDirectory) -> bool:
    """Whether files may be a schema, and no migrations of another tool or product."""
    if not directory.files or directory.dialect or asides(directory.path):
        return False
    begins = bool(_BEGINS.fullmatch(directory.path.rpartition("/")[2]))
    return directory.layout == WHOLE_SCHEMA or begins or not _may_be_upgrades(directory)


def _may_be_upgrades(directory: MigrationDirectory) -> bool:
    if directory.layout == WHOLE_SCHEMA or directory.dialect or asides(directory.path):
        return False
    return surely_migrations(directory) or any(_UPGRADES.fullmatch(part) for part in directory.path.split("/"))


def _loose_schemas(tree: Folder, taken: Collection[str]) -> Iterator[MigrationDirectory]:
    """Yield each SQL file that makes tables and belongs to no directory, as a schema of its own.

    One beside others is a part of something.
    """
    for folder in (tree, *tree.below()):
        names = [name for name in makers(folder) if folder.join(name) not in taken]
        if len(names) == 1 and not (asides(folder.path) or asides(names[0])) and makes_tables(folder, names[0]):
            yield schema_in(folder, names)


def read_directory(root: Path, path: str, layout: str | None = None, encoding: str = "utf-8") -> MigrationDirectory:
    """Read the directory that the user named, relative to `root`; UsageError when there are no migrations in it.

    Without `layout` it is recognised; a number in the files' names is enough.
    """
    root = root.resolve()
    relative = _inside(root, path)
    folder = walk_all(root, relative, encoding)
    chosen = _named(layout) if layout else _best(folder) or layouts()["numbered"]
    directory = _read(folder, chosen)
    if not directory.files:
        raise _nothing(folder, directory, path)
    return directory


def _recognised(tree: Folder) -> Iterator[tuple[Folder, Layout]]:
    waiting = [(tree, False)]
    while waiting:
        folder, beside = waiting.pop()
        layout = _best(folder)
        if layout and not (beside and aside(folder.name)):
            yield folder, layout
        if not (layout and layout.nested):
            known = layout is not None and layout.name != WHOLE_SCHEMA
            waiting.extend((inner, known) for inner in folder.folders.values() if not (known and aside(inner.name)))


def _best(folder: Folder) -> Layout | None:
    """Return the layout that recognises a folder with most confidence."""
    by_confidence = [(layout.recognise(folder), layout.name, layout) for layout in layouts().values()]
    confidence, _, layout = max(by_confidence, key=lambda one: one[:2])
    return layout if confidence else None


def _read(folder: Folder, layout: Layout) -> MigrationDirectory:
    directory = layout.read(folder)
    directory = replace(directory, path=os.fsencode(directory.path).decode("utf-8", "backslashreplace"))
    return directory if directory.dialect else replace(directory, dialect=sampled_dialect(directory))


def _without_own(directory: MigrationDirectory, own: set[str]) -> MigrationDirectory:
    """Leave out of the debris what is a migration directory itself, or holds one."""
    debris = tuple(
        one for one in directory.debris if not any(path == one.path or path.startswith(f"{one.path}/") for path in own)
    )
    return replace(directory, debris=debris)


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(f"{folder}/") or (folder == "." != path) for folder in folders)


def standing(directory: MigrationDirectory) -> tuple[MigrationFile, ...]:
    """Return the files of the schema that a directory's migrations build on."""
    return tuple(file for file in directory.files if file.standing)


def _rank(directory: MigrationDirectory) -> tuple[bool, bool, int, bool, bool, bool, bool, bool, int, int, str]:
    parts = directory.path.split("/")
    sure = surely_migrations(directory) and directory.layout != WHOLE_SCHEMA
    return (
        bool(directory.dialect),
        bool(_DOWN.fullmatch(parts[-1])),
        asides(directory.path),
        directory.layout == WHOLE_SCHEMA,
        not directory.path.endswith("supabase/migrations"),
        not sure,
        bool(_AFTERWARDS.match(parts[-1])),
        not (sure or any(_DATABASE.fullmatch(part) for part in parts)),
        -(len(directory) if directory.layout != WHOLE_SCHEMA else sum(len(file.text) for file in directory.files)),
        len(parts),
        directory.path,
    )


def surely_migrations(directory: MigrationDirectory) -> bool:
    """Say whether a tool's marks or the folder's name tell that files are migrations, and not a numbered schema."""
    named = any(map(is_named_for_migrations, directory.path.split("/")[-2:]))
    return named or directory.layout not in {"numbered", WHOLE_SCHEMA}


def is_named_for_migrations(folder: str) -> bool:
    """Say whether a folder's name says that migrations are in it."""
    return bool(_MIGRATIONS.fullmatch(folder))


def asides(path: str) -> int:
    """Return how many folders of a path say that this is not the project's own database: examples, tests."""
    return sum(1 for part in path.split("/") if _ASIDE.fullmatch(part)) + bool(_MOUNTED.search(path))


def _inside(root: Path, path: str) -> str:
    """Return a path relative to the root, or say what is wrong with it."""
    target = Path(os.path.normpath(root / path))
    way_out = 'Name a directory of the project, relative to it: migrations = "db/migrations".'
    if not target.is_relative_to(root) or not target.resolve().is_relative_to(root):
        raise UsageError(f"{path} is outside the project", way_out)
    if not target.exists():
        beside = [one.name for one in target.parent.iterdir()] if target.parent.is_dir() else []
        near = get_close_matches(target.name, beside, 1)
        hint = f" Did you mean {PurePosixPath(path).parent / near[0]}?" if near else ""
        raise UsageError(f"there is no directory {path}", way_out + hint)
    if not target.is_dir():
        raise UsageError(f"{path} is a file, not a directory of migrations", way_out)
    if not os.access(target, os.R_OK | os.X_OK):
        raise UsageError(
            f"cannot read {path}: permission denied", "Let this user list the directory and read its files."
        )
    return target.relative_to(root).as_posix()


def _named(name: str) -> Layout:
    try:
        return layouts()[name]
    except KeyError:
        known = ", ".join(sorted(layouts()))
        raise UsageError(f'there is no layout "{name}"', f"The layouts are: {known}.") from None


def _nothing(folder: Folder, directory: MigrationDirectory, path: str) -> UsageError:
    inner = [one.path for one, _ in _recognised(folder) if one is not folder]
    if inner:
        return UsageError(f"{path} holds no migrations itself", f"Name one of: {', '.join(sorted(inner)[:5])}.")
    if not folder.files and not folder.folders:
        return UsageError(f"{path} is empty", "Name the directory that holds the migrations.")
    loose = len(folder.with_suffix(".sql"))
    if loose and directory.layout == "numbered":
        return UsageError(
            f"no order is known for the {loose} SQL files of {path}: their names begin with no number",
            "Number them in the order of their application: 0001_users.sql, 0002_orders.sql.",
        )
    return UsageError(f"there are no migrations of the layout {directory.layout} in {path}", "Name another directory.")
