"""Which relations, columns and functions a body reads, writes and calls, read from its parsed statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pgproof.probes.bodies.command import command
from pgproof.probes.bodies.dynamic import constant
from pgproof.probes.bodies.parse import NotRead, parse
from pgproof.probes.bodies.proved import Uses
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.walk import dynamics, expressions, statements, whole
from pgproof.sql.parse import SyntaxProblem
from pgproof.sql.parse import parse as parse_sql

Name = tuple[str, str]

_WRITES = ("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")


@dataclass(slots=True)
class _Found:
    reads: set[Name] = field(default_factory=set)
    writes: set[Name] = field(default_factory=set)
    calls: set[Name] = field(default_factory=set)
    columns: set[Name] = field(default_factory=set)


def uses(routine: Routine) -> Uses:
    """Return what the statements of a body name. Names are as written: the search path decides about those without a
    schema. What dynamic commands name is known where their text is.
    """
    found = _Found()
    for tree in _trees(routine):
        _look(tree, found)
    return Uses(*(tuple(sorted(names)) for names in (found.reads, found.writes, found.calls, found.columns)))


def _trees(routine: Routine) -> Iterator[dict[str, Any]]:
    if routine.language == "sql":
        try:
            yield from parse_sql(routine.body)
        except SyntaxProblem:
            return
        return
    try:
        body = parse(routine.body)
    except NotRead:
        return
    texts = ["select " + expression.text for expression in expressions(body.block)]
    for statement in statements(body.block):
        texts += [text.text for text in whole(statement)]
        for dynamic in dynamics(statement):
            texts += [text] if (text := constant(dynamic.command.text)) else []
    for text in texts:
        if asked := command(text):
            yield asked.tree


def _look(tree: Any, found: _Found) -> None:
    """Walk through a tree; with each part go the names of the WITH queries around it."""
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, known = waiting.pop()
        if isinstance(node, list):
            waiting.extend((part, known) for part in node)
        elif isinstance(node, dict):
            ctes = node.get("withClause", {}).get("ctes", ())
            known = known | {cte["CommonTableExpr"]["ctename"] for cte in ctes}
            for key, part in node.items():
                waiting.append((_of_part(key, part, found, known), known))


def _of_part(key: str, part: Any, found: _Found, known: frozenset[str]) -> Any:
    """Note what one part of a tree names, and return what of it is still to be looked at."""
    if key in _WRITES:
        relation = part["relation"]
        found.writes.add(_name(relation))
        columns = [target["ResTarget"] for target in (*part.get("cols", ()), *_set_columns(key, part))]
        found.columns |= {(relation["relname"], column["name"]) for column in columns if "name" in column}
        return {other: value for other, value in part.items() if other != "relation"}
    if key == "TruncateStmt":
        found.writes |= {_name(relation["RangeVar"]) for relation in part.get("relations", ())}
        return None
    if key == "RangeVar":
        if part.get("schemaname") or part["relname"] not in known:
            found.reads.add(_name(part))
        return None
    if key == "FuncCall":
        names = [name["String"]["sval"] for name in part["funcname"]]
        if names[:-1] != ["pg_catalog"]:
            found.calls.add(("".join(names[-2:-1]), names[-1]))
    return part


def _set_columns(key: str, tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    setting = tree if key == "UpdateStmt" else tree.get("onConflictClause", {})
    yield from setting.get("targetList", ())


def _name(relation: dict[str, Any]) -> Name:
    return relation.get("schemaname", ""), relation["relname"]
