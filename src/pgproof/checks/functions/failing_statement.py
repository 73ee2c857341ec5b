"""FUN106 failing-statement."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.functions.object_not_there import STATES as NOT_THERE
from pgproof.checks.functions.type_mismatch import STATES as TYPES
from pgproof.checks.functions.wording import one_a_function, said
from pgproof.evidence.bodies import Bodies
from pgproof.model import Finding, Severity


@check(
    "FUN106",
    "failing-statement",
    Severity.ERROR,
    bad="""
create table setting (id bigint primary key, name text not null, value text);
create function set_setting(p_name text, p_value text) returns void language plpgsql as $$
begin
  insert into setting (id, name, value) values (1, p_name, p_value) on conflict (name) do update set value = p_value;
end
$$;
""",
    ok="""
create table setting (id bigint primary key, name text not null unique, value text);
create function set_setting(p_name text, p_value text) returns void language plpgsql as $$
begin
  insert into setting (id, name, value) values (1, p_name, p_value) on conflict (name) do update set value = p_value;
end
$$;
""",
)
def failing_statement(bodies: Bodies) -> Iterator[Finding]:
    """A statement in a function cannot run at all, whatever the data is.

    ## Why
    PostgreSQL looks at the statements of a body when they run: a GROUP BY that lacks a column, an ON CONFLICT without
    a matching unique index, a COMMIT in a function, a VACUUM, a template that format() does not know all wait for the
    first call.

    ## Fix
    Correct the statement as the message says; the SQLSTATE is explained in PostgreSQL's manual, appendix A.
    """
    others = {defect.sqlstate for body in bodies.items for defect in body.defects}
    states = sorted(others - {"42702", "42725", *NOT_THERE, *TYPES})
    yield from one_a_function(bodies, states, said)
