"""The texts of dynamic commands as far as they are known: literals, `||`, format() (manual, 9.4.1 and 43.5.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pgproof.sql.parse import SyntaxProblem, parse
from pgproof.sql.quote import identifier, literal

UNKNOWN = "pgproof_unknown"
"""The identifier that stands for one that is not known."""
_NO_VALUE = "NULL"
PARAMETER = re.compile(r"%(?:(?P<position>\d+)\$)?(?P<width>-?(?:\d+|\*(?:\d+\$)?))?(?P<kind>.|\Z)", re.DOTALL)
_QUOTES_VALUES = ("quote_literal", "quote_nullable")
_TEXTS = ("text", "varchar")
_OBJECTS = ("regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regrole")
_NUMBERS = ("int2", "int4", "int8", "integer", "bigint", "smallint", "oid")

IsNumber = Callable[[str], bool]


def constant(expression: str) -> str | None:
    """Return the text that an expression of literals, `||` and format() stands for, `None` when it holds variables."""
    return _read(expression, _Known())


def likeness(expression: str, is_number: IsNumber) -> str | None:
    """Return a text of the same form as the one that an expression stands for, `None` when its form is not known.

    What is quoted as an identifier is `UNKNOWN` in it, what is quoted as a literal NULL, an integer 1. `is_number` says
    whether a variable is an integer.
    """
    return _read(expression, _Alike(is_number))


def _read(expression: str, pieces: _Known) -> str | None:
    try:
        (tree,) = parse("select " + expression)
    except (SyntaxProblem, ValueError):
        return None
    select = tree.get("SelectStmt", {})
    targets = select.get("targetList", ())
    if len(targets) != 1 or set(select) - {"targetList", "limitOption", "op"}:
        return None
    try:
        return pieces.value(targets[0]["ResTarget"].get("val", {}))
    except RecursionError:  # hundreds of pieces are no text that anybody reads
        return None


def _run_together(text: str, piece: str) -> bool:
    """Whether a value that is not known follows a word at once: `x'0f'`, `date'…'`, and not `xNULL`."""
    return piece == _NO_VALUE and (text[-1:].isalnum() or text.endswith("_"))


@dataclass(frozen=True)
class _Known:
    """Reads the pieces of a text whose value is in the body."""

    def value(self, node: dict[str, Any]) -> str | None:
        """Return what a node of the expression's tree stands for."""
        if "A_Const" in node:
            found = node["A_Const"].get("sval", {}).get("sval")
            return found if isinstance(found, str) else None
        if "TypeCast" in node:
            return self.cast(node["TypeCast"]["typeName"]["names"][-1]["String"]["sval"], node["TypeCast"]["arg"])
        if "A_Expr" in node and [n["String"]["sval"] for n in node["A_Expr"].get("name", ())] == ["||"]:
            left, right = self.value(node["A_Expr"]["lexpr"]), self.value(node["A_Expr"]["rexpr"])
            return None if left is None or right is None or _run_together(left, right) else left + right
        if "FuncCall" in node and not node["FuncCall"].get("func_variadic"):
            name = node["FuncCall"]["funcname"][-1]["String"]["sval"]
            return self.call(name, node["FuncCall"].get("args", []))
        return None

    def cast(self, kind: str, node: dict[str, Any]) -> str | None:
        return self.value(node) if kind in _TEXTS else None

    def call(self, name: str, arguments: list[dict[str, Any]]) -> str | None:
        if name == "quote_ident" and len(arguments) == 1:
            return self.name(arguments[0])
        if name in _QUOTES_VALUES and len(arguments) == 1:
            return self.quoted(arguments[0])
        if name == "format" and arguments and (template := self.value(arguments[0])) is not None:
            return self._format(template, arguments[1:])
        return None

    def name(self, node: dict[str, Any]) -> str | None:
        known = self.value(node)
        return None if known is None else identifier(known)

    def quoted(self, node: dict[str, Any]) -> str | None:
        known = self.value(node)
        return None if known is None else literal(known)

    def _format(self, template: str, arguments: list[dict[str, Any]]) -> str | None:
        """Do what format() does; `None` for widths and for too few values."""
        pieces, last, following = [], 0, 0
        for found in PARAMETER.finditer(template):
            pieces.append(template[last : found.start()])
            last = found.end()
            if found["kind"] == "%" and not found["width"]:
                pieces.append("%")
                continue
            place = int(found["position"]) - 1 if found["position"] else following
            read = {"s": self.value, "I": self.name, "L": self.quoted}.get(found["kind"])
            if found["width"] or read is None or not 0 <= place < len(arguments):
                return None
            following = place + 1
            piece = read(arguments[place])
            if piece is None or _run_together("".join(pieces), piece):
                return None
            pieces.append(piece)
        return "".join(pieces) + template[last:]


@dataclass(frozen=True)
class _Alike(_Known):
    """Puts something of the same form in the place of what is not known."""

    is_number: IsNumber

    def value(self, node: dict[str, Any]) -> str | None:
        fields = node.get("ColumnRef", {}).get("fields", ())
        if len(fields) == 1 and "String" in fields[0]:
            return "1" if self.is_number(fields[0]["String"]["sval"]) else None
        return super().value(node)

    def cast(self, kind: str, node: dict[str, Any]) -> str | None:
        return UNKNOWN if kind in _OBJECTS else "1" if kind in _NUMBERS else super().cast(kind, node)

    def name(self, node: dict[str, Any]) -> str | None:
        return super().name(node) or UNKNOWN

    def quoted(self, node: dict[str, Any]) -> str | None:
        return super().quoted(node) or _NO_VALUE
