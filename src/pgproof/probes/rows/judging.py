"""The server's judgement of proposed values and rows: what a type accepts, which conditions a row meets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from json import dumps

import psycopg

from pgproof.probes.rows.table import Check, Column, Table
from pgproof.probes.session import Session
from pgproof.sql.quote import identifier

Row = Mapping[str, str | None]
"""Values by column, as text; a column that is not in it takes its default."""

Verdict = bool | None
"""Whether a row meets a condition (NULL counts as met); `None` when the condition raised an error on it."""

MAKE_FUNCTION = """
create or replace function pg_temp.pgproof_value(type text, value text) returns text language plpgsql as $body$
declare
  made text;
begin
  execute pg_catalog.format('select ($1::%s)::text', type) into made using value;
  return made;
exception when others then
  return null;
end $body$
"""
_VALUES = """
select u.n, pg_temp.pgproof_value(u.type, u.value)
from rows from (pg_catalog.unnest($1::int[]), pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[]))
  u (n, type, value)
order by u.n
"""
_QUERIES_FOR_ERRORS = 60
"""How many queries may go into finding the rows on which a condition raises an error."""
_MOST_QUERIES = 600
"""The same for all conditions of a table together: dozens of them share what there is."""


class Judge:
    """Asks the server, and remembers what types accept."""

    def __init__(self, session: Session) -> None:
        """Take a session of a role that may make functions in `pg_temp`."""
        self._session = session
        self._known: dict[tuple[str, str], str | None] = {}
        self._backend: object = None

    def canonical(self, wanted: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        """Return, for each type, the candidates that it accepts, as it writes them, each once, in their order.

        A length or a precision cuts or rounds them, and a domain's constraints refuse some.
        """
        asked = [(t, v) for t, values in wanted.items() for v in values]
        unknown = list(dict.fromkeys(pair for pair in asked if pair not in self._known))
        if unknown:
            self._ask(unknown)
        accepted: dict[str, dict[str, None]] = {type_: {} for type_ in wanted}
        for type_, value in asked:
            if (made := self._known[type_, value]) is not None:
                accepted[type_][made] = None
        return {type_: list(values) for type_, values in accepted.items()}

    def verdicts(self, table: Table, checks: Sequence[Check], rows: Sequence[Row]) -> list[list[Verdict]]:
        """Return, for each row, whether it meets each of the conditions."""
        if not rows or not checks:
            return [[] for _ in rows]
        budget = [min(_QUERIES_FOR_ERRORS * len(checks), _MOST_QUERIES)]
        return self._verdicts(table, checks, rows, budget)

    def _ask(self, pairs: list[tuple[str, str]]) -> None:
        if self._backend is not self._session.connection:  # pg_temp is the connection's own
            self._session.rows(MAKE_FUNCTION)
            self._backend = self._session.connection
        parameters = [list(range(len(pairs))), [t for t, _ in pairs], [v for _, v in pairs]]
        try:
            made = self._session.rows(_VALUES, parameters)
        except psycopg.Error:  # a domain's condition took too long
            if len(pairs) == 1:
                self._known[pairs[0]] = None
                return
            self._ask(pairs[: len(pairs) // 2])
            self._ask(pairs[len(pairs) // 2 :])
            return
        for number, value in made:
            self._known[pairs[number]] = value

    def _verdicts(
        self, table: Table, checks: Sequence[Check], rows: Sequence[Row], budget: list[int]
    ) -> list[list[Verdict]]:
        if budget[0] <= 0:
            return [[None] * len(checks) for _ in rows]
        budget[0] -= 1
        try:
            answers = self._session.rows(*_query(table, checks, rows))
        except psycopg.Error:
            if len(checks) > 1:
                share = max(budget[0] // len(checks), 1)
                apart = [self._verdicts(table, [check], rows, [share]) for check in checks]
                return [[of_check[n][0] for of_check in apart] for n in range(len(rows))]
            if len(rows) == 1:
                return [[None]]
            half = len(rows) // 2
            return self._verdicts(table, checks, rows[:half], budget) + self._verdicts(
                table, checks, rows[half:], budget
            )
        return [[verdict is not False for verdict in verdicts] for _, *verdicts in answers]


def _query(table: Table, checks: Sequence[Check], rows: Sequence[Row]) -> tuple[str, list[object]]:
    """Return the query that evaluates conditions on rows that are in no table.

    The values of a column come as one JSON text: PostgreSQL's arrays are written much more slowly.
    """
    names = needed(table, checks)
    parameters: list[object] = [list(range(len(rows)))]
    sources, aliases, expressions = ["pg_catalog.unnest($1::int[])"], ["pgproof_n"], ["r.pgproof_n"]
    for number, name in enumerate(names):
        column = table.columns[name]
        if column.generated:
            continue
        parameters.append(dumps([row.get(name) for row in rows], ensure_ascii=False))
        sources.append(f"pg_catalog.json_array_elements_text(${len(parameters)}::json)")
        aliases.append(f"v{number}")
        value = f"r.v{number}::{column.type}"
        if any(name not in row for row in rows):
            parameters.append([name not in row for row in rows])
            sources.append(f"pg_catalog.unnest(${len(parameters)}::bool[])")
            aliases.append(f"d{number}")
            value = f"case when r.d{number} then {_default(column)} else {value} end"
        expressions.append(f"{value} as {identifier(name)}")
    source = f"rows from ({', '.join(sources)}) as r ({', '.join(aliases)})"
    alias = identifier(table.name[1])
    inner = f"select {', '.join(expressions)} from {source}"
    generated = [table.columns[name] for name in names if table.columns[name].generated]
    if generated:
        made = ", ".join(f"({column.default})::{column.type} as {identifier(column.name)}" for column in generated)
        inner = f"select *, {made} from ({inner}) as {alias}"
    asked = ", ".join(f"({check.expression})::bool" for check in checks)
    return f"select pgproof_n, {asked} from ({inner}) as {alias} order by pgproof_n", parameters


def needed(table: Table, checks: Iterable[Check]) -> list[str]:
    """Return the columns that conditions depend on, also through generated columns."""
    from pgproof.probes.rows.expression import columns_in, parse_expression

    found: dict[str, None] = {}
    waiting = [name for check in checks for name in check.columns]
    while waiting:
        name = waiting.pop(0)
        if name in found or name not in table.columns:
            continue
        found[name] = None
        column = table.columns[name]
        if column.generated and column.default:
            waiting += columns_in(parse_expression(column.default))
    return list(found)


def _default(column: Column) -> str:
    if column.draws or column.default is None:  # a sequence is not asked only to try
        return f"null::{column.type}"
    return f"({column.default})::{column.type}"
