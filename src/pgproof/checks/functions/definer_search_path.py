"""FUN109 definer-search-path."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.bodies import BodyTexts
from pgproof.model import Finding, Severity


@check(
    "FUN109",
    "definer-search-path",
    Severity.WARNING,
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
    "Writing SECURITY DEFINER Functions Safely").

    ## Fix
    `alter function … set search_path = ''` and qualify every name in the body, or
    `set search_path = public, pg_temp`.
    """
    for body in texts.items:
        if body.security_definer and not body.pins_search_path:
            yield Finding(
                body.name,
                "SECURITY DEFINER without a search_path of its own",
                location=texts.written[body.name].location if body.name in texts.written else None,
                fix=f"alter {body.name.kind} {body.name.spelled} set search_path = public, pg_temp;",
            )
