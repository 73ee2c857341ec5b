"""FUN107 hidden-parameter."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.bodies import BodyTexts
from pgproof.model import Finding, Severity


@check(
    "FUN107",
    "hidden-parameter",
    Severity.ERROR,
    bad="""
create table invoice (id bigint primary key, owner text not null);
create function invoice_owner(id bigint) returns text language sql stable as $$
  select owner from invoice where id = id
$$;
""",
    ok="""
create table invoice (id bigint primary key, owner text not null);
create function invoice_owner(id bigint) returns text language sql stable as $$
  select owner from invoice where invoice.id = invoice_owner.id
$$;
""",
)
def hidden_parameter(texts: BodyTexts) -> Iterator[Finding]:
    """A condition compares a column with itself, because a column hides the parameter of its name.

    ## Why
    In an SQL function a column wins over a parameter of the same name, without a word. The condition is true for every
    row, so that the function answers for, or changes, all of them.

    ## Fix
    Qualify the parameter with the function's name (`invoice_owner.id`), write `$1`, or name it otherwise (`p_id`).
    """
    for body in texts.items:
        for name, remark in {one.what: one for one in reversed(body.remarks) if one.kind == "hidden"}.items():
            yield Finding(
                body.name,
                f"the condition is true for every row: {name} is the column on both sides, not the parameter",
                location=texts.place(body, remark),
                fix=f"write {body.name.parts[1]}.{name} for the parameter",
                detail=name,
            )
