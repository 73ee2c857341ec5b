"""Which statements of a file run together, by its tool's way and by its own BEGIN and COMMIT."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay.transactions import Runnable, plan
from pgproof.sql.script import Refused, read_script


def planned(text: str, transaction: Transaction) -> list[str]:
    """Return each segment by words of its statements: `[` and `]` are pgproof's, `-` stands alone, `!` never ends."""
    steps: list[tuple[int, Runnable]] = []
    for number, step in enumerate(read_script(text, "m/1.sql", Path("/"))):
        assert not isinstance(step, Refused)
        steps.append((number, step))
    segments = []
    for segment in plan(steps, transaction):
        letters = " ".join(text_of(step) for _, step in segment.steps)
        opened = "[" * segment.opens + letters + "]" * segment.closes
        segments.append("-" * segment.bare + opened + "!" * segment.abandoned)
    return segments


def text_of(step: Runnable) -> str:
    text = step.text if not hasattr(step, "statement") else step.statement.text
    return text.split()[0] if text[:6].lower() in ("select", "begin;", "begin") else text.split()[-1]


ADD = "alter type e add value 'V'"
CIC = "create index concurrently on x (a) where T"


@pytest.mark.parametrize(
    ("text", "file", "query", "statement"),
    [
        ("table A; table B", ["[A B]"], ["[A B]"], ["[A B]"]),
        (f"table A; {CIC}; table B", ["[A T B]"], ["[A T B]"], ["[A]", "-T", "[B]"]),
        (CIC, ["[T]"], ["-T"], ["-T"]),
        (f"table A; {ADD}; table B", ["[A 'V' B]"], ["[A 'V' B]"], ["[A]", "['V']", "[B]"]),
        ("begin; table A; commit", ["begin A commit"], ["begin A commit"], ["begin A commit"]),
        (
            "table A; begin; table B; commit; table C",
            ["[A begin B commit", "[C]"],
            ["[A]", "begin B commit", "[C]"],
            ["[A]", "begin B commit", "[C]"],
        ),
        ("begin; table A", ["begin A]"], ["begin A!"], ["begin A!"]),
        (
            "table A; commit; begin; table B",
            ["[A commit", "begin B]"],
            ["[A]", "-commit", "begin B!"],
            ["[A]", "-commit", "begin B!"],
        ),
        ("table A; commit; table B", ["[A commit", "[B]"], ["[A]", "-commit", "[B]"], ["[A]", "-commit", "[B]"]),
        (
            f"begin; {CIC}; rollback; {CIC}",
            ["begin T rollback", "-T"],
            ["begin T rollback", "[T]"],
            ["begin T rollback", "-T"],
        ),
        (
            "begin; table A; commit and chain; table B; commit",
            ["begin A chain", "B commit"],
            ["begin A chain", "B commit"],
            ["begin A chain", "B commit"],
        ),
        ("table A; savepoint S; table B", ["[A S B]"], ["[A S B]"], ["[A]", "-S", "[B]"]),
        ("table A; lock table B", ["[A B]"], ["[A B]"], ["[A]", "-B"]),
        ("set local x = B; vacuum T; call P()", ["[B T P()]"], ["[B T P()]"], ["-B", "-T", "-P()"]),
        ("", [], [], []),
    ],
)
def test_the_transactions_of_a_file(text: str, file: list[str], query: list[str], statement: list[str]) -> None:
    assert planned(text, Transaction.FILE) == file
    assert planned(text, Transaction.QUERY) == query
    assert planned(text, Transaction.STATEMENT) == statement
