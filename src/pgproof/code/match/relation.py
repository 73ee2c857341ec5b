"""Tables, views and functions as the matching sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgproof.model import ObjectName


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `filled`: the server has a value when none is given: a default, an identity, an expression."""

    name: str
    type: str
    not_null: bool = False
    filled: bool = False
    generated: bool = False
    always_identity: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key: its columns, and those that it references in (schema, table)."""

    name: str
    table: tuple[str, str]
    columns: tuple[str, ...]
    references: tuple[str, str]
    referenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view, materialized view or foreign table.

    `unique` are the sets of columns that `on conflict` can name; `None` when one of the indexes could not be read.
    `checks` are the definitions of CHECK constraints by name. `before` are for `INSERT` and `UPDATE` the columns that
    triggers may set beforehand, `*` for any.
    """

    name: ObjectName
    columns: Mapping[str, Column]
    primary_key: frozenset[str] = frozenset()
    unique: frozenset[frozenset[str]] | None = frozenset()
    checks: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def set_before(self, event: str, column: str) -> bool:
        """Say whether a trigger may set a column before `INSERT` or `UPDATE`."""
        return not self.before.get(event, frozenset()).isdisjoint({"*", column})

    @property
    def is_table(self) -> bool:
        """Whether rows are kept in it, so that its columns say all that there is to know."""
        return self.name.kind == "table"

    def column(self, name: str) -> ObjectName:
        """Return the name of a column, which need not exist; the columns of a function's result have none."""
        if self.name.kind == "function":
            return self.name
        return ObjectName("column", (*self.name.parts, name))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter that is given: its name (`""`: it has none), its type, whether it may be left out."""

    name: str
    type: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """A function: what it takes, and what it returns (as `pg_get_function_result` writes it).

    `out` are the columns of its result that its parameters name.
    """

    name: ObjectName
    parameters: tuple[Parameter, ...]
    result: str
    out: tuple[str, ...] = ()
