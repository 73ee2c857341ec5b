"""FUN105 write-in-stable-function."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.bodies import BodyTexts
from pgproof.model import Finding, Severity


@check(
    "FUN105",
    "write-in-stable-function",
    Severity.ERROR,
    bad="""
create table visit (page text not null);
create function page_title(p_page text) returns text language plpgsql stable as $$
begin
  insert into visit (page) values (p_page);
  return initcap(p_page);
end
$$;
""",
    ok="""
create table visit (page text not null);
create function page_title(p_page text) returns text language plpgsql as $$
begin
  insert into visit (page) values (p_page);
  return initcap(p_page);
end
$$;
""",
)
def write_in_stable_function(texts: BodyTexts) -> Iterator[Finding]:
    """A function that is declared STABLE or IMMUTABLE writes, or locks rows.

    ## Why
    PostgreSQL refuses such a statement at run time (0A000). Declared so by mistake, often to let an API call it with
    GET, the function fails whenever it comes to the statement.

    ## Fix
    Declare the function VOLATILE (`alter function … volatile`), or leave the write to another one.
    """
    for body in texts.items:
        found = [remark for remark in body.remarks if remark.kind == "write"]
        if found:
            first = min(found, key=lambda remark: (not remark.certain, remark.offset))
            when = "on every call" if first.certain else "when it is reached"
            yield Finding(
                body.name,
                f"{first.what} (0A000): fails {when}",
                location=texts.place(body, first),
                consequences=tuple(
                    f"{texts.place(body, one) or body.name}: {one.what}" for one in found if one != first
                ),
                fix=f"alter function {body.name.spelled} volatile;",
            )
