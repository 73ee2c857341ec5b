"""Expressions as parse trees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgproof.sql.parse import parse
from pgproof.sql.problem import SyntaxProblem

Tree = Any
"""A node of libpg_query's JSON, a list of nodes, or a plain value."""


def parse_expression(text: str) -> Tree:
    """Return the tree of an expression; `None` for one that this grammar does not know (a newer server's)."""
    try:
        return parse(f"select {text}")[0]["SelectStmt"]["targetList"][0]["ResTarget"]["val"]
    except (SyntaxProblem, KeyError, IndexError):
        return None


def nodes(tree: Tree) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every node below and including `tree`, as its kind and its fields, outer ones first."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            for kind, fields in reversed(node.items()):
                if isinstance(fields, dict | list):
                    waiting.append(fields)
                if isinstance(fields, dict) and kind[:1].isupper():
                    yield kind, fields


def columns_in(tree: Tree) -> tuple[str, ...]:
    """Return the names of the columns that an expression mentions, each once."""
    return tuple(
        dict.fromkeys(name for kind, fields in nodes(tree) if kind == "ColumnRef" and (name := column(fields)))
    )


def column(fields: dict[str, Any]) -> str:
    """Return the last name of a reference to a column, `""` for a whole row."""
    last = fields["fields"][-1]
    return str(last["String"]["sval"]) if "String" in last else ""


def constant(tree: Tree) -> str | None:
    """Return the text of a constant, whatever it is cast to; `None` for anything else."""
    while isinstance(tree, dict) and "TypeCast" in tree:
        tree = tree["TypeCast"]["arg"]
    if not isinstance(tree, dict) or "A_Const" not in tree:
        return None
    value = tree["A_Const"]
    if "sval" in value:
        return str(value["sval"].get("sval", ""))
    if "ival" in value:
        return str(value["ival"].get("ival", 0))
    if "fval" in value:
        return str(value["fval"]["fval"])
    if "boolval" in value:
        return "true" if value["boolval"].get("boolval") else "false"
    return None


def constants(tree: Tree) -> list[str]:
    """Return the texts of all constants in a tree, in their order, each once; an array's literal element by element."""
    found: dict[str, None] = {}
    for kind, fields in nodes(tree):
        if kind == "A_Const" and (text := constant({kind: fields})) is not None:
            found[text] = None
    return list(found)


def function_name(fields: dict[str, Any]) -> tuple[str, str]:
    """Return schema (or `""`) and name of the function that a FuncCall calls."""
    parts = [str(part["String"]["sval"]) for part in fields["funcname"]]
    return ("" if len(parts) < 2 else parts[-2]), parts[-1]


def operator_name(fields: dict[str, Any]) -> str:
    """Return the operator of an A_Expr, without its schema."""
    return str(fields["name"][-1]["String"]["sval"]) if fields.get("name") else ""
