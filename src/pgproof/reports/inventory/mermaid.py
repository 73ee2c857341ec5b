"""The tables and their foreign keys as an entity diagram (Mermaid, erDiagram)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.judge.inventory import Inventory, TableEntry
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_]+")
_NOT_IN_A_TYPE = re.compile(r"[^A-Za-z0-9_()\[\]]+")


def render(inventory: Inventory, view: View) -> str:
    """Return the diagram; `view` changes nothing."""
    return "\n".join(["erDiagram", *_lines(inventory), ""])


def _lines(inventory: Inventory) -> Iterator[str]:
    shown = {table.full_name for table in inventory.tables}
    for table in inventory.tables:
        yield f"    {_entity(table.full_name)} {{"
        yield from (f"        {line}" for line in _attributes(table))
        yield "    }"
    for table in inventory.tables:
        for one in table.references:
            if one.table in shown:
                optional = any(not column.not_null for column in table.columns if column.name in one.columns)
                many = "|o" if optional else "||"
                label = _quoted(", ".join(one.columns))
                yield f"    {_entity(one.table)} {many}--o{{ {_entity(table.full_name)} : {label}"


def _attributes(table: TableEntry) -> Iterator[str]:
    foreign = {column for one in table.references for column in one.columns}
    for column in table.columns:
        name = _word(column.name)
        keys = ", ".join(["PK"] * bool(column.key) + ["FK"] * (column.name in foreign))
        note = column.comment if name == column.name else f"{column.name} {column.comment}".strip()
        words = [_NOT_IN_A_TYPE.sub("_", column.type), name, keys, _quoted(note) if note else ""]
        yield " ".join(filter(None, words))


def _word(name: str) -> str:
    word = _NOT_IN_A_NAME.sub("_", name)
    return word if re.match(r"[A-Za-z_]", word) else f"_{word}"


def _entity(name: str) -> str:
    return _quoted(name.removeprefix("public."))


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace('"', "'") + '"'
