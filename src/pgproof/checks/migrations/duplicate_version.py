"""MIG101 duplicate-version."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pgproof.checks.check import check
from pgproof.evidence.directories import Migrations
from pgproof.migrations.file import MigrationFile
from pgproof.model import Finding, Severity


@check(
    "MIG101",
    "duplicate-version",
    Severity.WARNING,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- file: migrations/0002_link.sql
create table link (id int primary key);
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- file: migrations/0003_0_link.sql
create table link (id int primary key);
-- file: migrations/0003_1_view.sql
create view links as select id from link;
""",
)
def duplicate_version(migrations: Migrations) -> Iterator[Finding]:
    """Two migrations have the same version.

    ## Why
    A history table that records versions holds one of them: the other is taken as applied, or refused. Which of the two
    runs first depends on the file system or the tool.

    ## Fix
    Give the one that was not applied yet the next free version. Where no tool is known that numbers files so, it is a
    note: a program of one's own may as well record whole file names, and take them in their order.
    """
    layout = migrations.directory.layout
    if layout == "releases":  # the number is the order within a release, and no version
        return
    files = defaultdict(list)
    for file in migrations.directory.files:
        # `03_0_tables.sql` and `03_1_views.sql`; a tool of its own would see one version there
        minor = _MINOR.match(file.name) if layout == "numbered" else None
        files[f"{file.version}_{minor[0]}" if minor else file.version].append(file)
    shared = {version: same for version, same in files.items() if len(same) > 1}
    # nobody knows the tool of files that are only numbered: it may well record their whole names
    severity = Severity.NOTE if layout == "numbered" else None
    if layout == "numbered":
        shared = {version: same for version, same in shared.items() if not _DATE.fullmatch(version)}
    if len(shared) > _EACH_BY_ITSELF:
        yield _habit(migrations.directory.path, shared, severity)
        return
    for version, (first, *others) in shared.items():
        yield Finding(
            first.path,
            f"version {version} is used by {len(others) + 1} migrations",
            location=first.place,
            seen=tuple(f"also {file.path}" for file in others),
            reproduce=f"ls {migrations.directory.path} | grep '^{version}'",
            severity=severity,
            detail=version,
        )


_MINOR = re.compile(r"\d+(?=[-_.]|$)|pr\d+", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d")
"""A day, on which several files may be written."""
_EACH_BY_ITSELF = 3
"""More are a habit, and one finding."""


def _habit(directory: str, shared: Mapping[str, Sequence[MigrationFile]], severity: Severity | None) -> Finding:
    first = next(iter(shared.values()))[0]
    return Finding(
        directory,
        f"{len(shared)} versions are used by several migrations each, {sum(map(len, shared.values()))} in all",
        location=first.place,
        seen=tuple(
            f"{version}: {', '.join(file.path.removeprefix(f'{directory}/') for file in same)}"
            for version, same in shared.items()
        ),
        reproduce=f"ls {directory}",
        severity=severity,
    )
