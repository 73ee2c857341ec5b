"""What an SQL text touches, by its parse tree: relations with what is done to them, columns, functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pgproof.code.queries.attempt import Unfit, attempts
from pgproof.code.usage import Query

_ACTIONS = {"InsertStmt": "insert", "UpdateStmt": "update", "DeleteStmt": "delete", "MergeStmt": "upsert"}
_SYSTEM = ("pg_catalog", "information_schema")


@dataclass(frozen=True, slots=True)
class Touched:
    """A relation (`kind` is `table`) or a function: its name as written, and what is done to it."""

    kind: str
    name: str
    action: str
    columns: tuple[str, ...] = ()


def touched(query: Query) -> list[Touched]:
    """Return what a text touches; nothing when it does not parse. Columns are named for the table that is written."""
    from pgproof.sql.parse import SyntaxProblem, parse

    for attempt in _attempts(query):
        try:
            trees = parse(attempt)
        except (SyntaxProblem, ValueError):
            continue
        return sorted({one for tree in trees for one in _of(tree)}, key=lambda one: (one.kind, one.name, one.action))
    return []


def _attempts(query: Query) -> list[str]:
    try:
        return [attempt.text for attempt in attempts(query)]
    except Unfit:
        return []


def _of(tree: dict[str, Any]) -> Iterator[Touched]:
    own = {cte["CommonTableExpr"]["ctename"] for node in _nodes(tree) for cte in _ctes(node)}
    written: set[int] = set()
    for node in _nodes(tree):
        for name, action in _ACTIONS.items():
            if (statement := node.get(name)) and (relation := statement.get("relation")):
                written.add(id(relation))
                yield Touched("table", _name(relation), action, tuple(sorted(_targets(statement))))
        if call := node.get("FuncCall"):
            names = [part["String"]["sval"] for part in call["funcname"]]
            if names[0] not in _SYSTEM:
                yield Touched("function", ".".join(names), "call")
    for node in _nodes(tree):
        if "relname" in node and id(node) not in written and _is_the_projects(node, own):
            yield Touched("table", _name(node), "select")


def _is_the_projects(relation: dict[str, Any], own: set[str]) -> bool:
    """Whether it is a relation of the database, and neither the system's nor the statement's own."""
    return relation["relname"] not in own and relation.get("schemaname") not in _SYSTEM


def _ctes(node: dict[str, Any]) -> list[Any]:
    clause = node.get("withClause")
    return clause.get("ctes", []) if isinstance(clause, dict) else []


def _targets(statement: dict[str, Any]) -> Iterator[str]:
    key = "cols" if "cols" in statement else "targetList"
    for target in statement.get(key, ()):
        if name := target.get("ResTarget", {}).get("name"):
            yield name


def _name(relation: dict[str, Any]) -> str:
    schema = relation.get("schemaname")
    return f"{schema}.{relation['relname']}" if schema else str(relation["relname"])


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting += list(node.values())
