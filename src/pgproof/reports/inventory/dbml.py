"""The tables, enums and foreign keys in the database markup language (dbml.dbdiagram.io)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgproof.judge.inventory import ColumnEntry, Inventory, TableEntry
from pgproof.reports.drawn import drawn, left_out
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View


def render(inventory: Inventory, view: View) -> str:
    """Return the diagram, of so many tables as a person can look at unless `view` asks for all."""
    return "\n".join(_lines(inventory, drawn(inventory, view)))


def _lines(inventory: Inventory, tables: Sequence[TableEntry]) -> Iterator[str]:
    if told := left_out(inventory, tables):
        yield f"// {told}"
    for name, labels in inventory.enums:
        schema, _, bare = name.partition(".")
        yield f"Enum {_name(schema, bare)} {{"
        yield from (f"  {_quoted(label)}" for label in labels)
        yield from ("}", "")
    for table in tables:
        yield f"Table {_name(table.schema, table.name)} {{"
        yield from (f"  {_column(column)}" for column in table.columns)
        if table.comment:
            yield f"  Note: {_text(table.comment)}"
        yield from ("}", "")
    shown = {table.full_name for table in tables}
    for table in tables:
        for one in table.references:
            if one.table in shown:
                schema, _, bare = one.table.partition(".")
                here = f"{_name(table.schema, table.name)}.{_columns(one.columns)}"
                yield f"Ref {_quoted(one.name)}: {here} > {_name(schema, bare)}.{_columns(one.referenced)}"
    yield ""


def _column(column: ColumnEntry) -> str:
    settings = [
        *(["pk"] if column.key else []),
        *(["not null"] if column.not_null else []),
        *([f"default: `{one_line(column.default).replace('`', '')}`"] if column.default else []),
        *([f"note: {_text(column.comment)}"] if column.comment else []),
    ]
    return f"{_quoted(column.name)} {_quoted(column.type)}" + (f" [{', '.join(settings)}]" if settings else "")


def _columns(names: Sequence[str]) -> str:
    return _quoted(names[0]) if len(names) == 1 else f"({', '.join(map(_quoted, names))})"


def _name(schema: str, name: str) -> str:
    return f"{_quoted(schema)}.{_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + one_line(name).replace("\\", "\\\\").replace('"', "'") + '"'


def _text(text: str) -> str:
    return "'" + one_line(text).replace("\\", "\\\\").replace("'", "\\'") + "'"
