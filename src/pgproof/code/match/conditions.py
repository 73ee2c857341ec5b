"""Whether a CHECK constraint can be true when one column has a known value. Three-valued: None is "cannot be told"."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

Tree = dict[str, Any]


class _Unknown(Exception):  # noqa: N818 - an answer
    """A part of the condition that is not understood."""


@cache
def condition(definition: str) -> Tree | None:
    """Return the tree of `CHECK (…)` as the server deparses it, `None` when it does not parse."""
    from pgproof.sql.parse import SyntaxProblem, parse

    try:
        (tree,) = parse(f"alter table t add {definition}")
        (command,) = tree["AlterTableStmt"]["cmds"]
        expression: Tree = command["AlterTableCmd"]["def"]["Constraint"]["raw_expr"]
    except (SyntaxProblem, KeyError, ValueError):
        return None
    return expression


def refuses(definition: str, column: str, value: str | None) -> bool:
    """Say whether a CHECK constraint is surely false for every row whose column has this value.

    `value` is the text of a string or number; `None` is NULL. A condition that is NULL is met (manual, 5.5.1).
    """
    tree = condition(definition)
    return tree is not None and _truth(tree, column, value) is False


def allowed(definition: str, column: str) -> list[str] | None:
    """Return the values that a condition lists for a column, when it is nothing but that list."""
    tree = condition(definition)
    return _listed(tree, column) if tree else None


def _listed(tree: Tree, column: str) -> list[str] | None:
    if boolean := tree.get("BoolExpr"):
        arms = boolean["args"]
        if boolean["boolop"] != "OR_EXPR":
            return None
        lists = [_listed(arm, column) for arm in arms if not _is_null_test(arm)]
        return None if None in lists else [value for one in lists if one for value in one]
    if (operation := tree.get("A_Expr")) and _name(operation) == "=":
        try:
            if _column(operation["lexpr"]) == column:
                found = _constants(operation)
                return [value for value in found if value is not None]
        except _Unknown:
            return None
    return None


def _is_null_test(tree: Tree) -> bool:
    return str(tree.get("NullTest", {}).get("nulltesttype")) == "IS_NULL"


def _truth(tree: Tree, column: str, value: str | None) -> bool | None:
    """Return what the condition is; `None` where it is NULL or depends on what is not known.

    That the two are one is safe: only `False` is used, and NOT makes none of `None`.
    """
    try:
        if boolean := tree.get("BoolExpr"):
            return _boolean(boolean, column, value)
        if test := tree.get("NullTest"):
            if _column(test["arg"]) != column:
                return None
            return (value is None) == (str(test["nulltesttype"]) == "IS_NULL")
        if operation := tree.get("A_Expr"):
            return _comparison(operation, column, value)
    except (_Unknown, KeyError):
        return None
    return None


def _boolean(boolean: Tree, column: str, value: str | None) -> bool | None:
    arms = [_truth(arm, column, value) for arm in boolean["args"]]
    if boolean["boolop"] == "NOT_EXPR":
        return None if arms[0] is None else not arms[0]
    decisive = str(boolean["boolop"]) == "OR_EXPR"
    if decisive in arms:
        return decisive
    return None if None in arms else not decisive


def _comparison(operation: Tree, column: str, value: str | None) -> bool | None:
    if _column(operation["lexpr"]) != column or value is None:
        return None
    name, constants = _name(operation), _constants(operation)
    if None in constants:
        return None
    texts = [one for one in constants if one is not None]
    numeric = _is_number(operation)
    if operation["kind"] == "AEXPR_OP_ALL":
        return _equal(texts, value, numeric) is False if name == "<>" else None
    if operation["kind"] == "AEXPR_OP_ANY":
        return _equal(texts, value, numeric) if name == "=" else None
    if operation["kind"] != "AEXPR_OP":
        return None
    if name == "=":
        return _equal(texts, value, numeric)
    if name == "<>":
        return not _equal(texts, value, numeric)
    return _ordered(name, _number(value), _number(texts[0])) if numeric else None


def _equal(texts: list[str], value: str, numeric: bool) -> bool:
    return any(_number(text) == _number(value) for text in texts) if numeric else value in texts


def _ordered(name: str, left: Decimal, right: Decimal) -> bool | None:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}.get(name)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _Unknown from None


def _name(operation: Tree) -> str:
    return str(operation["name"][0]["String"]["sval"])


def _column(tree: Tree) -> str:
    """Return the column that an expression is, casts left out; a domain's VALUE is `value`."""
    while "TypeCast" in tree:
        tree = tree["TypeCast"]["arg"]
    fields = tree.get("ColumnRef", {}).get("fields")
    if not fields or len(fields) > 1 or "String" not in fields[0]:
        raise _Unknown
    return str(fields[0]["String"]["sval"])


def _constants(operation: Tree) -> list[str | None]:
    tree = operation["rexpr"]
    while "TypeCast" in tree and "A_Const" not in tree["TypeCast"]["arg"]:
        tree = tree["TypeCast"]["arg"]
    if elements := tree.get("A_ArrayExpr"):
        return [_constant(one) for one in elements.get("elements", ())]
    if "List" in tree:
        return [_constant(one) for one in tree["List"]["items"]]
    return [_constant(tree)]


def _constant(tree: Tree) -> str | None:
    while "TypeCast" in tree:
        tree = tree["TypeCast"]["arg"]
    constant = tree.get("A_Const")
    if constant is None:
        raise _Unknown
    if constant.get("isnull"):
        return None
    if "sval" in constant:
        return str(constant["sval"].get("sval", ""))
    if "ival" in constant:
        return str(constant["ival"].get("ival", 0))
    if "fval" in constant:
        return str(constant["fval"]["fval"])
    raise _Unknown


_NUMERIC = {"numeric", "int2", "int4", "int8", "float4", "float8"}


def _is_number(operation: Tree) -> bool:
    """Whether the comparison is one of numbers: by a cast, or by a constant that is written as one."""
    waiting: list[Any] = [operation["rexpr"]]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, list):
            waiting += tree
        elif isinstance(tree, dict):
            if "names" in tree and tree["names"][-1]["String"]["sval"] in _NUMERIC:
                return True
            if "A_Const" in tree and not {"ival", "fval"}.isdisjoint(tree["A_Const"]):
                return True
            waiting += list(tree.values())
    return False
