"""COD111 retired-table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code import reproduce
from pgproof.code.match.relation import Relation
from pgproof.code.match.tables import DEFAULT_SCHEMA
from pgproof.code.reading import Reading
from pgproof.code.usage import TableUse
from pgproof.evidence.renames import Renames
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.model import Finding, ObjectName, Severity

_RETIRED = re.compile(r"\s*(?:deprecated|retired|obsolete|do not use|no longer used)\b", re.IGNORECASE)
_ASIDE = re.compile(r"_|(?:old|legacy|archived?|backup|bak|deprecated|te?mp|prev|orig)_", re.IGNORECASE)
SHOWN = 8


@check(
    "COD111",
    "retired-table",
    Severity.WARNING,
    bad="""
-- file: supabase/migrations/0001_campaign.sql
create table campaign (id bigint primary key, name text not null);
-- file: supabase/migrations/0002_rename.sql
alter table campaign rename to outreach_campaign;
create table campaign (id bigint primary key, name text not null, letters int);
-- file: src/campaigns.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const campaigns = () => supabase.from("campaign").select("id, name");
""",
    ok="""
-- file: supabase/migrations/0001_campaign.sql
create table campaign (id bigint primary key, name text not null);
-- file: supabase/migrations/0002_rename.sql
alter table campaign rename to outreach_campaign;
create table campaign (id bigint primary key, name text not null, letters int);
-- file: src/campaigns.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const campaigns = () => supabase.from("outreach_campaign").select("id, name");
export const letters = () => supabase.from("campaign").select("id, letters");
""",
)
def retired_table(usages: Usages, target: Target, renames: Renames | None) -> Iterator[Finding]:
    """The code uses a name that means another table now, or a table whose comment says that it is retired.

    ## Why
    Nothing fails. After a table was renamed and its old name was given to another one, a call that was forgotten reads
    and writes the wrong rows; a table that is kept for the past gets rows that nobody looks at.

    ## Fix
    Name the table that is meant. If the call means what has that name now, ignore this finding with that reason.
    """
    places: defaultdict[tuple[str, str], list[tuple[Reading, TableUse]]] = defaultdict(list)
    for reading, use in usages.of(TableUse):
        if reading.role in SHIPPED and use.schema is not None:
            places[use.schema or DEFAULT_SCHEMA, use.table].append((reading, use))
    for (schema, name), uses in sorted(places.items()):
        relation = target.schema.relation(schema, name)
        if not isinstance(relation, Relation):
            continue
        if reason := _retired(relation, target):
            yield _finding(relation.name, reason, uses)
        elif relation.is_table and (past := renames.of(schema, name) if renames else None):
            meant = target.schema.relation(schema, past.new) if past.new else None
            if isinstance(meant, Relation) and not _set_aside(name, past.new):
                wrong = [(reading, use) for reading, use in uses if _could_mean(use, meant)]
                since = f"since {past.location} {past.new} is what was called so; this is another table"
                yield from [_finding(relation.name, since, wrong)] if wrong else ()


def _retired(relation: Relation, target: Target) -> str:
    comment = target.schema.catalog.objects[relation.name].attributes.get("comment")
    return f"its comment says: {comment}" if isinstance(comment, str) and _RETIRED.match(comment) else ""


def _set_aside(name: str, new: str) -> bool:
    """Whether the old table was only moved out of the way (`deal_old`, `legacy_deal`) of one that takes its place."""
    return new.startswith(name) or _ASIDE.match(new) is not None


def _could_mean(use: TableUse, other: Relation) -> bool:
    """Whether the other table has every column that a call names: then nothing shows that this one is meant."""
    named = {column.column for column in use.columns if not column.relation}
    return bool(named) and named <= other.columns.keys()


def _finding(name: ObjectName, reason: str, uses: list[tuple[Reading, TableUse]]) -> Finding:
    locations = [use.location for _, use in uses]
    also = [f"also at {location}" for location in locations[1 : SHOWN + 1]]
    more = [f"and at {len(locations) - SHOWN - 1} more places"] * (len(locations) > SHOWN + 1)
    return Finding(
        name, reason, location=locations[0], seen=(*also, *more), reproduce=reproduce.relation(name), detail="retired"
    )
