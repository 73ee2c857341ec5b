"""BEH102 function-fails."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said, where
from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Calls
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.observed import Call, Called


@check(
    "BEH102",
    "function-fails",
    Severity.ERROR,
    bad="""
create table job (id int primary key);
create function size_of_all() returns bigint language plpgsql as $$
declare
  counted record;
  total bigint = 0;
  relation text;
begin
  foreach relation in array array['job'] loop
    execute format('select count(*) as number from %I', relation) into counted;
    total := total + counted.count;
  end loop;
  return total;
end $$;
""",
    ok="""
create table job (id int primary key);
create function size_of_all() returns bigint language plpgsql as $$
declare
  counted record;
  total bigint = 0;
  relation text;
begin
  foreach relation in array array['job'] loop
    execute format('select count(*) as number from %I', relation) into counted;
    total := total + counted.number;
  end loop;
  return total;
end $$;
""",
)
def function_fails(calls: Calls) -> Iterator[Finding]:
    """A function fails when it is called, because its body names or types something wrongly.

    ## Why
    That it exists says nothing: PostgreSQL does not look into the body before the first call. It was called with the
    keys of rows that exist, with NULL, with keys that no row has and with empty values; what a function refuses by
    design is not reported.

    ## Fix
    Correct the function in a new migration (`create or replace function`), or bring back what it names.
    """
    causes: dict[tuple[ObjectName, str], list[tuple[Called, list[Call]]]] = {}
    for called in calls.items:
        wrong: dict[tuple[ObjectName, str], list[Call]] = {}
        for one in called.calls:
            if one.refusal is not None and not one.about_arguments and not calls.doubts.about(one.refusal):
                culprit = calls.doubts.culprit(one.refusal) or called.routine
                wrong.setdefault((culprit, said(one.refusal)), []).append(one)
        for cause, of_cause in wrong.items():
            causes.setdefault(cause, []).append((called, of_cause))
    for (subject, message), several in causes.items():
        called, wrong_calls = min(several, key=lambda one: one[0].routine != subject)
        refusal = wrong_calls[0].refusal
        assert refusal is not None
        yield Finding(
            subject,
            message,
            location=calls.doubts.origin(subject),
            seen=tuple(
                line for line in (f"executed on the replay: {_when(called, wrong_calls)}", where(refusal)) if line
            ),
            reproduce=next((one.sql for one in wrong_calls if one.sql), ""),
            consequences=tuple(_when(other, of) for other, of in several if other is not called),
            detail=message,
        )


def _when(called: Called, wrong: list[Call]) -> str:
    if len(wrong) == len(called.calls):
        return f"{called.routine} fails on every call"
    cases = ", ".join(one.case for one in wrong)
    return f"{called.routine} fails with {cases}"
