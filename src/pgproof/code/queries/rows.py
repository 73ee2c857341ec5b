"""What a statement writes to rows and compares them with, held against the columns, constraints and indexes.

PREPARE says nothing of these: a NOT NULL column without default that an INSERT leaves out, a CHECK that no row passes,
an ON CONFLICT without its index (manual, INSERT).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pgproof.code.match.relation import Relation
from pgproof.code.match.schema import Schema
from pgproof.code.match.values import impossible
from pgproof.code.queries.attempt import Attempt
from pgproof.code.queries.examine import parsed
from pgproof.code.usage import Literal
from pgproof.model import ObjectName

OMITTED, VALUE, CONFLICT = "omitted", "value", "conflict"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place where a statement and the schema disagree.

    `position` is an offset in the statement's text, `sqlstate` what it fails with (`""`: it only never finds a row),
    `allowed` what would be right.
    """

    kind: str
    subject: ObjectName
    position: int
    sqlstate: str
    reason: str
    allowed: tuple[str, ...] = ()


def disagreements(attempt: Attempt, schema: Schema, path: Sequence[str] = ("public",)) -> Iterator[Disagreement]:
    """Yield what in a statement that the server accepts fails for its rows; `path` is the search path."""
    if not _may_disagree(attempt):
        return
    tree = parsed(attempt.text)
    if not tree:
        return
    for kind, statement in _statements(tree):
        relation = _relation(statement.get("relation"), schema, path)
        if relation is None:
            continue
        if kind == "InsertStmt":
            yield from _insert(statement, relation, attempt, schema)
        elif kind == "UpdateStmt":
            yield from _assigned(statement.get("targetList", []), relation, attempt, schema)
    yield from _compared(tree, attempt, schema, path)


def _may_disagree(attempt: Attempt) -> bool:
    return "'" in attempt.text or bool(attempt.values) or "insert" in attempt.text.lower()


def _statements(tree: Any) -> Iterator[tuple[str, Any]]:
    from pgproof.code.queries.tree import nodes

    return ((kind, node) for kind, node in nodes({"": tree}) if kind in ("InsertStmt", "UpdateStmt"))


def _relation(node: Any, schema: Schema, path: Sequence[str]) -> Relation | None:
    if not isinstance(node, dict) or "relname" not in node:
        return None
    for one in (node["schemaname"],) if node.get("schemaname") else path:
        found = schema.relation(one, node["relname"])
        if isinstance(found, Relation):
            return found
    return None if node.get("schemaname") else _anywhere(node["relname"], schema)


def _anywhere(name: str, schema: Schema) -> Relation | None:
    """Return the only relation of a name: the application's search path may be another."""
    homes = [one.parts[0] for one in schema.catalog.objects if one.kind == "table" and one.parts[1] == name]
    found = schema.relation(homes[0], name) if len(homes) == 1 else None
    return found if isinstance(found, Relation) else None


def _insert(statement: Any, relation: Relation, attempt: Attempt, schema: Schema) -> Iterator[Disagreement]:
    if not relation.is_table or not schema.is_certain(relation):
        return
    named = [column["ResTarget"] for column in statement.get("cols", []) if "ResTarget" in column]
    columns = [column.get("name", "") for column in named] or None  # without a list, their order would have to be known
    position = statement["relation"].get("location", 0)
    if columns is not None and not attempt.omitted:
        yield from _omitted(relation, frozenset(columns), position, schema)
    for row in _rows(statement):
        for name, value in zip(columns or (), row, strict=False):
            yield from _value(relation, name, value, attempt, schema, ("INSERT",))
    yield from _conflict(statement, relation, attempt, schema)


def _rows(statement: Any) -> list[list[Any]]:
    select = statement.get("selectStmt", {}).get("SelectStmt", {})
    return [row["List"]["items"] for row in select.get("valuesLists", []) if "items" in row.get("List", {})]


def _omitted(relation: Relation, given: frozenset[str], position: int, schema: Schema) -> Iterator[Disagreement]:
    for column in relation.columns.values():
        if not column.not_null or column.filled or column.generated or column.name in given:
            continue
        domain = schema.domain(column.type)
        if relation.set_before("INSERT", column.name) or (domain and domain.attributes["default"] is not None):
            continue
        yield Disagreement(
            OMITTED,
            relation.column(column.name),
            position,
            "23502",
            f"{column.name} is NOT NULL and has no default",
        )


def _assigned(targets: Sequence[Any], relation: Relation, attempt: Attempt, schema: Schema) -> Iterator[Disagreement]:
    for target in targets:
        one = target.get("ResTarget", {})
        if not one.get("indirection"):
            yield from _value(relation, one.get("name", ""), one.get("val"), attempt, schema, ("UPDATE",))


def _value(
    relation: Relation, name: str, value: Any, attempt: Attempt, schema: Schema, events: Sequence[str]
) -> Iterator[Disagreement]:
    column, found = relation.columns.get(name), _literal(value, attempt)
    if column is None or found is None or not relation.is_table:
        return
    literal, position = found
    if wrong := impossible(schema, relation, column, literal, events):
        yield Disagreement(VALUE, relation.column(name), position, wrong.sqlstate, wrong.reason, wrong.allowed)


def _literal(value: Any, attempt: Attempt) -> tuple[Literal, int] | None:
    """Return a text that stands in the statement, or is bound to its parameter, and where."""
    if not isinstance(value, dict):
        return None
    if constant := value.get("A_Const"):
        text = constant.get("sval", {}).get("sval")
        return (Literal("string", text), constant.get("location", 0)) if text is not None else None
    if parameter := value.get("ParamRef"):
        bound = attempt.values.get(parameter.get("number", 0))
        return (bound, parameter.get("location", 0)) if bound is not None and bound.kind == "string" else None
    return None


def _conflict(statement: Any, relation: Relation, attempt: Attempt, schema: Schema) -> Iterator[Disagreement]:
    infer = statement.get("onConflictClause", {}).get("infer", {})
    elements = [one.get("IndexElem", {}) for one in infer.get("indexElems", [])]
    named = [one.get("name") for one in elements]
    if not named or None in named or "whereClause" in infer or relation.unique is None or attempt.omitted:
        return
    columns = frozenset(map(str, named))
    if columns in relation.unique or not columns <= relation.columns.keys():
        return
    listed = ", ".join(sorted(columns))
    near = tuple(sorted(", ".join(sorted(one)) for one in relation.unique))
    reason = f"no unique constraint or index of {relation.name.parts[1]} has exactly the columns ({listed})"
    yield Disagreement(CONFLICT, relation.name, infer.get("location", 0), "42P10", reason, near)


def _compared(tree: Any, attempt: Attempt, schema: Schema, path: Sequence[str]) -> Iterator[Disagreement]:
    """Yield what columns of tables are compared with that no row can have."""
    from pgproof.code.queries.tree import aliases, nodes

    named = aliases(tree)
    relations = {
        name: _relation({"schemaname": one[0], "relname": one[1]}, schema, path) for name, one in named.items() if one
    }
    only = next(iter(relations.values())) if len(named) == 1 and relations else None
    for kind, node in nodes({"": tree}):
        if kind != "A_Expr" or node.get("kind", "AEXPR_OP") not in ("AEXPR_OP", "AEXPR_IN"):
            continue
        operator = node.get("name", [{}])[-1].get("String", {}).get("sval")
        sides = (node.get("lexpr"), node.get("rexpr"))
        for left, right in (sides, sides[::-1]):
            if operator == "=" and isinstance(left, dict) and "ColumnRef" in left:
                yield from _comparison(left["ColumnRef"], right, relations, only, attempt, schema)


def _comparison(
    column: Any,
    value: Any,
    relations: dict[str, Relation | None],
    only: Relation | None,
    attempt: Attempt,
    schema: Schema,
) -> Iterator[Disagreement]:
    names = [one["String"]["sval"] for one in column.get("fields", []) if "String" in one]
    relation = only if len(names) == 1 else relations.get(names[-2]) if len(names) > 1 else None
    if relation is None or not schema.is_certain(relation):
        return
    items = value.get("List", {}).get("items", [value]) if isinstance(value, dict) else []
    for item in items:
        yield from _value(relation, names[-1], item, attempt, schema, ())
