"""MIG101 duplicate-version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.directories import Migrations
from pgproof.model import Finding, Location, Severity


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
""",
)
def duplicate_version(migrations: Migrations) -> Iterator[Finding]:
    """Two migrations have the same version.

    ## Why
    A history table that records versions holds one of them: the other is taken as applied, or refused. Which of the two
    runs first depends on the file system or the tool.

    ## Fix
    Give the one that was not applied yet the next free version.
    """
    files = defaultdict(list)
    for file in migrations.directory.files:
        files[file.version].append(file)
    for version, same in files.items():
        if len(same) > 1:
            first, *others = same
            yield Finding(
                first.path,
                f"version {version} is used by {len(same)} migrations",
                location=Location(first.path),
                seen=tuple(f"also {file.path}" for file in others),
                reproduce=f"ls {migrations.directory.path} | grep '^{version}'",
                detail=version,
            )
