"""The tables and their foreign keys as an entity diagram (Mermaid, erDiagram)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pgproof.judge.inventory import Inventory, TableEntry
from pgproof.reports.drawn import drawn, left_out
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

LONGEST = 50_000
"""Characters: Mermaid draws no longer text unless it is configured to (`maxTextSize`)."""

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_]+")
_NOT_IN_A_TYPE = re.compile(r"[^A-Za-z0-9_()\[\]]+")


def render(inventory: Inventory, view: View) -> str:
    """Return the diagram, of so many tables and columns as viewers draw unless `view` asks for all."""
    tables = drawn(inventory, view)
    told = [f"    %% {text}" for text in [left_out(inventory, tables)] if text]
    text = _text(tables, told, keys_only=False)
    if view.limit is None or len(text) <= LONGEST:
        return text
    told.append("    %% keys only: with all columns the diagram is longer than viewers draw (--all shows them)")
    return _text(tables, told, keys_only=True)


def _text(tables: Sequence[TableEntry], told: Sequence[str], *, keys_only: bool) -> str:
    return "\n".join(["erDiagram", *told, *_lines(tables, keys_only=keys_only), ""])


def _lines(tables: Sequence[TableEntry], *, keys_only: bool) -> Iterator[str]:
    shown = {table.full_name for table in tables}
    for table in tables:
        yield f"    {_entity(table.full_name)} {{"
        yield from (f"        {line}" for line in _attributes(table, keys_only=keys_only))
        yield "    }"
    for table in tables:
        for one in table.references:
            if one.table in shown:
                optional = any(not column.not_null for column in table.columns if column.name in one.columns)
                many = "|o" if optional else "||"
                label = _quoted(", ".join(one.columns))
                yield f"    {_entity(one.table)} {many}--o{{ {_entity(table.full_name)} : {label}"


def _attributes(table: TableEntry, *, keys_only: bool) -> Iterator[str]:
    foreign = {column for one in table.references for column in one.columns}
    for column in table.columns:
        if keys_only and not column.key and column.name not in foreign:
            continue
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
