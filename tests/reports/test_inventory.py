"""The inventory of thousands of tables: what is shown of it, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgproof.judge.inventory import ColumnEntry, Inventory, Reference, TableEntry
from pgproof.reports import render
from pgproof.reports.inventory import mermaid
from pgproof.reports.view import View

COLUMNS = (ColumnEntry("id", "integer", not_null=True, key="primary key"), ColumnEntry("body", "text", not_null=False))


def table(number: int, *references: Reference, columns: tuple[ColumnEntry, ...] = COLUMNS) -> TableEntry:
    schema = "app" if number % 2 else "audit"
    return TableEntry(
        schema, f"t{number}", "table", "", columns, (), references, 0, (), (), row_security=False, privileges=(),
        rows=number, rows_are="estimated", size_bytes=number * 1024,
    )  # fmt: skip


LINKED = table(3, Reference("to_one", ("id",), "app.t1", ("id",)))
MANY = Inventory(
    "the live database shop on PostgreSQL 18",
    (("tables", 3000),),
    (),
    (table(1), table(2), LINKED, *(table(number) for number in range(4, 3001))),
    (),
    (),
)


def test_of_many_tables_the_schemas_come_first_and_the_largest_are_named() -> None:
    lines = render("text", MANY, View()).splitlines()
    assert "  app   1,500 tables · about 2,250,000 rows (estimated) · 2 GB" in lines
    assert "tables, the largest 40 of 3,000" in lines
    assert [line.split()[0] for line in lines if line.startswith("  a") and ".t" in line][:2] == [
        "audit.t3000",
        "app.t2999",
    ]
    assert len(lines) < 60
    assert any("pgproof inventory 'PATTERN'" in line for line in lines)


def test_all_of_them_are_shown_when_asked_for_and_few_ones_anyway() -> None:
    assert render("text", MANY, View(limit=None)).count("  primary key") == 3000
    few = replace(MANY, tables=MANY.tables[:40])
    assert render("text", few, View()).count("  primary key") == 40


def test_rows_of_a_schema_are_exact_only_when_each_table_was_counted() -> None:
    counted = tuple(replace(one, rows_are="exact") for one in MANY.tables)
    assert "1,500 tables · 2,250,000 rows · 2 GB" in render("text", replace(MANY, tables=counted), View())
    mixed = (MANY.tables[0], *counted[1:])
    assert "about 2,250,000 rows (estimated)" in render("text", replace(MANY, tables=mixed), View())


@pytest.mark.parametrize(("form", "word", "comment"), [("mermaid", "{\n", "%%"), ("dbml", "Table ", "//")])
def test_a_diagram_shows_the_tables_with_references_and_says_what_it_leaves_out(
    form: str, word: str, comment: str
) -> None:
    drawn = render(form, MANY, View())
    assert drawn.count(word) == 100
    assert f"{comment} 100 of 3,000 tables, those with the most foreign keys" in drawn
    assert "t1" in drawn
    assert "t3" in drawn
    everything = render(form, MANY, View(limit=None))
    assert everything.count(word) == 3000
    assert comment not in everything


def test_a_diagram_that_viewers_would_not_draw_shows_keys_only() -> None:
    wide = tuple(ColumnEntry(f"column_{number}", "text", not_null=False) for number in range(300))
    tables = tuple(table(number, columns=(*COLUMNS, *wide)) for number in range(50))
    drawn = render("mermaid", replace(MANY, tables=tables), View())
    assert len(drawn) < mermaid.LONGEST
    assert "%% keys only" in drawn
    assert "integer id PK" in drawn
    assert "column_1" not in drawn
    assert "column_1" in render("mermaid", replace(MANY, tables=tables), View(limit=None))
