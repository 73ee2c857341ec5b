"""BEH106 sequence-is-behind."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Writes
from pgproof.model import Finding, ObjectName, Severity
from pgproof.model.name import quoted

FEW = 3
"""More columns than these are a habit, and one finding."""
SAID = "the sequence gives keys that rows of the migrations have already"
SEEN = "executed on the replay: an insert that leaves the key out is refused (23505)"
_FIX = "select setval(pg_get_serial_sequence('{text}', '{name}'), (select max({column}) from {table}));"


@check(
    "BEH106",
    "sequence-is-behind",
    Severity.ERROR,
    bad="""
create table plan (id serial primary key, name text not null);
insert into plan (id, name) values (1, 'free'), (2, 'team');
""",
    ok="""
create table plan (id serial primary key, name text not null);
insert into plan (name) values ('free'), ('team');
""",
)
def sequence_is_behind(writes: Writes) -> Iterator[Finding]:
    """The migrations insert rows with keys that the column's sequence will give again.

    ## Why
    The first rows that the application inserts fail with a duplicate key, as many as the migrations have inserted.

    ## Fix
    Leave the key out when rows are inserted, or move the sequence behind them.
    """
    if len(writes.behind) > FEW:
        yield _habit(writes)
        return
    for name in writes.behind:
        yield Finding(name, SAID, location=writes.doubts.origin(name), seen=(SEEN,), fix=_fix(name))


def _habit(writes: Writes) -> Finding:
    """Return one finding for all columns: whoever wrote the rows did so for all tables."""
    first = writes.behind[0]
    return Finding(
        ObjectName("schema", first.parts[:1]),
        f"the sequences of {len(writes.behind)} columns give keys that rows of the migrations have already",
        location=writes.doubts.origin(first),
        seen=(SEEN,),
        fix="\n".join(map(_fix, writes.behind)),
        consequences=tuple(str(name) for name in writes.behind),
    )


def _fix(name: ObjectName) -> str:
    table = ".".join(map(quoted, name.parts[:2]))
    column = name.parts[2]
    return _FIX.format(
        table=table, text=table.replace("'", "''"), name=column.replace("'", "''"), column=quoted(column)
    )
