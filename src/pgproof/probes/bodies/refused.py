"""What PostgreSQL refuses in a function whatever the data is: commands, and calls that can only fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pgproof.probes.bodies.command import command
from pgproof.probes.bodies.dynamic import PARAMETER
from pgproof.probes.bodies.proved import Defect
from pgproof.probes.bodies.routine import Routine
from pgproof.sql.parse import SyntaxProblem
from pgproof.sql.split import split

_WHOLE = ("REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE")
_ALONE = {
    "CreatedbStmt": "CREATE DATABASE",
    "DropdbStmt": "DROP DATABASE",
    "CreateTableSpaceStmt": "CREATE TABLESPACE",
    "DropTableSpaceStmt": "DROP TABLESPACE",
    "AlterSystemStmt": "ALTER SYSTEM",
}
_FORMATS = "sIL%"


class Refusal(NamedTuple):
    """The error, and where in the text it lies; `certain` when the text cannot be evaluated without it."""

    sqlstate: str
    message: str
    offset: int = 0
    certain: bool = True


def refused_command(tree: dict[str, Any], *, dynamic: bool = False) -> Refusal | None:
    """Return why a command cannot run in any function or procedure (PreventInTransactionBlock; spi.c, pl_exec.c)."""
    (node, parts) = next(iter(tree.items()))
    if node == "TransactionStmt":
        said = "EXECUTE of transaction commands is not implemented" if dynamic else "unsupported transaction command"
        return Refusal("0A000", said)
    if node == "CopyStmt" and not parts.get("filename") and not parts.get("is_program"):
        return Refusal("0A000", "cannot COPY to/from client in PL/pgSQL")
    if node == "SelectStmt" and dynamic and "intoClause" in parts:
        return Refusal("0A000", "EXECUTE of SELECT ... INTO is not implemented")
    alone = _ALONE.get(node) or _outside_only(node, parts)
    return Refusal("25001", f"{alone} cannot be executed from a function") if alone else None


def refused_statements(routine: Routine) -> Iterator[Defect]:
    """Yield the commands of a body in SQL that no function may run."""
    try:
        pieces = [] if routine.parsed else split(routine.body)
    except SyntaxProblem:  # its own validator says so
        return
    for piece in pieces:
        if piece.node and (asked := command(piece.text)) and (refusal := refused_command(asked.tree)):
            tried = " ".join(piece.text.split())
            yield Defect(refusal.sqlstate, refusal.message, piece.start, certain=True, tried=tried)


def _outside_only(node: str, parts: dict[str, Any]) -> str:
    """Return the command when it must not run inside a transaction block, or `""`."""
    if node == "VacuumStmt" and parts.get("is_vacuumcmd"):
        return "VACUUM"
    if node == "IndexStmt" and parts.get("concurrent"):
        return "CREATE INDEX CONCURRENTLY"
    if node == "DropStmt" and parts.get("concurrent"):
        return "DROP INDEX CONCURRENTLY"
    if node == "ClusterStmt" and "relation" not in parts:
        return "CLUSTER"
    if node == "ReindexStmt":
        concurrently = any(one["DefElem"]["defname"] == "concurrently" for one in parts.get("params", ()))
        if concurrently or parts["kind"] in _WHOLE:
            return "REINDEX CONCURRENTLY" if concurrently else "REINDEX " + parts["kind"].rpartition("_")[2]
    if node == "AlterTableStmt" and any(
        one["AlterTableCmd"].get("def", {}).get("PartitionCmd", {}).get("concurrent") for one in parts["cmds"]
    ):
        return "ALTER TABLE ... DETACH CONCURRENTLY"
    return ""


def refused_calls(text: str, expression: bool, triggers: frozenset[str]) -> Iterator[Refusal]:
    """Yield the calls in a text that can only fail: of format() with a template that is none, of the trigger functions
    `triggers`. `expression` says that the text is no whole statement.
    """
    before = "select " if expression else ""
    asked = command(before + text)
    waiting: list[tuple[Any, bool]] = [(asked.tree if asked else None, True)]
    while waiting:
        node, certain = waiting.pop()
        if isinstance(node, list):
            waiting.extend((part, certain) for part in node)
        elif isinstance(node, dict):
            if (call := node.get("FuncCall")) and (said := _refused_call(call, triggers)):
                offset = max(call.get("location", 0) - len(before), 0)
                yield Refusal(*said, offset, certain and expression and "fromClause" not in _select(asked))
            for key, part in node.items():
                waiting.append((part, certain and key not in ("CaseExpr", "CoalesceExpr", "BoolExpr", "SubLink")))


def _select(asked: Any) -> dict[str, Any]:
    return asked.tree.get("SelectStmt", {}) if asked else {}


def _refused_call(call: dict[str, Any], triggers: frozenset[str]) -> tuple[str, str] | None:
    *schema, name = [part["String"]["sval"] for part in call["funcname"]]
    arguments = call.get("args", ())
    if name in triggers and not arguments:
        return "0A000", "trigger functions can only be called as triggers"
    if name != "format" or call.get("func_variadic") or schema not in ([], ["pg_catalog"]) or not arguments:
        return None
    template = arguments[0].get("A_Const", {}).get("sval", {}).get("sval")
    return _refused_template(template, len(arguments) - 1) if isinstance(template, str) else None


def _refused_template(template: str, values: int) -> tuple[str, str] | None:
    """Return what text_format() says of a template (varlena.c)."""
    following = 0
    for found in PARAMETER.finditer(template):
        if "*" in (found["width"] or ""):
            return None
        if found["kind"] == "%" and not found["width"] and not found["position"]:
            continue
        if not found["kind"]:
            return "22023", "unterminated format() type specifier"
        if found["kind"] not in _FORMATS:
            return "22023", f'unrecognized format() type specifier "{found["kind"]}"'
        place = int(found["position"]) if found["position"] else following + 1
        if place > values:
            return "22023", "too few arguments for format()"
        following = place
    return None
