"""What a statement of SQL inside a body is, as far as its trial must know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pgproof.sql.mentions import mentions
from pgproof.sql.parse import SyntaxProblem, parse
from pgproof.sql.quote import identifier

_WRITES = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}
_OF_A_RELATION = {"RefreshMatViewStmt", "AlterTableStmt", "IndexStmt", "RenameStmt"}
_RELATIONS = {
    "OBJECT_TABLE",
    "OBJECT_VIEW",
    "OBJECT_MATVIEW",
    "OBJECT_INDEX",
    "OBJECT_SEQUENCE",
    "OBJECT_FOREIGN_TABLE",
}
_CHANGES_NOTHING = {"TruncateStmt", "LockStmt", "RefreshMatViewStmt", "VacuumStmt", "VariableSetStmt", "NotifyStmt"} | {
    "DropStmt"
}
"""Statements after which nothing is there that was not there before."""


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


def _made(tree: dict[str, Any], relation: dict[str, Any], *, query: bool = False, empty: bool = False) -> Command:
    name = relation["relname"]
    temporary = relation.get("relpersistence") == "t" or relation.get("schemaname") == "pg_temp"
    touched = frozenset({name})
    if temporary:
        return Command("temporary", tree, relations=(name,), query=query, empty=empty)
    return Command("utility", tree, relations=(name,), query=query, touched=touched)


def _utility(node: str, tree: dict[str, Any], whole: dict[str, Any]) -> Command:
    needed = () if tree.get("missing_ok") else tuple(_needed(node, tree))
    if node in _CHANGES_NOTHING:
        return Command("utility", whole, needs=needed, moves_search_path=tree.get("name") in ("search_path", "role"))
    return Command("utility", whole, needs=needed, touched=frozenset(name for _, name in mentions(whole)))


def _needed(node: str, tree: dict[str, Any]) -> Iterator[str]:
    """Yield the relations that must be there."""
    if node == "GrantStmt":
        objects = tree.get("objects", ()) if tree.get("objtype") == "OBJECT_TABLE" else ()
        yield from (_spelled(one["RangeVar"]) for one in objects if "RangeVar" in one)
    elif node in ("TruncateStmt", "LockStmt"):
        yield from (_spelled(one["RangeVar"]) for one in tree.get("relations", ()))
    elif node in _OF_A_RELATION and "relation" in tree:
        yield _spelled(tree["relation"])
    elif node == "VacuumStmt":
        yield from (_spelled(one["VacuumRelation"]["relation"]) for one in tree.get("rels", ()))
    elif node == "DropStmt" and tree["removeType"] in _RELATIONS:
        for one in tree["objects"]:
            yield ".".join(identifier(part["String"]["sval"]) for part in one["List"]["items"])


def _with(select: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cte in select.get("withClause", {}).get("ctes", ()):
        yield cte["CommonTableExpr"]["ctequery"]


def _spelled(relation: dict[str, Any]) -> str:
    parts = (relation.get("schemaname"), relation["relname"])
    return ".".join(identifier(part) for part in parts if part)
