"""The coverage page, made of the changes that the tests make: `python -m tests.catalog.coverage` writes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import ALL
from tests.catalog.mutations import HARMLESS, MORE_MUTATIONS, MUTATIONS, Mutation

PAGE = Path(__file__).parent.parent.parent / "docs" / "coverage.md"

_HEAD = """\
# What a comparison sees

Made of the changes that `tests/catalog/mutations.py` makes, one at a time, to a schema on PostgreSQL 15, 16 and 18 (and
17 where it is installed): each must be reported, with the object that is named here. `python -m tests.catalog.coverage`
writes this page; a test keeps it current.
"""
_MEASURED = """\
The first table has the attributes that other tools were measured on, on PostgreSQL 15, with all of their options that
show more: `pg_dump -s` as text showed 142 of 148, supabase/pg-delta 129, results 98, stripe/pg-schema-diff 84, migra
80, the open-source library of Atlas 46. pgproof shows {seen}. The second table has what none was measured on.
"""
_HARMLESS = """\
Each of these is made to a copy, and nothing may be reported.
"""
_KINDS = """\
All attributes of all kinds that are read and compared. The effect decides how a difference is weighed: security and
integrity are errors, performance is a warning, cosmetic is a note. Expressions are compared by what they mean: after
one server has parsed both texts again. What a database holds beyond these kinds is counted and named in the report.
"""
_WORDS = {
    Effect.SECURITY: "security",
    Effect.INTEGRITY: "integrity",
    Effect.PERFORMANCE: "performance",
    Effect.COSMETIC: "cosmetic",
    Effect.SOFT: "soft",
}


def page() -> str:
    """Return the page."""
    lines = [_HEAD, _MEASURED.format(seen=f"{len(MUTATIONS)} of {len(MUTATIONS)}"), *_table(MUTATIONS)]
    lines += ["", f"## {len(MORE_MUTATIONS)} more", "", *_table(MORE_MUTATIONS), "", "## No difference", "", _HARMLESS]
    lines += [f"- {what}" for what in HARMLESS]
    return "\n".join([*lines, "", f"## {len(ALL)} kinds", "", _KINDS, *_kinds()]) + "\n"


def _table(mutations: Iterable[Mutation]) -> list[str]:
    rows = ["| object | change | reported on |", "|---|---|---|"]
    for mutation in mutations:
        of, _, change = mutation.row.partition(": ")
        rows.append(f"| {_cell(of)} | {_cell(change or 'changed')} | {_cell(mutation.kind)} `{_cell(mutation.name)}` |")
    return rows


def _kinds() -> list[str]:
    rows = ["| kind | attributes |", "|---|---|"]
    for kind in ALL:
        told = [
            f"{attribute} ({word})"
            for attribute, effect in kind.attributes.items()
            if (word := next((word for flag, word in _WORDS.items() if effect & flag), ""))
        ]
        rows.append(f"| {kind.name} | {_cell(', '.join(told))} |")
    return rows


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
