"""What each column of a row may hold, given the rows that there are to refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.referring import Stored, agrees, overlapping, references
from pgproof.probes.rows.solving import Slot
from pgproof.probes.rows.table import Table


def slots(
    table: Table, given: Row, options: Mapping[str, Sequence[str]], stored: Stored, behind: str = ""
) -> Iterator[Slot]:
    """Yield the slots of a table: foreign keys that share columns together, every other column alone.

    `given` are values that are fixed, `options` the candidates of each column. A column's default comes first, then
    explicit values, then NULL; the column `behind`, whose sequence repeats keys, gets explicit values in its place.
    """
    joined: set[str] = set()
    for columns, keys in overlapping(table):
        joined |= set(columns)
        choices = [row for row in references(table, keys, stored) if agrees(row, given)]
        known = {name: value for name, value in given.items() if name in columns}
        if not choices and known:
            choices = [{**dict.fromkeys(columns), **known}]
        yield Slot(columns, tuple(choices))
    for column in table.filled:
        if column.name in joined:
            continue
        if column.name in given:
            yield Slot((column.name,), ({column.name: given[column.name]},))
            continue
        draws = column.draws and column.name != behind
        default: list[Row] = [{}] if draws or (column.default is not None and not column.draws) else []
        explicit = [] if draws else [{column.name: one} for one in options[column.name]]
        null: list[Row] = [] if column.not_null else [{column.name: None}]
        yield Slot((column.name,), (*default, *explicit, *null))
