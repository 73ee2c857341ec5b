"""The inventory as Markdown: the summary, a table of each kind, and the columns folded.

Whatever comes from the database stands in code, where no markup, link or mention is read.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from pgproof.judge.inventory import Inventory, TableEntry
from pgproof.reports.fence import fenced
from pgproof.reports.inventory.text import REAL_ROWS, rows, rows_of, size
from pgproof.reports.schemas import schemas
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

SHOWN = 200
"""Entries of each kind that are shown unless all are asked for."""


def render(inventory: Inventory, view: View) -> str:
    """Return the inventory in Markdown (GitHub's dialect); of `view` only `limit` and `brief` matter."""
    lines = ["## Inventory", "", _code(inventory.source), ""]
    lines += _table(["what", "number"], [[word.replace("_", " "), str(number)] for word, number in inventory.counts])
    if any(table.sample for table in inventory.tables):
        lines += ["", REAL_ROWS]
    if not view.brief:
        lines += [line for part in _parts(inventory) for line in _cut(part, view)]
        for table in inventory.tables[: None if view.limit is None else SHOWN]:
            lines += _columns(table)
    lines += fenced([one_line(f"not read: {gap.reason}") for gap in inventory.gaps]) if inventory.gaps else []
    return "\n".join(lines) + "\n"


def _parts(inventory: Inventory) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    state = {True: "applied", False: "pending", None: ""}
    yield (
        "Schemas",
        ["schema", "relations", "rows", "size"],
        [
            [
                _code(one.name), ", ".join(f"{number} × {kind}" for kind, number in one.relations),
                rows_of(one.rows, one.rows_are), size(one.size_bytes) if one.size_bytes is not None else "",
            ]
            for one in schemas(inventory)
        ],
    )  # fmt: skip
    yield (
        "Migrations",
        ["file", "lines", "size", "statements", "creates", "alters", "drops", "no longer there", "state"],
        [
            [
                _code(one.path), str(one.lines), size(one.size_bytes), str(one.statements),
                *(str(len(names)) for names in (one.created, one.altered, one.dropped, one.gone)), state[one.applied],
            ]
            for one in inventory.migrations
        ],
    )  # fmt: skip
    yield (
        "Tables",
        ["table", "kind", "rows", "size", "columns", "indexes", "references", "policies", "triggers"],
        [
            [
                _code(one.full_name), one.kind, rows(one), size(one.size_bytes) if one.size_bytes is not None else "",
                str(len(one.columns)), str(len(one.indexes)), str(len(one.references)), str(len(one.policies)),
                str(len(one.triggers)),
            ]
            for one in inventory.tables
        ],
    )  # fmt: skip
    yield (
        "Functions",
        ["signature", "result", "language", "security", "reads", "writes"],
        [
            [
                _code(one.name), _code(one.result), one.language, one.security, _code(", ".join(one.reads)),
                _code(", ".join(one.writes)),
            ]
            for one in inventory.routines
        ],
    )  # fmt: skip


def _cut(part: tuple[str, list[str], list[list[str]]], view: View) -> Iterator[str]:
    title, header, entries = part
    if not entries:
        return
    end = len(entries) if view.limit is None else SHOWN
    yield from ("", f"### {title}", "")
    yield from _table(header, entries[:end])
    if len(entries) > end:
        yield f"… and {len(entries) - end} more"


def _columns(table: TableEntry) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{_code(table.full_name)}</summary>"
    yield ""
    yield from _table(
        ["column", "type", "not null", "default", "key", "comment"],
        [
            [
                _code(one.name), _code(one.type), "not null" * one.not_null, _code(one.default), one.key,
                _code(one.comment),
            ]
            for one in table.columns
        ],
    )  # fmt: skip
    others = [f"index {one.name} ({', '.join(one.kinds)}) {one.definition}" for one in table.indexes]
    others += [
        f"{one.name}: {', '.join(one.columns)} → {one.table} ({', '.join(one.referenced)})" for one in table.references
    ]
    others += [f"policy {one}" for one in table.policies] + [f"trigger {one}" for one in table.triggers]
    others += table.sample
    if others:
        yield ""
        yield from fenced(map(one_line, others))
    yield "</details>"


def _table(header: Sequence[str], entries: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *entries]
    return [f"| {' | '.join(cells)} |" for cells in lines] if entries else []


def _code(text: str) -> str:
    shown = html.escape(one_line(text)).replace("|", "&#124;")
    return f"<code>{shown}</code>" if text else ""
