"""Whether two texts of SQL are the same type, result or expression for PostgreSQL's own grammar.

The parser folds what the grammar folds: `int` and `integer`, `timestamptz` and `timestamp with time zone`. What it
cannot know (`numeric(10)` is `numeric(10,0)`, a cast that the server adds) is asked of a server (`canonical.py`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pgproof.sql.parse import SyntaxProblem, parse

_BUILT_IN = "pg_catalog"
_NOW = ("now", "transaction_timestamp")
_CURRENT_TIMESTAMP = {"SQLValueFunction": {"op": "SVFOP_CURRENT_TIMESTAMP", "typmod": -1}}
"""The same as `now()` (manual, section 9.9.5)."""


def same_type(wanted: str, found: str) -> bool:
    """Whether two types (SETOF and `TABLE(…)` included) are one; a name without a schema is that of any schema."""
    return wanted == found or _agree(result(wanted), result(found))


def same_expression(wanted: str, found: str, type_: str) -> bool:
    """Whether two expressions are one, perhaps with the cast to the column's type that the server adds."""
    if wanted == found:
        return True
    other = expression(found)
    return any(_agree(expression(one), other) for one in (wanted, f"({wanted})::{type_}"))


@lru_cache(maxsize=4096)
def result(text: str) -> Any:
    """Return the parse tree of a type as RETURNS takes it, without places; `None` when it is none."""
    try:
        trees = parse(f"create function f() returns {text} language sql")
    except SyntaxProblem:
        return None
    if len(trees) != 1:
        return None
    function = trees[0].get("CreateFunctionStmt", {})
    return _plain([function.get("returnType"), function.get("parameters")])


@lru_cache(maxsize=4096)
def expression(text: str) -> Any:
    """Return the parse tree of an expression, without places; `None` when it is none."""
    try:
        trees = parse(f"select {text}")
    except SyntaxProblem:
        return None
    if len(trees) != 1 or set(trees[0].get("SelectStmt", {})) - {"targetList", "limitOption", "op"}:
        return None
    return _plain(trees[0]["SelectStmt"]["targetList"])


@lru_cache(maxsize=4096)
def index(definition: str) -> Any:
    """Return the parse tree of an index's definition from USING on, without places; `None` when it is none."""
    try:
        trees = parse(f"create index on t {definition}")
    except SyntaxProblem:
        return None
    return _plain(trees[0].get("IndexStmt")) if len(trees) == 1 else None


def _plain(node: Any) -> Any:
    """Return a tree without places, and without the schema of what is built in."""
    if isinstance(node, list):
        parts = [_plain(part) for part in node]
        return parts[1:] if len(parts) > 1 and parts[0] == {"String": {"sval": _BUILT_IN}} else parts
    if isinstance(node, dict):
        if node.get("FuncCall", {}).keys() <= {"funcname", "funcformat", "location"} and "FuncCall" in node:
            names = _plain(node["FuncCall"]["funcname"])
            if len(names) == 1 and names[0].get("String", {}).get("sval") in _NOW:
                return _CURRENT_TIMESTAMP
        return {key: _plain(value) for key, value in node.items() if key not in ("location", "list_start", "list_end")}
    return node


def _agree(wanted: Any, found: Any) -> bool:
    """Whether two trees are one; a name that is wanted without a schema may have any."""
    if wanted is None or found is None:
        return False
    return _fits(wanted, found)


def _fits(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(
            _named(wanted[key], found[key]) if key in ("names", "funcname") else _fits(wanted[key], found[key])
            for key in wanted
        )
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_fits, wanted, found))
    return bool(wanted == found)


def _named(wanted: Any, found: Any) -> bool:
    return bool(wanted == found or (len(wanted) == 1 and found[-1:] == wanted))
