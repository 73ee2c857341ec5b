"""One call on a table, looked for in the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgproof.code.match.embeds import AMBIGUOUS, NO_RELATIONSHIP, Found, explain, follow
from pgproof.code.match.mismatch import Kind, Mismatch, Unsure
from pgproof.code.match.relation import Column, Relation
from pgproof.code.match.schema import RELATIONS, Answer, Schema
from pgproof.code.match.values import Impossible, impossible, is_no_document, no_pattern
from pgproof.code.match.writes import match_write
from pgproof.code.usage import Action, Call, Clause, ColumnUse, Embed, Literal, TableUse
from pgproof.model import Location, ObjectName

Matched = Iterator[Mismatch | Unsure]

DEFAULT_SCHEMA = "public"
"""What a client shows its requests to when the code names no schema."""

_SHOWN = 2
"""How many reasons of a place are told."""
_NOT_EMBEDDED = "PGRST108"
_NOT_COMPARED = frozenset({"cs", "cd", "ov", "sl", "sr", "nxl", "nxr", "adj", "fts", "plfts", "phfts", "wfts"})
_OF_KEYS = ("_id", "_by", "_uuid")
"""How columns of foreign keys end, and tables do not."""
_WRITES = {
    Action.INSERT: ("INSERT",),
    Action.UPSERT: ("INSERT", "UPDATE"),
    Action.UPDATE: ("UPDATE",),
}


def match_table(schema: Schema, use: TableUse) -> Matched:
    """Yield where a call and the schema disagree, and where nobody can know."""
    if use.schema is None or not any(map(str.isalnum, use.table)):
        return  # `from("_")` names no table: something is to be asked, whatever it is
    of = use.schema or DEFAULT_SCHEMA
    relation = schema.relation(of, use.table)
    name = ObjectName("table", (of, use.table))
    if relation is Answer.UNKNOWN:
        yield Unsure(name, use.location)
    elif relation is Answer.MISSING:
        near = schema.names(of, *RELATIONS)
        yield Mismatch(Kind.TABLE, name, use.location, use, "PGRST205", near=tuple(sorted(near)))
    elif isinstance(relation, Relation):
        yield from match_row(schema, relation, use)
        yield from match_write(schema, relation, use)


def match_row(schema: Schema, relation: Relation, use: TableUse | Call) -> Matched:
    """Yield what of the columns and embedded relations of a row is wrong."""
    embedded: dict[tuple[str, ...], Found | Relation] = {(): relation}
    for embed in sorted(use.embeds, key=lambda embed: len(embed.path)):
        yield from _embed(schema, embedded, embed, use)
    for column in use.columns:
        of = embedded.get(column.relation)
        if isinstance(of, Relation) and _is_of_another(schema, embedded, of, column, use):
            yield Unsure(of.column(column.column), column.location)
        elif isinstance(of, Relation):
            yield from _column(schema, of, column, use)
        elif of is None and isinstance(embedded.get(column.relation[:-1]), Relation) and _all_read(use):
            detail = ".".join(column.relation)
            reason = f"{detail} is filtered or ordered by, and not embedded in the select"
            yield Mismatch(Kind.RELATIONSHIP, relation.name, column.location, use, _NOT_EMBEDDED, detail, reason)


def _is_of_another(
    schema: Schema,
    embedded: Mapping[tuple[str, ...], Found | Relation],
    of: Relation,
    named: ColumnUse,
    use: TableUse | Call,
) -> bool:
    """Whether a relation lacks a column that the same words name for another one too, which may have it.

    Relation and column are chosen together then: `${table}(${table === "visits" ? "doctor_id" : "nurse_id"})`.
    """
    if not named.chosen or named.column in of.columns:
        return False
    same = (one for one in use.columns if one.location == named.location and one.column == named.column)
    others = (embedded.get(one.relation) for one in same if one.relation != named.relation)
    return any(
        not isinstance(one, Relation) or schema.column(one, named.column) is not Answer.MISSING for one in others
    )


def _all_read(use: TableUse | Call) -> bool:
    return not any(unread.what == "select" for unread in use.unread)


def _embed(
    schema: Schema, embedded: dict[tuple[str, ...], Found | Relation], embed: Embed, use: TableUse | Call
) -> Matched:
    origin = embedded.get(embed.path)
    found = follow(schema, origin, embed) if isinstance(origin, Relation) else Found()
    for called in {embed.relation, embed.alias} - {""}:
        path = (*embed.path, called)
        led = found.relation or found
        if path in embedded and embedded[path] != led:
            led = Found()  # two relations of one name: a filter may mean either
        embedded[path] = led
    if isinstance(origin, Relation) and found.code:
        yield _no_way(schema, origin, embed, found, use)


def _no_way(schema: Schema, origin: Relation, embed: Embed, found: Found, use: TableUse | Call) -> Mismatch:
    of, target = origin.name.schema, embed.relation
    is_column = target in origin.columns or target.endswith(_OF_KEYS)  # of a foreign key, not there (any more)
    if found.code == NO_RELATIONSHIP and not is_column and schema.relation(of, target) is Answer.MISSING:
        near = tuple(sorted({way.target[1] for way in found.ways} or schema.names(of, *RELATIONS)))
        reason = f"embedded in {origin.name.parts[1]}"
        return Mismatch(
            Kind.TABLE, ObjectName("table", (of, target)), embed.location, use, found.code, "", reason, near
        )
    reason, near = explain(schema, origin.name, embed, found)
    detail = f"{embed.relation}!{embed.hint}" if embed.hint else embed.relation
    detail += " (ambiguous)" if found.code == AMBIGUOUS else ""
    return Mismatch(Kind.RELATIONSHIP, origin.name, embed.location, use, found.code, detail, reason, near)


def _column(schema: Schema, relation: Relation, named: ColumnUse, use: TableUse | Call) -> Matched:
    column = schema.column(relation, named.column)
    name = relation.column(named.column)
    if column is Answer.UNKNOWN or (column is Answer.MISSING and named.typed):
        yield Unsure(name, named.location)
    elif column is Answer.MISSING:
        if named.column == "count" and named.clause is Clause.SELECT:
            return  # PostgreSQL's functional notation: the number of rows
        code = "PGRST204" if named.clause is Clause.VALUES else "42703"
        detail = named.column if name == relation.name else ""
        yield Mismatch(Kind.COLUMN, name, named.location, use, code, detail, near=tuple(sorted(relation.columns)))
    elif isinstance(column, Column) and column.type and named.json:
        if is_no_document(schema, column):
            reason = f"{column.name} is {column.type}, which has no operator ->"
            yield Mismatch(Kind.OPERATOR, name, named.location, use, "42883", "->", reason)
    elif isinstance(column, Column) and column.type and not named.typed:
        yield from _values(schema, relation, column, named, use)


def _values(schema: Schema, relation: Relation, column: Column, named: ColumnUse, use: TableUse | Call) -> Matched:
    if named.clause not in (Clause.VALUES, Clause.FILTER, Clause.OR, Clause.MATCH):
        return
    events = _WRITES.get(use.action, ()) if isinstance(use, TableUse) and named.clause is Clause.VALUES else ()
    name = relation.column(column.name)
    operator = named.operator.removeprefix("not.")
    if not events and no_pattern(schema, column, operator):
        reason = f"{column.name} is {column.type}, which has no operator for {operator}"
        yield Mismatch(Kind.OPERATOR, name, named.location, use, "42883", operator, reason)
        return
    if operator in _NOT_COMPARED or operator in ("like", "ilike", "match", "imatch", "is"):
        return
    listed = [one for value in named.values for one in _compared(value, operator)]
    wrong = [(one.text, why) for one in listed if (why := impossible(schema, relation, column, one, events))]
    if wrong and (wrong[0][1].sqlstate or (len(wrong) == len(listed) and _asks(named))):
        yield of_values(name, named.location, use, wrong)


def _asks(named: ColumnUse) -> bool:
    """Whether only rows that have one of the values are found: `neq` finds all others, and `or` those of its rest."""
    return named.operator in ("eq", "in") and named.clause is not Clause.OR


def _compared(value: Literal, operator: str) -> Sequence[Literal]:
    return value.elements if value.kind == "list" and operator == "in" else (value,)


def of_values(
    name: ObjectName, place: Location, use: TableUse | Call, wrong: Sequence[tuple[str, Impossible]], what: str = ""
) -> Mismatch:
    """Return the mismatch of one place with the values that are impossible there."""
    texts = ", ".join(dict.fromkeys(text for text, _ in wrong))
    reasons = "; ".join(dict.fromkeys(why.reason for _, why in wrong[:_SHOWN]))
    more = f"; and {len(wrong) - _SHOWN} more values" if len(wrong) > _SHOWN else ""
    first = wrong[0][1]
    return Mismatch(Kind.VALUE, name, place, use, first.sqlstate, f"{what}{texts}", reasons + more, first.allowed)
