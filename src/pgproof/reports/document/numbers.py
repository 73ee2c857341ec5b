"""What was promised in numbers against what is there, and each migration as the replay saw it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pgproof.judge.document import PromisedNumber, ReplayedFile
from pgproof.judge.result import MigrationState
from pgproof.reports.document.code import cell, code, folded, plain, table
from pgproof.reports.ending import count

SHOWN = 30
"""Migrations that stand in the first table; the others are folded."""
NAMED = 40
"""Objects of one migration that are named."""
_PLURALS = {"index": "indexes", "policy": "policies"}


def numbers(promised: Sequence[PromisedNumber]) -> Iterator[str]:
    """Yield every promised number; those that are not kept first."""
    if not promised:
        return
    yield "## Promised in numbers"
    yield ""
    ranked = sorted(promised, key=lambda one: one.kept)
    yield from table(("", "promised", "found", "of"), map(_number, ranked[: 2 * SHOWN]))
    if len(ranked) > 2 * SHOWN:
        yield f"… and {len(ranked) - 2 * SHOWN} more, which are kept or of the same kind."
        yield ""


def _number(one: PromisedNumber) -> tuple[str, ...]:
    mark = "kept" if one.kept else "**not kept**"
    return mark, f"{cell(one.promised)} {cell(one.word)}", cell(one.found), cell(one.part) or "all"


def migrations(files: Sequence[ReplayedFile], states: Sequence[MigrationState]) -> Iterator[str]:
    """Yield a row for each migration: statements, what it made, how long the replay took, and whether live has it."""
    if not files:
        return
    live = {state.path: state for state in states}
    timed = any(one.elapsed_ms is not None for one in files)
    headings = ("file", "statements", "made", *(["on the replay"] * timed), *(["in the live database"] * bool(live)))
    rows = [_row(one, live, timed=timed) for one in files]
    total = sum(one.statements for one in files)
    yield "## Migrations"
    yield ""
    yield f"{count(len(files), 'file')}, {count(total, 'statement')}: {_made(files)}."
    yield ""
    yield from table(headings, rows[:SHOWN])
    if rows[SHOWN:]:
        yield from folded(f"{len(rows) - SHOWN} more", table(headings, rows[SHOWN:]))
    if named := [one for one in files if one.made]:
        yield from folded("what each of them made", _named(named))


def _row(one: ReplayedFile, live: dict[str, MigrationState], *, timed: bool) -> tuple[str, ...]:
    failed = f", **{one.failed} not replayed**" if one.failed else ""
    took = [f"{one.elapsed_ms} ms" if one.elapsed_ms is not None else ""] * timed
    there = [_live(live.get(one.path))] * bool(live)
    return cell(one.path), f"{one.statements}{failed}", _made([one]), *took, *there


def _live(state: MigrationState | None) -> str:
    if state is None:
        return ""
    recorded = {True: "recorded, ", False: "not recorded, ", None: ""}[state.recorded]
    missing = f" without {', '.join(map(cell, state.missing[:2]))}" if state.missing else ""
    more = f" and {len(state.missing) - 2} more" if len(state.missing) > 2 else ""
    return f"{recorded}{plain(state.presence)}{missing}{more}"


def _made(files: Sequence[ReplayedFile]) -> str:
    """Return how many objects of each kind were made: `3 tables, 1 index`."""
    by_kind = Counter(plain(kind) for one in files for kind, _ in one.made)
    told = (f"{number} {_PLURALS.get(kind, f'{kind}s') if number != 1 else kind}" for kind, number in by_kind.items())
    return ", ".join(told) or "nothing new"


def _named(files: Sequence[ReplayedFile]) -> Iterator[str]:
    for one in files:
        more = f" and {len(one.made) - NAMED} more (`pgproof inventory`)" if len(one.made) > NAMED else ""
        yield f"- {code(one.path)}: {', '.join(f'{plain(kind)} {code(name)}' for kind, name in one.made[:NAMED])}{more}"
    yield ""
