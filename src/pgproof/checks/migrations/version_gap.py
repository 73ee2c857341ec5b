"""MIG102 version-gap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pgproof.checks.check import check
from pgproof.evidence.directories import Migrations
from pgproof.model import Finding, Severity


@check(
    "MIG102",
    "version-gap",
    Severity.NOTE,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- file: migrations/0004_link.sql
create table link (id int primary key);
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
-- file: migrations/0002_tag.sql
create table tag (id int primary key);
-- file: migrations/0003_link.sql
create table link (id int primary key);
""",
)
def version_gap(migrations: Migrations) -> Iterator[Finding]:
    """Migrations that are numbered one by one skip a number.

    ## Why
    A file may have been deleted after it was applied somewhere, or it waits in another branch and will run out of order
    when it is merged.

    ## Fix
    Nothing, when the number was never used. Otherwise bring the file back.
    """
    directory = migrations.directory
    numbered = ((_NUMBER.match(file.version), file) for file in directory.files)
    numbers = sorted({int(number[0]): file for number, file in numbered if number}.items())
    gaps = [(before, after, file) for (before, _), (after, file) in pairwise(numbers) if after - before > 1]
    one_by_one = len(gaps) * 5 <= len(numbers) or len(gaps) == 1
    if not gaps or not one_by_one or any(after - before > 10 for before, after, _ in gaps):
        return  # timestamps, or numbers in steps of ten: no number is missing
    missing = [str(b + 1) if a - b == 2 else f"{b + 1} to {a - 1}" for b, a, _ in gaps]
    yield Finding(
        directory.path,
        f"no migration has the number {', '.join(missing)}",
        location=gaps[0][2].place,
        reproduce=f"ls {directory.path}",
    )


_NUMBER = re.compile(r"\d+")
"""Of `13.1` and `13b` it is 13."""
