"""Rows that are written: columns that must be given, that must not be, and the conflict that an upsert names."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.code.match.mismatch import Kind, Mismatch
from pgproof.code.match.relation import Column, Relation
from pgproof.code.match.schema import Schema
from pgproof.code.usage import Action, Clause, ColumnUse, TableUse

_NOT_NULL, _GENERATED, _NO_CONSTRAINT = "23502", "428C9", "42P10"


def match_write(schema: Schema, relation: Relation, use: TableUse) -> Iterator[Mismatch]:
    """Yield what makes the server refuse every row of a write. Of views nobody knows what their triggers do."""
    if use.action in (Action.SELECT, Action.DELETE) or not relation.is_table or not schema.is_certain(relation):
        return
    written = [column for column in use.columns if column.clause is Clause.VALUES]
    # A row of which only a type says the keys may have others.
    if use.action is not Action.UPDATE and use.whole and not all(column.typed for column in written):
        yield from _omitted(schema, relation, use, {column.column for column in written})
    for named in (one for one in written if one.column in use.always):
        if column := relation.columns.get(named.column):
            yield from _refused(relation, column, named, use)
    if use.action is Action.UPSERT:
        yield from _conflict(relation, use)


def _omitted(schema: Schema, relation: Relation, use: TableUse, written: set[str]) -> Iterator[Mismatch]:
    for column in relation.columns.values():
        if not column.not_null or column.filled or column.generated or column.name in written:
            continue
        if relation.set_before("INSERT", column.name) or _domain_default(schema, column):
            continue
        if column.name in use.asked:  # the rows may well be of a kind that has it, or none
            continue
        reason = f"{column.name} is NOT NULL and has no default"
        yield Mismatch(Kind.OMITTED, relation.column(column.name), use.location, use, _NOT_NULL, reason=reason)


def _domain_default(schema: Schema, column: Column) -> bool:
    domain = schema.domain(column.type)
    return domain is not None and domain.attributes["default"] is not None


def _refused(relation: Relation, column: Column, named: ColumnUse, use: TableUse) -> Iterator[Mismatch]:
    name = relation.column(column.name)
    if column.generated:
        reason = f"{column.name} is generated: the server computes it"
        yield Mismatch(Kind.GENERATED, name, named.location, use, _GENERATED, reason=reason)
    elif column.always_identity:
        reason = f"{column.name} is GENERATED ALWAYS AS IDENTITY: the server numbers it"
        yield Mismatch(Kind.GENERATED, name, named.location, use, _GENERATED, reason=reason)


def _conflict(relation: Relation, use: TableUse) -> Iterator[Mismatch]:
    named = [column for column in use.columns if column.clause is Clause.ON_CONFLICT]
    columns = frozenset(column.column for column in named)
    if not named or relation.unique is None or columns in relation.unique or not columns <= relation.columns.keys():
        return
    listed = ", ".join(sorted(columns))
    near = tuple(sorted(", ".join(sorted(one)) for one in relation.unique))
    reason = f"no unique constraint or index of {relation.name.parts[1]} has exactly the columns ({listed})"
    yield Mismatch(Kind.CONFLICT, relation.name, named[0].location, use, _NO_CONSTRAINT, listed, reason, near)
