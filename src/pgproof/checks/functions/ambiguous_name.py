"""FUN101 ambiguous-name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pgproof.catalog.object import Catalog
from pgproof.checks.check import check
from pgproof.checks.functions.wording import one_a_function, said
from pgproof.evidence.bodies import Bodies
from pgproof.model import Finding, Severity
from pgproof.probes.bodies.proved import Defect, Proved

_PROVED = "the first is proved: the server takes it, and its trial finds nothing"
_COLUMN = re.compile(r'column reference "(.+)" is ambiguous')


@check(
    "FUN101",
    "ambiguous-name",
    Severity.ERROR,
    bad="""
create table job (id bigint primary key, status text not null);
create function claim_job() returns table (id bigint, status text) language plpgsql as $$
begin
  return query update job set status = 'claimed'
  where job.id = (select j.id from job j where status = 'pending' limit 1 for update skip locked)
  returning job.id, job.status;
end
$$;
""",
    ok="""
create table job (id bigint primary key, status text not null);
create function claim_job() returns table (id bigint, status text) language plpgsql as $$
begin
  return query update job set status = 'claimed'
  where job.id = (select j.id from job j where j.status = 'pending' limit 1 for update skip locked)
  returning job.id, job.status;
end
$$;
""",
)
def ambiguous_name(bodies: Bodies) -> Iterator[Finding]:
    """A name in a function may be a variable or a column, or one of several columns or functions.

    ## Why
    PostgreSQL looks names up when a statement first runs, not when the function is created. It does not guess: the
    statement fails with 42702 whatever the data is. The columns of `RETURNS TABLE (…)` and OUT arguments are variables
    too, and they often have the names of the table's columns.

    ## Fix
    Qualify the column with its table or an alias (`job.status`), or name variables otherwise (`p_status`). Where the
    variable is a column of the result that nothing is assigned to, `#variable_conflict use_column` as the first line of
    the body says that the column is meant; it is proposed only when a copy of the function was tried with it.
    """
    repaired: dict[object, str] = {body.name: defect.repair for body in bodies.items for defect in body.defects}

    def told(body: Proved, defect: Defect) -> str:
        column = _COLUMN.fullmatch(defect.message)
        if not column or "variable" not in defect.detail:
            return said(body, defect)
        tables = _with_column(bodies.catalog, defect.relations, column[1])
        of = " or ".join(tables) or "a table"
        return f"{said(body, defect)}: variable of the function, or column of {of}"

    for one in one_a_function(bodies, ("42702", "42725"), told, fix="qualify the name with its table or alias"):
        repair = repaired.get(one.subject)
        yield replace(one, fix=f"{repair} as the first line of the body, or {one.fix}  ({_PROVED})") if repair else one


def _with_column(catalog: Catalog, relations: tuple[str, ...], column: str) -> list[str]:
    names = {
        thing.name.parts[1]
        for thing in catalog.of("column")
        if thing.name.parts[2] == column and thing.name.parts[1] in relations
    }
    return sorted(names)
