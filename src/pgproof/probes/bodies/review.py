"""What the text of a body shows without any trial: ways out, writes, transactions, comparisons, dynamic commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pgproof.probes.bodies.command import Command, command
from pgproof.probes.bodies.injection import unquoted
from pgproof.probes.bodies.parse import NotRead, parse
from pgproof.probes.bodies.proved import Remark
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.tree import Block, Body, Exit, If, Loop, Raise, Return, Statement, Text
from pgproof.probes.bodies.walk import inner, statements, whole
from pgproof.sql.parse import SyntaxProblem
from pgproof.sql.split import split

_READS = ("VariableSetStmt", "VariableShowStmt", "ExplainStmt", "FetchStmt", "DeclareCursorStmt", "ClosePortalStmt")
"""Statements that are no queries and still allowed in a function that is not volatile."""


def review(routine: Routine) -> list[Remark]:
    """Return what is to be said of a body's text; nothing when it cannot be read (its trial says so)."""
    if routine.parsed:
        return []
    if routine.language == "sql":
        return list(_of_sql(routine))
    try:
        body = parse(routine.body)
    except NotRead:
        return []
    return list(_of_plpgsql(routine, body))


def _of_plpgsql(routine: Routine, body: Body) -> Iterator[Remark]:
    if _needs_return(routine) and not _returns(body.block):
        yield Remark("no return", "control reached end of function without RETURN", -1)
    if routine.volatility != "volatile":
        for text, certain in _reached(body.block):
            if verb := _writes(command(text.text)):
                yield Remark("write", f"{verb} is not allowed in a non-volatile function", text.start, certain)
    for parameter, offset in unquoted(routine, body):
        yield Remark("unquoted", parameter, offset)
    if "use_column" in body.options:
        names = {argument.name for argument in routine.arguments if argument.name}
        for statement in statements(body.block):
            for text in whole(statement):
                yield from _same(text.text, text.start, names)


def _of_sql(routine: Routine) -> Iterator[Remark]:
    names = {argument.name for argument in routine.arguments if argument.name and not argument.is_output}
    try:
        pieces = split(routine.body)
    except SyntaxProblem:
        return
    for piece in pieces:
        if routine.volatility != "volatile" and (verb := _writes(command(piece.text))):
            yield Remark("write", f"{verb} is not allowed in a non-volatile function", piece.start, certain=True)
        yield from _same(piece.text, piece.start, names)


# ways out


def _needs_return(routine: Routine) -> bool:
    return routine.name.kind == "function" and not (
        routine.returns_set or routine.outputs or routine.result in ("void", "event_trigger")
    )


def _returns(block: Block) -> bool:
    """Whether some way leads to a RETURN, or no way to the end."""
    found = list(statements(block))
    return any(isinstance(s, Return) for s in found) or not _falls_through(block.statements)


def _falls_through(several: Sequence[Statement]) -> bool:
    """Whether control may go over the end of these statements."""
    return not any(_stops(statement) for statement in several)


def _stops(statement: Statement) -> bool:
    match statement:
        case Return():
            return not statement.how
        case Raise():
            return statement.ends
        case Block():
            return not _falls_through(statement.statements) and all(
                not _falls_through(handler.statements) for handler in statement.handlers
            )
        case If():
            return (statement.otherwise is not None or statement.is_case) and not any(
                _falls_through(branch) for branch in inner(statement) if branch or not statement.is_case
            )
        case Loop():
            return statement.condition is None and not any(isinstance(s, Exit) and s.leaves for s in _deep(statement))
    return False


def _deep(statement: Statement) -> Iterator[Statement]:
    for several in inner(statement):
        for one in several:
            yield one
            yield from _deep(one)


# writes


def _reached(block: Block) -> Iterator[tuple[Text, bool]]:
    """Yield every statement of SQL, with whether it stands at the top of the body."""
    top = set(map(id, block.statements))
    for statement in statements(block):
        for text in whole(statement):
            yield text, id(statement) in top and not block.handlers


def _writes(asked: Command | None) -> str:
    """Return the command that is refused in a function that is not volatile, or `""`."""
    if asked is None:
        return ""
    (node, tree) = next(iter(asked.tree.items()))
    if asked.kind == "write":
        return node.removesuffix("Stmt").upper()
    if asked.kind == "select_that_writes":
        return "SELECT with a data-modifying WITH"
    if asked.kind == "select":
        return "SELECT FOR UPDATE" if tree.get("lockingClause") else ""
    if asked.kind == "temporary":
        return "CREATE TABLE"
    if asked.kind == "utility" and node not in _READS:
        return _TAGS.get(node, "")
    return ""


_TAGS = {
    "TruncateStmt": "TRUNCATE TABLE",
    "CreateStmt": "CREATE TABLE",
    "CreateTableAsStmt": "CREATE TABLE AS",
    "DropStmt": "DROP",
    "AlterTableStmt": "ALTER TABLE",
    "IndexStmt": "CREATE INDEX",
    "RefreshMatViewStmt": "REFRESH MATERIALIZED VIEW",
    "NotifyStmt": "NOTIFY",
    "LockStmt": "LOCK TABLE",
}


# a parameter that is compared with itself


def _same(text: str, start: int, names: set[str]) -> Iterator[Remark]:
    """Find `id = id` and `t.id = id` where a column hides the parameter `id`."""
    asked = command(text)
    if asked is None or not names:
        return
    for tree in _selects(asked.tree):
        for node in _conditions(tree):
            left, right = _column(node.get("lexpr", {})), _column(node.get("rexpr", {}))
            if not left or not right or left[-1] != right[-1] or left[-1] not in names:
                continue
            if len(left) == len(right) == 1 or (1 in (len(left), len(right)) and _is_hidden(left, right, tree)):
                yield Remark("hidden", left[-1], start + node.get("location", 0))


def _is_hidden(left: list[str], right: list[str], tree: dict[str, Any]) -> bool:
    """Whether the qualified side names the only relation, so that the other side can be nothing but its column."""
    qualifier = (left if len(left) > 1 else right)[-2]
    return qualifier in _sources(tree)


def _selects(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            for key in ("SelectStmt", "UpdateStmt", "DeleteStmt"):
                if key in node:
                    yield node[key]
            waiting.extend(node.values())


def _conditions(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the equalities that a WHERE joins with AND."""
    waiting = [statement.get("whereClause", {})]
    while waiting:
        node = waiting.pop()
        if "BoolExpr" in node and node["BoolExpr"].get("boolop") == "AND_EXPR":
            waiting.extend(node["BoolExpr"]["args"])
        elif (found := node.get("A_Expr", {})).get("kind") == "AEXPR_OP" and found["name"] == [
            {"String": {"sval": "="}}
        ]:
            yield found


def _column(node: dict[str, Any]) -> list[str]:
    fields = node.get("ColumnRef", {}).get("fields", ())
    return [field["String"]["sval"] for field in fields] if fields and all("String" in f for f in fields) else []


def _sources(statement: dict[str, Any]) -> set[str]:
    found = set()
    relations = [
        *statement.get("fromClause", ()),
        *([{"RangeVar": statement["relation"]}] if "relation" in statement else []),
    ]
    for source in relations:
        if relation := source.get("RangeVar"):
            found.add(relation.get("alias", {}).get("aliasname") or relation["relname"])
    return found
