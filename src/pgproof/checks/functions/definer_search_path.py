"""FUN109 definer-search-path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from pgproof.checks.check import check
from pgproof.evidence.bodies import BodyTexts
from pgproof.model import Finding, ObjectName, Severity
from pgproof.model.name import quoted

FEW = 3
"""More functions of a schema than these are a habit, and one finding."""


@check(
    "FUN109",
    "definer-search-path",
    Severity.NOTE,
    bad="""
create table secret (id bigint primary key, value text not null);
create function secret_count() returns bigint language plpgsql security definer as $$
begin
  return (select count(*) from secret);
end
$$;
""",
    ok="""
create table secret (id bigint primary key, value text not null);
create function secret_count() returns bigint language plpgsql security definer set search_path = '' as $$
begin
  return (select count(*) from public.secret);
end
$$;
""",
)
def definer_search_path(texts: BodyTexts) -> Iterator[Finding]:
    """A SECURITY DEFINER function looks names up by the search path of whoever calls it.

    ## Why
    Who may create objects in a schema that comes first on the path, and everyone has pg_temp, can put a table or a
    function of his own in the place of yours, and it is used with the owner's rights (manual, CREATE FUNCTION,
    "Writing SECURITY DEFINER Functions Safely"). Where everyone may create objects in `public` it is a warning; else it
    takes someone who can open a session and make temporary tables.

    ## Fix
    `alter function … set search_path = ''` and qualify every name in the body, or
    `set search_path = public, pg_temp`.
    """
    found: defaultdict[str, list[ObjectName]] = defaultdict(list)
    for body in texts.items:
        if body.security_definer and not body.pins_search_path:
            found[body.name.schema].append(body.name)
    severity = Severity.WARNING if "public" in texts.open_schemas else None
    for schema, names in found.items():
        if len(names) > FEW:
            yield replace(_habit(texts, schema, names), severity=severity)
        else:
            yield from (replace(_one(texts, name), severity=severity) for name in names)


def _one(texts: BodyTexts, name: ObjectName) -> Finding:
    return Finding(
        name,
        "SECURITY DEFINER without a search_path of its own",
        location=texts.written[name].location if name in texts.written else None,
        fix=_fix(name),
    )


def _habit(texts: BodyTexts, schema: str, names: list[ObjectName]) -> Finding:
    """Return one finding for all functions of a schema: nobody wrote these lines one by one."""
    return Finding(
        ObjectName("schema", (schema,)),
        f"{len(names)} SECURITY DEFINER functions without a search_path of their own",
        location=texts.written[names[0]].location if names[0] in texts.written else None,
        fix="\n".join(map(_fix, names)),
        consequences=tuple(str(name) for name in names),
    )


def _fix(name: ObjectName) -> str:
    return f"alter {name.kind} {name.spelled} set search_path = {quoted(name.schema)}, pg_temp;"
