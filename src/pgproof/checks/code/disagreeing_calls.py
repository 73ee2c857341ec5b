"""COD302 disagreeing-calls."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pgproof.checks.check import check
from pgproof.checks.code.causes import severity_of
from pgproof.code.match.schema import Answer
from pgproof.code.match.tables import DEFAULT_SCHEMA
from pgproof.code.reading import Reading
from pgproof.code.usage import Call
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.model import Finding, ObjectName, Severity
from pgproof.model.spelling import slip

_AGREE = 2
"""So many calls that agree are right, when one other differs by a letter."""


@check(
    "COD302",
    "disagreeing-calls",
    Severity.WARNING,
    bad="""
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const close = (id: number) => supabase.rpc("close_deal", { p_deal_id: id });
export const reopen = (id: number) => supabase.rpc("close_deal", { p_deal_id: id });
export const drop = (id: number) => supabase.rpc("close_deal", { p_dael_id: id });
""",
    ok="""
-- file: src/deals.ts
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.URL!, process.env.KEY!);
export const close = (id: number) => supabase.rpc("close_deal", { p_deal_id: id });
export const reopen = (id: number) => supabase.rpc("close_deal", { p_deal_id: id });
export const drop = (id: number) => supabase.rpc("close_deal", { p_deal_id: id, p_reason: "drop" });
""",
)
def disagreeing_calls(usages: Usages, target: Target | None) -> Iterator[Finding]:
    """A function is called with an argument that is spelled otherwise than in all its other calls.

    ## Why
    PostgREST finds a function by the names of its arguments: one of the two spellings is not found. Nothing here knows
    the function itself, so the calls are only compared with each other.

    ## Fix
    Spell the argument as the function does.
    """
    calls: defaultdict[tuple[str, str], list[tuple[Reading, Call]]] = defaultdict(list)
    for reading, call in usages.of(Call):
        if reading.role in SHIPPED and call.schema is not None:
            calls[call.schema or DEFAULT_SCHEMA, call.name].append((reading, call))
    for (schema, name), sites in sorted(calls.items()):
        if target is None or target.schema.routines(schema, name) is Answer.UNKNOWN:
            yield from _odd(ObjectName("function", (schema, name, "")), sites)


def _odd(function: ObjectName, sites: Sequence[tuple[Reading, Call]]) -> Iterator[Finding]:
    names = Counter(argument.name for _, call in sites for argument in call.arguments)
    common = [name for name, number in names.items() if number >= _AGREE]
    for reading, call in sites:
        for argument in call.arguments:
            meant = slip(argument.name, common) if names[argument.name] == 1 else ""
            if meant and meant not in {other.name for other in call.arguments}:
                yield Finding(
                    function,
                    f"the argument {argument.name} is {meant} in {names[meant]} other calls",
                    location=argument.location,
                    reproduce=f"grep -rn '{function.parts[1]}' {reading.path}",
                    severity=min(severity_of(reading.role, call.handling), Severity.WARNING, key=lambda s: -s.rank),
                    detail=argument.name,
                )
