"""FUN103 type-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.functions.wording import one_a_function, said
from pgproof.evidence.bodies import Bodies
from pgproof.model import Finding, Severity

STATES = ("42804", "42846", "42P13", "22P02", "22007", "22008", "22003", "22001", "23514", "428C9", "22023")


@check(
    "FUN103",
    "type-mismatch",
    Severity.ERROR,
    bad="""
create table account (id bigint primary key, balance numeric not null);
create function balances() returns table (account bigint, amount text) language plpgsql as $$
begin
  return query select id, balance from account;
end
$$;
""",
    ok="""
create table account (id bigint primary key, balance numeric not null);
create function balances() returns table (account bigint, amount text) language plpgsql as $$
begin
  return query select id, balance::text from account;
end
$$;
""",
)
def type_mismatch(bodies: Bodies) -> Iterator[Finding]:
    """The types in a function do not fit: the rows that it returns, a value that it assigns, a literal that it writes.

    ## Why
    `RETURN QUERY` needs exactly the declared types, an enum or a date only takes its own spellings, and a generated
    column takes no value. PostgreSQL finds out when the statement runs.

    ## Fix
    Cast the column (`balance::text`), change the declared type, or correct the literal.
    """
    yield from one_a_function(bodies, STATES, said)
