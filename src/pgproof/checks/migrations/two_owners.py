"""MIG105 two-owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.definitions import Definition, Definitions
from pgproof.evidence.directories import Directories
from pgproof.model import Finding, Severity


@check(
    "MIG105",
    "two-owners",
    Severity.WARNING,
    bad="""
-- file: supabase/migrations/20240101000000_note.sql
create table public.note (id bigint primary key, body text);
-- file: db/migrations/0001_note.sql
create table note (id uuid primary key, body text, state text);
""",
    ok="""
-- file: supabase/migrations/20240101000000_note.sql
create table public.note (id bigint primary key, body text);
-- file: db/migrations/0001_tag.sql
create table tag (id bigint primary key);
-- file: db/hsqldb/migrations/20240101000000_note.sql
create table note (id bigint primary key, body varchar(80));
-- file: db/source/migrations/20240101000000_note.sql
create table note (id bigint primary key, body text);
""",
)
def two_owners(directories: Directories, definitions: Definitions) -> Iterator[Finding]:
    """Two migration directories of one package define the same table.

    ## Why
    Only one of them can be what the database was made with. The other one is a wish that someone will run one day, or a
    second history that fights the first.

    ## Fix
    Keep one directory. When the two belong to different databases, name the one that is meant in pgproof.toml:
    `migrations = "DIR"`.
    """
    used = directories.found[0]
    # a file of the same name is the same migration, written for another system, or kept twice
    own = {file.path.removeprefix(f"{used.path}/") for file in used.files}
    by_table: defaultdict[tuple[str, str], dict[str, Definition]] = defaultdict(dict)
    for definition in definitions.items:
        by_table[definition.schema or "public", definition.table].setdefault(definition.directory, definition)
    for other in directories.rivals:
        shared = [
            (t, d[used.path], d[other.path])
            for t, d in sorted(by_table.items())
            if {used.path, other.path} <= d.keys()
            and d[other.path].location.path.removeprefix(f"{other.path}/") not in own
        ]
        if shared:
            (_, table), mine, theirs = shared[0]
            names = ", ".join(name for (_, name), _, _ in shared[:3]) + (
                f" and {len(shared) - 3} more" * (len(shared) > 3)
            )
            yield Finding(
                other.path,
                f"defines {len(shared)} table{'s' * (len(shared) != 1)} that {used.path} defines too: {names}",
                location=theirs.location,
                seen=(f"{table}: {mine.location} and {theirs.location}",),
                reproduce=f"grep -rniE 'create table.*{table}' {used.path} {other.path}",
            )
