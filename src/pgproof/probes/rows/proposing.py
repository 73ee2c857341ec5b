"""Candidates for every column of every table: what its type, its conditions and its triggers suggest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pgproof.probes.rows.expression import parse_expression
from pgproof.probes.rows.hints import Hints, hints_of
from pgproof.probes.rows.judging import Judge
from pgproof.probes.rows.table import Table, TableName
from pgproof.probes.rows.values import Values

_FRESH = 4
"""How many values that no list holds a column of a key gets."""

TriggerHints = Mapping[TableName, Mapping[str, Hints]]


def propose(
    tables: Mapping[TableName, Table],
    bounds: Mapping[TableName, str],
    of_triggers: TriggerHints,
    values: Values,
    judge: Judge,
) -> dict[TableName, dict[str, list[str]]]:
    """Return, by table and column, candidates that the column's type accepts, the preferred one first."""
    proposed: dict[TableName, dict[str, list[str]]] = {}
    by_type: dict[str, list[str]] = defaultdict(list)
    for name, table in tables.items():
        hints = _hints(table, bounds, values)
        keys = {column for key in table.keys for column in key.columns}
        proposed[name] = {}
        for column in table.filled:
            wanted = hints[column.name]
            wanted.add(of_triggers.get(name, {}).get(column.name, Hints()))
            candidates = values.candidates(column.type, wanted)
            if column.name in keys:
                made = (values.fresh(column.type, f"{name} {column.name} {n}") for n in range(_FRESH))
                candidates += [one for one in made if one]
            proposed[name][column.name] = candidates
            by_type[column.type] += candidates
    judge.canonical(by_type)  # all at once; below, the answers are known
    return {
        name: {
            column: judge.canonical({(type_ := tables[name].columns[column].type): candidates})[type_]
            for column, candidates in of_table.items()
        }
        for name, of_table in proposed.items()
    }


def _hints(table: Table, bounds: Mapping[TableName, str], values: Values) -> dict[str, Hints]:
    texts = [check.expression for check in table.checks]
    texts += [key.predicate for key in table.keys if key.predicate]
    texts += [bounds[leaf] for leaf in table.partitions if leaf in bounds]
    found: dict[str, Hints] = defaultdict(Hints)
    for text in texts:
        for column, hints in hints_of(parse_expression(text), values.bodies).items():
            found[column].add(hints)
    return found
