"""How a single expression is parsed again, where its own place cannot be made a second time.

It becomes the body of a temporary SQL function, which is parsed when it is created (manual, CREATE FUNCTION,
`sql_body`), needs no right on the tables that it names, and is deparsed by `pg_get_function_sqlbody`.
"""

from __future__ import annotations

from collections.abc import Iterable

from pgproof.catalog.kind import Trial
from pgproof.catalog.names import qualified

_BODY = "pg_catalog.pg_get_function_sqlbody(pg_catalog.to_regprocedure('pg_temp.pgproof_trial()'))"
_BEFORE, _AFTER = "BEGIN ATOMIC\n SELECT ", " AS pgproof_trial"


def of_row(relation: Iterable[str], expression: str) -> Trial:
    """Try an expression over the columns of a relation, such as that of a generated column."""
    return _expression(expression, f" from {qualified(relation)}")


def of_value(expression: str) -> Trial:
    """Try an expression that mentions no column: a default."""
    return _expression(expression, "")


def of_domain(type_name: str, expression: str) -> Trial:
    """Try a domain's check, which says VALUE; `type_name` is the domain's base type as SQL writes it."""
    return _expression(expression, f" from (select null::{type_name} as value) of_domain")


def _expression(expression: str, source: str) -> Trial:
    """Return a trial that reads the expression alone, so that what it gives can be tried once more."""
    start, end = len(_BEFORE) + 1, f"pg_catalog.strpos(body, '{_AFTER}') - {len(_BEFORE) + 1}"
    return Trial(
        (_function(f"select {expression} as pgproof_trial{source}"),),
        f"select pg_catalog.substr(body, {start}, {end}) from (select {_BODY} as body) trial",
    )


def _function(query: str) -> str:
    return f"create function pg_temp.pgproof_trial() returns void language sql begin atomic\n{query};\nend"
