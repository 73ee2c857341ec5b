"""COD301 malformed-request."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.code.causes import severity_of
from pgproof.code.reading import Reading
from pgproof.code.usage import Call, TableUse
from pgproof.evidence.usages import Usages
from pgproof.model import Finding, Severity


@check(
    "COD301",
    "malformed-request",
    Severity.ERROR,
    bad="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint primary key, slug text not null, stage text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const open = () => supabase.from("deal").select("id").or("stage = open, slug.is.null");
""",
    ok="""
-- file: supabase/migrations/0001_deal.sql
create table deal (id bigint primary key, slug text not null, stage text);
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const open = () => supabase.from("deal").select("id").or("stage.eq.open,slug.is.null");
""",
)
def malformed_request(usages: Usages) -> Iterator[Finding]:
    """A select list or a filter is not in PostgREST's language.

    ## Why
    PostgREST refuses the request (PGRST100), whatever the schema is. The client sends it as it stands: no compiler
    reads what is inside of the text.

    ## Fix
    Write it as PostgREST's documentation has it: `column.operator.value`, joined by commas without blanks.
    """
    calls: list[tuple[Reading, TableUse | Call]] = [*usages.of(TableUse), *usages.of(Call)]
    for reading, use in calls:
        for one in use.malformed:
            yield Finding(
                reading.path,
                f"{one.reason}; PostgREST answers PGRST100",
                location=one.location,
                reproduce=_REQUEST.format(one.clause.value, one.text[:_SHOWN].replace("'", "%27")),
                severity=severity_of(reading.role, use.handling),
                detail=one.text,
            )


_SHOWN = 80
_REQUEST = "curl -G \"$SUPABASE_URL/rest/v1/TABLE\" --data-urlencode '{}={}'"
