"""BEH106 sequence-is-behind."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Writes
from pgproof.model import Finding, Severity
from pgproof.model.name import quoted

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
    for name in writes.behind:
        table = ".".join(map(quoted, name.parts[:2]))
        column = name.parts[2]
        yield Finding(
            name,
            "the sequence gives keys that rows of the migrations have already",
            location=writes.doubts.origin(name),
            seen=("executed on the replay: an insert that leaves the key out is refused (23505)",),
            fix=_FIX.format(
                table=table, text=table.replace("'", "''"), name=column.replace("'", "''"), column=quoted(column)
            ),
        )
