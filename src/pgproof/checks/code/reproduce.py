"""SQL that shows what a finding says."""

from __future__ import annotations

from collections.abc import Sequence

from pgproof.catalog.names import qualified
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal

_ROWS = "select from {} limit 0;"
_COLUMN = "select {} from {} limit 0;"
_FUNCTIONS = "select oid::pg_catalog.regprocedure, proargnames from pg_catalog.pg_proc where proname = {};"
_RESULT = "select pg_catalog.pg_get_function_result({}::pg_catalog.regprocedure);"
_ATTRIBUTE = (
    "select atttypid::pg_catalog.regtype, attnotnull, atthasdef, attidentity, attgenerated"
    " from pg_catalog.pg_attribute where attrelid = {}::pg_catalog.regclass and attname = {};"
)
_FOREIGN_KEYS = (
    "select conrelid::pg_catalog.regclass, conname, pg_catalog.pg_get_constraintdef(oid)"
    " from pg_catalog.pg_constraint where contype = 'f' and {}::pg_catalog.regclass in (conrelid, confrelid);"
)
_CHECKS = (
    "select conname, pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint"
    " where contype = 'c' and conrelid = {}::pg_catalog.regclass;"
)
_INDEXES = (
    "select pg_catalog.pg_get_indexdef(indexrelid) from pg_catalog.pg_index"
    " where indisunique and indrelid = {}::pg_catalog.regclass;"
)
_VALUE = "select from {} where {} = {};"


def relation(name: ObjectName) -> str:
    """Return a query that fails when there is no such relation."""
    return _ROWS.format(qualified(name.parts))


def column(name: ObjectName) -> str:
    """Return a query that fails when there is no such column; of a function, one that shows what it returns."""
    if name.kind == "function":
        return _RESULT.format(literal(str(name)))
    return _COLUMN.format(identifier(name.parts[-1]), qualified(name.parts[:-1]))


def functions(name: str) -> str:
    """Return a query for all functions of a name."""
    return _FUNCTIONS.format(literal(name))


def attribute(name: ObjectName) -> str:
    """Return a query for what a column is."""
    return _ATTRIBUTE.format(_regclass(name.parts[:-1]), literal(name.parts[-1]))


def foreign_keys(name: ObjectName) -> str:
    """Return a query for the foreign keys from and to a table."""
    return _FOREIGN_KEYS.format(_regclass(name.parts))


def checks(name: ObjectName) -> str:
    """Return a query for the CHECK constraints of a column's table."""
    return _CHECKS.format(_regclass(name.parts[:-1]))


def unique_indexes(name: ObjectName) -> str:
    """Return a query for the unique indexes of a table."""
    return _INDEXES.format(_regclass(name.parts))


def value(name: ObjectName, text: str) -> str:
    """Return a query that fails when a column can have no such value."""
    return _VALUE.format(qualified(name.parts[:-1]), identifier(name.parts[-1]), literal(text))


def _regclass(parts: Sequence[str]) -> str:
    return literal(qualified(parts))
