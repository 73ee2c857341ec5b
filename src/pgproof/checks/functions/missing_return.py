"""FUN104 missing-return."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.bodies import BodyTexts
from pgproof.model import Finding, Severity


@check(
    "FUN104",
    "missing-return",
    Severity.ERROR,
    bad="""
create function fee(amount numeric) returns numeric language plpgsql as $$
declare
  result numeric;
begin
  result := amount * 0.02;
end
$$;
""",
    ok="""
create function fee(amount numeric) returns numeric language plpgsql as $$
declare
  result numeric;
begin
  result := amount * 0.02;
  return result;
end
$$;
""",
)
def missing_return(texts: BodyTexts) -> Iterator[Finding]:
    """A function or trigger function has no RETURN on any way to its end.

    ## Why
    The body is created without complaint. Each call that comes to the end fails with 2F005, `control reached end of
    function without RETURN`; a trigger function then refuses every row.

    ## Fix
    Return the result; in a trigger function `return new`, `return old` or, in an AFTER trigger, `return null`.
    """
    for body in texts.items:
        for remark in body.remarks:
            if remark.kind == "no return":
                yield Finding(
                    body.name,
                    f"{remark.what} (2F005): fails on every call that comes to its end",
                    location=texts.place(body, remark),
                    fix="return a value",
                )
