"""FUN108 unquoted-dynamic-sql."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.bodies import BodyTexts
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.bodies.proved import Proved

FEW = 3
"""More of one schema than these are a habit, and one finding."""


@check(
    "FUN108",
    "unquoted-dynamic-sql",
    Severity.WARNING,
    bad="""
create table customer (id bigint primary key, name text not null);
create function find_customer(p_name text) returns setof customer language plpgsql security definer as $$
begin
  return query execute 'select * from customer where name = ''' || p_name || '''';
end
$$;
""",
    ok="""
create table customer (id bigint primary key, name text not null);
create function find_customer(p_name text) returns setof customer language plpgsql security definer as $$
begin
  return query execute 'select * from customer where name = $1' using p_name;
end
$$;
create function count_rows(p_table text) returns bigint language plpgsql as $$
declare counted bigint;
begin
  execute 'select count(*) from ' || p_table into counted;
  return counted;
end
$$;
""",
)
def unquoted_dynamic_sql(texts: BodyTexts) -> Iterator[Finding]:
    """A dynamic command holds a parameter's text as it is, so that who calls the function writes SQL.

    ## Why
    `'…' || p_name` and `format('%s', p_name)` put whatever the caller sends into the command. With SECURITY DEFINER it
    runs with the rights of the function's owner; who comes through an API could not write SQL otherwise. A function
    that runs with its caller's rights, and that no API reaches, gives nobody anything: it is not told.

    ## Fix
    Pass values with `USING` (`$1`), names with `format('%I', …)`, literals with `format('%L', …)`.
    """
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for body in texts.items:
        if body.name in texts.exposed:
            found[body.name.schema].extend(_of_one(texts, body))
    for schema, several in found.items():
        yield from [_habit(schema, several)] if len(several) > FEW else several


def _of_one(texts: BodyTexts, body: Proved) -> Iterator[Finding]:
    for name, remark in {one.what: one for one in reversed(body.remarks) if one.kind == "unquoted"}.items():
        rights = ", with the rights of its owner" if body.security_definer else ""
        yield Finding(
            body.name,
            f"the text of {name} becomes part of a command{rights}",
            location=texts.place(body, remark),
            fix=_FIX,
            detail=name,
        )


def _habit(schema: str, several: list[Finding]) -> Finding:
    """Return one finding for all functions of a schema."""
    return Finding(
        ObjectName("schema", (schema,)),
        f"{len(several)} times the text of a parameter becomes part of a command",
        location=several[0].location,
        fix=_FIX,
        consequences=tuple(f"{one.subject}: {one.message}" for one in several),
    )


_FIX = "pass a value with USING, a name with format('%I', …)"
