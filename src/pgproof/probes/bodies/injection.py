"""Dynamic commands that a parameter's text becomes part of without being quoted (manual, section 43.5.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pgproof.probes.bodies.command import command
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.tree import Assign, Block, Body, If, Perform, Raise, Sql, Text
from pgproof.probes.bodies.walk import dynamics, inner, statements
from pgproof.sql.parse import SyntaxProblem, parse

_TEXTS = frozenset(
    {"text", "character varying", "character", "json", "jsonb", "name", "xml", "text[]", "character varying[]"}
)
"""Types whose values may hold anything; `name` too, 63 bytes are enough."""
_KEEPS = frozenset(
    {"lower", "upper", "trim", "btrim", "ltrim", "rtrim", "replace", "concat", "concat_ws", "coalesce", "substring"}
    | {"substr", "left", "right", "lpad", "rpad", "array_to_string", "string_agg", "nullif", "initcap", "reverse"}
    | {"split_part", "translate", "regexp_replace", "overlay", "unnest", "array_append", "any_value"}
)
"""Functions whose result holds text of their arguments."""
_SAFE_CASTS = frozenset(
    {"regclass", "regproc", "regprocedure", "regtype", "regrole", "regnamespace", "oid", "uuid", "int2", "int4", "int8"}
    | {"integer", "bigint", "smallint", "numeric", "bool", "boolean", "date", "timestamp", "timestamptz", "interval"}
    | {"float4", "float8", "inet"}
)
_PLACEHOLDER = re.compile(r"%(?:(?P<position>\d+)\$)?-?\d*(?P<kind>[sIL%])")


def unquoted(routine: Routine, body: Body) -> Iterator[tuple[str, int]]:
    """Yield each parameter whose text becomes part of a dynamic command as it is, with the command's offset.

    A parameter that an IF tests before it raises is taken as checked, and one that a query looks for before an IF that
    raises tests what was found.
    """
    if routine.is_trigger:
        return
    tainted = {a.name: a.name for a in routine.arguments if a.name and a.mode != "table" and a.type in _TEXTS}
    for name in (*_checked(body.block), *_looked_for(body.block)):
        tainted.pop(name, None)
    if not tainted:
        return
    for _ in range(3):  # through other variables: a chain of three is enough
        before = len(tainted)
        for target, value in _assignments(body.block):
            if target not in tainted and (source := next(iter(_taints(value, tainted)), "")):
                tainted[target] = tainted[source]
        if len(tainted) == before:
            break
    said: set[tuple[str, int]] = set()
    for statement in statements(body.block):
        for dynamic in dynamics(statement):
            for name in _taints(dynamic.command, tainted):
                if (one := (tainted[name], dynamic.command.start)) not in said:
                    said.add(one)
                    yield one


def _assignments(block: Block) -> Iterator[tuple[str, Text]]:
    for statement in statements(block):
        match statement:
            case Assign() if statement.target.plain:
                yield statement.target.root, statement.value
            case Block():
                for variable in statement.variables:
                    if variable.default:
                        yield variable.folded, variable.default


def _checked(block: Block) -> set[str]:
    """Return the names in the conditions of IFs that raise an exception."""
    found: set[str] = set()
    for statement in statements(block):
        if isinstance(statement, If):
            for branch in statement.branches:
                if any(isinstance(one, Raise) and one.ends for one in branch.statements) and not _only_null(
                    branch.condition
                ):
                    found |= set(_names(branch.condition))
        if (
            isinstance(statement, If)
            and statement.otherwise
            and any(isinstance(one, Raise) and one.ends for one in statement.otherwise)
        ):
            for branch in statement.branches:
                found |= set(_names(branch.condition))
            if statement.subject:
                found |= set(_names(statement.subject))
    return found


def _looked_for(block: Block) -> set[str]:
    """Return the names in queries whose result, or FOUND, an IF tests that raises."""
    tested: set[str] = set()
    for statement in statements(block):
        if isinstance(statement, If):
            raising = any(isinstance(one, Raise) and one.ends for several in inner(statement) for one in several)
            for branch in statement.branches if raising else ():
                tested |= set(_names(branch.condition))
    found: set[str] = set()
    for statement in statements(block):
        if isinstance(statement, Sql) and statement.into:
            if not tested.isdisjoint({"found", *(target.root for target in statement.into)}):
                found |= set(_names_in(statement.text.text))
        elif isinstance(statement, Perform) and "found" in tested:
            found |= set(_names(statement.query))
    return found


def _only_null(condition: Text) -> bool:
    """Whether a condition only asks for NULL: that checks nothing."""
    return bool(re.fullmatch(r"\s*[\w.]+\s+is\s+null\s*", condition.text, re.IGNORECASE))


def _names(expression: Text) -> Iterator[str]:
    yield from _names_in("select " + expression.text)


def _names_in(text: str) -> Iterator[str]:
    """Yield the names of the columns and variables in a query."""
    asked = command(text)
    waiting: list[Any] = [asked.tree if asked and asked.kind == "select" else None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if "ColumnRef" in node:
                yield _last(node["ColumnRef"])
            waiting.extend(node.values())


def _taints(expression: Text, tainted: dict[str, str]) -> Iterator[str]:
    """Yield the tainted names whose text is part of an expression's value."""
    tree = _tree(expression)
    targets = tree.get("SelectStmt", {}).get("targetList", ()) if tree else ()
    for target in targets:
        yield from _of(target["ResTarget"].get("val", {}), tainted)


def _of(whole: dict[str, Any], tainted: dict[str, str]) -> Iterator[str]:
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        if "ColumnRef" in node and (name := _last(node["ColumnRef"])) in tainted:
            yield name
        waiting.extend(_holding(node))


def _holding(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parts of an expression whose text becomes part of its own."""
    if "A_Expr" in node:
        if [n["String"]["sval"] for n in node["A_Expr"].get("name", ())] in (["||"], ["->>"], ["#>>"]):
            yield from (node["A_Expr"].get("lexpr", {}), node["A_Expr"].get("rexpr", {}))
    elif "TypeCast" in node:
        if node["TypeCast"]["typeName"]["names"][-1]["String"]["sval"] not in _SAFE_CASTS:
            yield node["TypeCast"]["arg"]
    elif "CaseExpr" in node:
        yield from (when["CaseWhen"].get("result", {}) for when in node["CaseExpr"].get("args", ()))
        yield node["CaseExpr"].get("defresult", {})
    elif "CoalesceExpr" in node:
        yield from node["CoalesceExpr"].get("args", ())
    elif "A_Indirection" in node:
        yield node["A_Indirection"].get("arg", {})
    elif "FuncCall" in node:
        name, arguments = node["FuncCall"]["funcname"][-1]["String"]["sval"], node["FuncCall"].get("args", ())
        if name == "format" and arguments:
            yield from _as_text(arguments)
        elif name in _KEEPS:
            yield from arguments


def _as_text(arguments: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the arguments of format() that `%s` stands for, and the template when it is no constant."""
    template = arguments[0].get("A_Const", {}).get("sval", {}).get("sval")
    if template is None:
        yield arguments[0]
        return
    following = 0
    for found in _PLACEHOLDER.finditer(template):
        if found["kind"] == "%":
            continue
        place = int(found["position"]) if found["position"] else following + 1
        following = place
        if found["kind"] == "s" and place < len(arguments):
            yield arguments[place]


def _tree(expression: Text) -> dict[str, Any]:
    try:
        (tree,) = parse("select " + expression.text)
    except (SyntaxProblem, ValueError):
        return {}
    return tree


def _last(reference: dict[str, Any]) -> str:
    fields: Iterable[dict[str, Any]] = reference.get("fields", ())
    names = [field["String"]["sval"] for field in fields if "String" in field]
    return names[-1] if names else ""
