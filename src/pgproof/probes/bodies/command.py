"""What a statement of SQL inside a body is, as far as its trial must know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pgproof.sql.mentions import mentions
from pgproof.sql.parse import SyntaxProblem, parse
from pgproof.sql.quote import identifier, literal

_WRITES = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}
_NEEDED = {"TruncateStmt", "LockStmt", "RefreshMatViewStmt"}
"""Statements that are no queries and name relations that must be there."""
_PARAMETER = re.compile(r"%(?:(?P<position>\d+)\$)?(?P<kind>[sIL%])|%")


@dataclass(frozen=True, slots=True)
class Command:
    """One statement of SQL.

    `kind` is `select`, `select_that_writes` (in its WITH), `write`, `call`, `temporary` (it makes a temporary table) or
    `utility`. `query`: there is one to be tried (CREATE TABLE AS). `empty`: it says WITH NO DATA. `needs` are relations
    that must be there, `touched` the names of what it may make or alter. `start` is where a call's function begins.
    """

    kind: str
    tree: dict[str, Any] = field(repr=False)
    returning: bool = False
    relations: tuple[str, ...] = ()
    query: bool = False
    empty: bool = False
    needs: tuple[str, ...] = ()
    touched: frozenset[str] = frozenset()
    moves_search_path: bool = False
    start: int = 0


@lru_cache(maxsize=2048)
def command(text: str) -> Command | None:
    """Read one statement; `None` when it does not parse, or is not one."""
    try:
        trees = parse(text)
    except SyntaxProblem:
        return None
    if len(trees) != 1:
        return None
    (node, tree) = next(iter(trees[0].items()))
    if node == "SelectStmt":
        writes = any(_WRITES & cte.keys() for cte in _with(tree))
        return Command("select_that_writes" if writes else "select", trees[0], returning=True)
    if node in _WRITES:
        return Command("write", trees[0], returning=bool(tree.get("returningList") or tree.get("returningClause")))
    if node == "CallStmt":
        return Command("call", trees[0], start=tree["funccall"].get("location", 0))
    if node == "CreateTableAsStmt" and tree.get("objtype") == "OBJECT_TABLE":
        into = tree["into"]
        return _made(trees[0], into["rel"], query=True, empty=into.get("skipData", False))
    if node == "CreateStmt":
        return _made(trees[0], tree["relation"])
    return _utility(node, tree, trees[0])


def constant(expression: str) -> str | None:
    """Return the text that an expression of literals, `||` and format() stands for, `None` when it holds variables."""
    try:
        (tree,) = parse("select " + expression)
    except (SyntaxProblem, ValueError):
        return None
    select = tree.get("SelectStmt", {})
    targets = select.get("targetList", ())
    if len(targets) != 1 or set(select) - {"targetList", "limitOption", "op"}:
        return None
    try:
        return _value(targets[0]["ResTarget"].get("val", {}))
    except RecursionError:  # hundreds of pieces are no constant that anybody reads
        return None


def _made(tree: dict[str, Any], relation: dict[str, Any], *, query: bool = False, empty: bool = False) -> Command:
    name = relation["relname"]
    temporary = relation.get("relpersistence") == "t" or relation.get("schemaname") == "pg_temp"
    touched = frozenset({name})
    if temporary:
        return Command("temporary", tree, relations=(name,), query=query, empty=empty)
    return Command("utility", tree, relations=(name,), query=query, touched=touched)


def _utility(node: str, tree: dict[str, Any], whole: dict[str, Any]) -> Command:
    needed: tuple[str, ...] = ()
    if node in _NEEDED:
        relations = [r["RangeVar"] for r in tree.get("relations", ())] or [tree["relation"]]
        needed = tuple(_spelled(relation) for relation in relations)
    elif not (node == "VariableSetStmt" or node == "NotifyStmt"):
        return Command("utility", whole, touched=frozenset(name for _, name in mentions(whole)))
    return Command("utility", whole, needs=needed, moves_search_path=tree.get("name") in ("search_path", "role"))


def _with(select: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cte in select.get("withClause", {}).get("ctes", ()):
        yield cte["CommonTableExpr"]["ctequery"]


def _spelled(relation: dict[str, Any]) -> str:
    parts = (relation.get("schemaname"), relation["relname"])
    return ".".join(identifier(part) for part in parts if part)


def _value(node: dict[str, Any]) -> str | None:
    if "A_Const" in node:
        found = node["A_Const"].get("sval", {}).get("sval")
        return found if isinstance(found, str) else None
    if "TypeCast" in node and node["TypeCast"]["typeName"]["names"][-1]["String"]["sval"] in ("text", "varchar"):
        return _value(node["TypeCast"]["arg"])
    if "A_Expr" in node and [n["String"]["sval"] for n in node["A_Expr"].get("name", ())] == ["||"]:
        left, right = _value(node["A_Expr"]["lexpr"]), _value(node["A_Expr"]["rexpr"])
        return None if left is None or right is None else left + right
    if "FuncCall" in node:
        return _call(node["FuncCall"])
    return None


def _call(call: dict[str, Any]) -> str | None:
    name = call["funcname"][-1]["String"]["sval"]
    values = [_value(argument) for argument in call.get("args", ())]
    if None in values or not values:
        return None
    first, *others = (value for value in values if value is not None)
    if name == "quote_ident":
        return identifier(first)
    if name == "quote_literal":
        return literal(first)
    return _format(first, others) if name == "format" else None


def _format(template: str, values: list[str]) -> str | None:
    """Do what format() does with constants (manual, section 9.4.1); `None` for widths and for too few values."""
    pieces, last, following = [], 0, 0
    for found in _PARAMETER.finditer(template):
        pieces.append(template[last : found.start()])
        last = found.end()
        if found["kind"] == "%":
            pieces.append("%")
            continue
        place = int(found["position"]) - 1 if found["position"] else following
        if not found["kind"] or not 0 <= place < len(values):
            return None
        following = place + 1
        value = values[place]
        pieces.append(identifier(value) if found["kind"] == "I" else literal(value) if found["kind"] == "L" else value)
    return "".join(pieces) + template[last:]
