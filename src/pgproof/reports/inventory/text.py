"""The inventory on a terminal: the summary first, then migrations, tables and routines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pgproof.judge.inventory import Inventory, MigrationEntry, Named, RoutineEntry, TableEntry
from pgproof.reports.ending import count, not_verified
from pgproof.reports.schemas import largest, schemas
from pgproof.reports.terminal import Ink, one_line, paint, wrapped
from pgproof.reports.view import View

SHOWN = 40
"""Tables, routines and migrations that are shown of each unless all are asked for."""
REAL_ROWS = "The rows shown are real: look at them before you share this. What sounds like a secret is masked."

_NAMED = 5
"""How many objects of a kind a migration is shown with."""
_PLURAL = re.compile(r"(?:ies|(?<=x)es|s)\b")
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def render(inventory: Inventory, view: View) -> str:
    """Return the report for a terminal."""
    lines = [*summary(inventory, view)]
    if not view.brief:
        lines += _part("migrations", inventory.migrations, _migration, view)
        lines += _tables(inventory, view)
        lines += _part("functions", inventory.routines, _routine, view)
        lines += _enums(inventory, view)
        lines += not_verified(inventory.gaps, view)
    return "\n".join([*lines, ""])


def summary(inventory: Inventory, view: View) -> Iterator[str]:
    """Yield what the inventory is of, and the counts."""
    yield one_line(inventory.source)
    told = " · ".join(f"{number:,} {noun(word, number)}" for word, number in inventory.counts) or "nothing"
    yield from wrapped(told, view.width, "  ", "  ")
    if inventory.left_out:
        yield f"  {inventory.left_out:,} of the tables and functions are left out by the filter"
    if any(table.sample for table in inventory.tables):
        yield from wrapped(REAL_ROWS, view.width, "  ", "  ")
    yield ""


def noun(word: str, number: int) -> str:
    """Return what is counted (`all_indexes`) as it is said of so many: `indexes in all`, `index in all`."""
    words = word.replace("_", " ")
    if words.startswith("all "):
        words = f"{words.removeprefix('all ')} in all"
    return words if number != 1 else _PLURAL.sub(lambda end: "y" if end[0] == "ies" else "", words)


def size(size_bytes: int) -> str:
    """Return a size as people say it."""
    number, unit = float(size_bytes), 0
    while number >= 1024 and unit < len(_UNITS) - 1:
        number, unit = number / 1024, unit + 1
    return f"{number:.0f} {_UNITS[unit]}"


def rows(table: TableEntry) -> str:
    """Return the number of rows with how it is known, `""` when nobody knows."""
    return rows_of(table.rows, table.rows_are)


def rows_of(number: int | None, are: str) -> str:
    """Return a number of rows, labelled unless each was counted; `""` for `None`."""
    if number is None:
        return ""
    told = f"{number:,} row{'s' * (number != 1)}"
    return told if are == "exact" else f"about {told} (estimated)"


def _bytes(number: int | None) -> str:
    return "" if number is None else size(number)


def _tables(inventory: Inventory, view: View) -> Iterator[str]:
    """Yield all that is known of each table; of more than a person reads, a line of each schema and of the largest."""
    tables = inventory.tables
    if view.limit is None or len(tables) <= SHOWN:
        yield from _part("tables", tables, _table, view)
        return
    yield paint("schemas", Ink.BOLD, view.colour)
    for schema in schemas(inventory):
        relations = [f"{number:,} {kind}{'s' * (number != 1)}" for kind, number in schema.relations]
        told = (*relations, rows_of(schema.rows, schema.rows_are), _bytes(schema.size_bytes))
        yield one_line(f"  {schema.name}   {' · '.join(filter(None, told))}")
    yield from ("", paint(f"tables, the largest {SHOWN} of {len(tables):,}", Ink.BOLD, view.colour))
    for table in largest(tables)[:SHOWN]:
        yield from _brief(table, view)
    yield "  … the others by name, with their columns: pgproof inventory 'PATTERN', or --all"
    yield ""


def _brief(table: TableEntry, view: View) -> Iterator[str]:
    facts = (
        table.kind,
        count(len(table.columns), "column"),
        f"{len(table.indexes)} index{'es' * (len(table.indexes) != 1)}",
        count(len(table.references), "reference") if table.references else "",
        rows(table),
        _bytes(table.size_bytes),
    )
    yield f"  {paint(one_line(table.full_name), Ink.BOLD, view.colour)}   {' · '.join(filter(None, facts))}"
    yield from (one_line(f"      {row}") for row in table.sample)


def _part(title: str, entries: Sequence[object], show: object, view: View) -> Iterator[str]:
    if not entries:
        return
    assert callable(show)
    yield paint(title, Ink.BOLD, view.colour)
    end = len(entries) if view.limit is None else SHOWN
    for entry in entries[:end]:
        yield from show(entry, view)
    if len(entries) > end:
        yield f"  … and {len(entries) - end} more (--all shows them)"
    yield ""


def _migration(entry: MigrationEntry, view: View) -> Iterator[str]:
    state = {True: "  applied", False: "  pending", None: ""}[entry.applied]
    failed = f", {entry.failed} failed" if entry.failed else ""
    facts = f"{count(entry.lines, 'line')}, {size(entry.size_bytes)}, {count(entry.statements, 'statement')}{failed}"
    yield f"  {one_line(entry.path)}   {paint(facts + state, Ink.FAINT, view.colour)}"
    for word, names in (("creates", entry.created), ("alters", entry.altered), ("drops", entry.dropped)):
        for line in _listed(names):
            yield from wrapped(line, view.width, f"      {word} ", "        ")
    for line in _listed(entry.gone):
        yield from wrapped(line, view.width, "      no longer there: ", "        ")


def _table(table: TableEntry, view: View) -> Iterator[str]:
    facts = [table.kind, rows(table), _bytes(table.size_bytes)]
    facts.append(f"last used {table.used}" if table.used else "")
    told = " · ".join(filter(None, facts))
    yield f"  {paint(one_line(table.full_name), Ink.BOLD, view.colour)}   {told}" + (
        f"   {paint(one_line(table.made_by), Ink.FAINT, view.colour)}" if table.made_by else ""
    )
    if table.comment:
        yield from wrapped(table.comment, view.width, "      ", "      ")
    width = max((len(column.name) for column in table.columns), default=0)
    for column in table.columns:
        default = f" {'generated as' if column.generated else 'default'} {column.default}" if column.default else ""
        words = f"{column.type}{' not null' * column.not_null}{default}{f'  {column.key}' if column.key else ''}"
        comment = f"   -- {column.comment}" if column.comment else ""
        yield one_line(f"      {column.name:<{width}}  {words}{comment}")
    for one in table.references:
        target = f"{one.table} ({', '.join(one.referenced)})"
        yield one_line(f"      references {target} by {', '.join(one.columns)}")
    for index in table.indexes:
        if index.kinds != ("constraint",):
            yield one_line(f"      index {index.name} ({', '.join(index.kinds)}) {index.definition}")
    policies = ", ".join(table.policies) or "no policy"
    others = [
        count(table.checks, "check") if table.checks else "",
        f"triggers {', '.join(table.triggers)}" if table.triggers else "",
        f"row security: {policies}" if table.row_security else "",
    ]
    if told := " · ".join(filter(None, others)):
        yield from wrapped(told, view.width, "      ", "      ")
    for row in table.sample:
        yield one_line(f"      {row}")


def _routine(routine: RoutineEntry, view: View) -> Iterator[str]:
    result = f" → {routine.result}" if routine.result else ""
    definer = ", security definer" * (routine.security == "definer")
    facts = f"{routine.language}, {routine.volatility or routine.kind}{definer}"
    yield f"  {one_line(routine.name + result)}   {paint(facts, Ink.FAINT, view.colour)}"
    touched = [
        f"{word} {', '.join(names)}"
        for word, names in (("reads", routine.reads), ("writes", routine.writes), ("calls", routine.calls))
        if names
    ]
    if touched:
        yield from wrapped(" · ".join(touched), view.width, "      ", "        ")


def _enums(inventory: Inventory, view: View) -> Iterator[str]:
    if inventory.enums:
        yield paint("enums", Ink.BOLD, view.colour)
        for name, labels in inventory.enums:
            yield from wrapped(f"{name}: {', '.join(labels)}", view.width, "  ", "      ")
        yield ""


def _listed(objects: Sequence[Named]) -> Iterator[str]:
    """Yield a line for each kind: how many there are, and the names of a few."""
    by_kind: dict[str, list[str]] = {}
    for kind, name in objects:
        by_kind.setdefault(kind, []).append(name)
    for kind, names in by_kind.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{f'{len(names)} × ' * (len(names) > 1)}{kind} {', '.join(names[:_NAMED])}{more}"
