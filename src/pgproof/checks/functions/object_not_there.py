"""FUN102 object-not-there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pgproof.catalog.object import Catalog
from pgproof.checks.check import check
from pgproof.checks.functions.wording import body_of, finding, functions, said, severity
from pgproof.checks.migrations.hidden_definition import lacking_column
from pgproof.evidence.bodies import Bodies
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.bodies.lacks import Lacks, lacks
from pgproof.probes.bodies.proved import Defect, Proved

STATES = ("42P01", "42703", "42883", "42704", "3F000", "42P02")
_CONDITION = "unrecognized exception condition"
"""RAISE with an ERRCODE that is none: it raises another error than it says, which counts less."""
_OF_A_RELATION = " of relation "
SHOWN = 8
"""How many further functions are listed."""


@check(
    "FUN102",
    "object-not-there",
    Severity.ERROR,
    bad="""
create table report (id bigint primary key, state text not null);
create function close_report(p_id bigint) returns void language plpgsql as $$
begin
  update report set status = 'closed' where id = p_id;
end
$$;
""",
    ok="""
create table report (id bigint primary key, state text not null);
create function close_report(p_id bigint) returns void language plpgsql as $$
begin
  update report set state = 'closed' where id = p_id;
end
$$;
""",
)
def object_not_there(bodies: Bodies) -> Iterator[Finding]:
    """A function uses a table, column, function, operator or type that does not exist.

    ## Why
    PostgreSQL does not look at the statements in a PL/pgSQL body before they run, and it lets a table be renamed or
    dropped although functions use it. So a migration goes through, and the function fails in production. An object in a
    schema that is not on the function's own `search_path` does not exist for it either.

    ## Fix
    Correct the name or the arguments, qualify what lies in another schema (`extensions.gen_random_bytes(8)`), or drop
    the function when nothing calls it any more.
    """
    causes: defaultdict[Lacks, list[tuple[Proved, Defect]]] = defaultdict(list)
    for body in bodies.items:
        for defect in body.defects:
            if defect.sqlstate in STATES:
                causes[_cause(body, defect)].append((body, defect))
    for several in causes.values():
        several.sort(key=lambda one: (one[1].hidden, not one[1].certain, one[0].name, one[1].offset))
        body, first = several[0]
        same = [defect for other, defect in several if other.name == body.name]
        others = sorted({other.name for other, _ in several} - {body.name})
        made = finding(bodies, body, same, said)
        more = tuple(f"{name} uses it too" for name in others[:SHOWN])
        if first.message.startswith(_CONDITION):
            more = tuple(f"so does {said(other, one)} in {other.name}" for other, one in several[1 : SHOWN + 1])
        if len(others) > SHOWN:
            more += (f"so do {functions(others[SHOWN:])} more",)
        yield Finding(
            body.name,
            made.message,
            location=made.location,
            seen=made.seen,
            reproduce=made.reproduce,
            consequences=(*made.consequences, *more),
            severity=Severity.WARNING if first.message.startswith(_CONDITION) else severity(d for _, d in several),
            detail=f"{first.sqlstate} {first.message}",
            cause=_skipped_column(bodies.catalog, first),
            explains=frozenset(body_of(other.name) for other, _ in several),
        )


def _skipped_column(catalog: Catalog, defect: Defect) -> ObjectName | None:
    """Return the column, as a second definition of its table would have made it, that a defect misses."""
    missing = lacks(defect.sqlstate, defect.message)
    if missing is None or missing.kind != "column":
        return None
    relations = (missing.of,) if _OF_A_RELATION in defect.message else defect.relations
    tables = [one.name for one in catalog.of("table") if one.name.parts[1] in relations]
    return lacking_column(tables[0], missing.name) if len(tables) == 1 else None


def _cause(body: Proved, defect: Defect) -> Lacks:
    """Return what is missing; a column without a known table, or of a record, counts for its function alone."""
    missing = lacks(defect.sqlstate, defect.message)
    if defect.message.startswith(_CONDITION):
        return Lacks("condition", "")  # what is meant as a name of the project's own is a habit
    if missing is None or missing.kind not in ("column", "operator"):
        return missing or Lacks("", f"{body.name} {defect.message}")
    if not defect.relations or defect.message.startswith("record "):
        return Lacks("", f"{body.name} {defect.message}")
    named = missing.of in defect.relations and _OF_A_RELATION in defect.message
    return Lacks(missing.kind, missing.name, of=missing.of if named else " ".join(defect.relations))
