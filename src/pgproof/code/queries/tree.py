"""Questions to the parse tree of a statement: which relations it names, and what a parameter has a say in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">=", "~~", "!~~", "~~*", "!~~*", "~", "@>", "<@", "&&"})
_OUTCOMES = ("defresult", "args", "lexpr", "rexpr", "elements", "arg", "xpr", "rarg", "indirection")


def nodes(tree: Any) -> Iterator[tuple[str, Node]]:
    """Yield every node of a tree with its type."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key[:1].isupper() and isinstance(inner, dict):
                    yield key, inner
                waiting.append(inner)
        elif isinstance(value, list):
            waiting.extend(value)


def relations(tree: Any) -> set[tuple[str, str]]:
    """Return the relations that a statement names, as (schema or `""`, name), without its own WITH queries."""
    found: set[tuple[str, str]] = set()
    for node in _dictionaries(tree):
        if "relname" in node:
            found.add((node.get("schemaname", ""), node["relname"]))
    own = {node["ctename"] for kind, node in nodes(tree) if kind == "CommonTableExpr"}
    return {one for one in found if one[0] or one[1] not in own}


def aliases(tree: Any) -> dict[str, tuple[str, str] | None]:
    """Return what each name stands for that columns are qualified by: a relation, or `None` for a query or function."""
    own = {node["ctename"] for kind, node in nodes(tree) if kind == "CommonTableExpr"}
    found: dict[str, tuple[str, str] | None] = {}
    for node in _dictionaries(tree):
        if "relname" in node:
            named = node.get("alias", {}).get("aliasname") or node["relname"]
            target = (node.get("schemaname", ""), node["relname"])
            known = target[0] or target[1] not in own
            found[named] = target if known and found.get(named, target) == target else None
        elif "alias" in node and isinstance(node["alias"], dict) and "aliasname" in node["alias"]:
            found[node["alias"]["aliasname"]] = None
    return found


def at(tree: Any, position: int) -> list[tuple[str, Node]]:
    """Return the nodes that the parser placed at a position."""
    return [(kind, node) for kind, node in nodes(tree) if node.get("location", 0) == position]


def has_parameters(tree: Any) -> bool:
    """Whether there is a parameter anywhere."""
    return any(kind == "ParamRef" for kind, _ in nodes(tree))


def parameter_numbers(tree: Any) -> set[int]:
    """Return the numbers of all parameters."""
    return {node.get("number", 0) for kind, node in nodes(tree) if kind == "ParamRef"}


def names_columns_by_parameters(tree: Any) -> bool:
    """Whether a query inside the statement has a column whose type a parameter decides."""
    selects = [node for kind, node in nodes(tree) if kind == "SelectStmt"]
    inner = selects[1:] if "SelectStmt" in tree else selects
    return any(_gives_parameter(select) for select in inner) or any(
        kind == "RangeFunction" and has_parameters(node) for kind, node in nodes(tree)
    )


def _gives_parameter(select: Node) -> bool:
    values = [item for row in select.get("valuesLists", []) for item in row.get("List", {}).get("items", [])]
    targets = [target["ResTarget"].get("val") for target in select.get("targetList", []) if "ResTarget" in target]
    return any(depends_on_parameter(item, columns=False) for item in (*values, *targets))


def depends_on_parameter(node: Any, *, columns: bool, known: frozenset[str] = frozenset()) -> bool:
    """Whether the type of an expression may depend on that of a parameter inside of it.

    `columns`: a column may be one that a query with parameters gives, unless its qualifier is in `known`.
    """
    if not isinstance(node, dict) or not node:
        return False
    kind, value = next(iter(node.items()))
    if kind == "ParamRef":
        return True
    if kind in ("TypeCast", "BoolExpr", "NullTest", "BooleanTest", "A_Const", "SQLValueFunction"):
        return False
    if kind == "ColumnRef":
        return columns and not _is_of(value, known)
    if kind == "SubLink":
        return (
            _select_depends(value.get("subselect", {}), columns, known)
            if value.get("subLinkType") != "EXISTS_SUBLINK"
            else False
        )
    if kind == "A_Expr":
        name = value.get("name", [{}])[-1].get("String", {}).get("sval", "")
        form = value.get("kind", "AEXPR_OP")
        if form != "AEXPR_NULLIF" and (name in _COMPARISONS or form != "AEXPR_OP"):
            return False
    if kind == "CaseExpr":
        results = [arm["CaseWhen"].get("result") for arm in value.get("args", []) if "CaseWhen" in arm]
        return any(
            depends_on_parameter(one, columns=columns, known=known) for one in (*results, value.get("defresult"))
        )
    inner = [value.get(key) for key in _OUTCOMES] if isinstance(value, dict) else []
    flat = [item for one in inner for item in (one if isinstance(one, list) else [one])]
    return any(depends_on_parameter(item, columns=columns, known=known) for item in flat)


def _select_depends(tree: Any, columns: bool, known: frozenset[str]) -> bool:
    select = tree.get("SelectStmt", {})
    targets = [target["ResTarget"].get("val") for target in select.get("targetList", []) if "ResTarget" in target]
    return any(depends_on_parameter(one, columns=columns, known=known) for one in targets)


def _is_of(column: Node, known: frozenset[str]) -> bool:
    names = [field["String"]["sval"] for field in column.get("fields", []) if "String" in field]
    return len(names) > 1 and names[-2] in known


def _dictionaries(tree: Any) -> Iterator[Node]:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
