"""Each feature of the contract: how it stands, whose it is, and what it needs with the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgproof.judge.document import NeedOutcome, NeedState
from pgproof.judge.result import FeatureState, Readiness
from pgproof.reports.document.code import cell, code, folded, plain, table

SHOWN = 100
"""Features, and needs of one, that are listed."""
_ORDER = list(Readiness)
_RANK = (NeedOutcome.FAILS, NeedOutcome.UNKNOWN, NeedOutcome.HOLDS)


def features(states: Sequence[FeatureState]) -> Iterator[str]:
    """Yield a table of all features, worst first, and of each one its needs, folded."""
    if not states:
        return
    ranked = sorted(states, key=lambda state: (_ORDER.index(state.readiness), state.name))
    yield "## Features"
    yield ""
    yield from table(("feature", "", "needs that hold", "owner", "tier"), map(_row, ranked[:SHOWN]))
    if hidden := len(ranked) - SHOWN:
        yield from (f"… and {hidden} more features, all of them no worse.", "") if hidden > 0 else ()
    for state in ranked[:SHOWN]:
        if state.needs:
            total = state.holding + state.failing + state.unknown
            yield from folded(f"{state.readiness} {state.holding} of {total}", _needs(state), state.name)


def _row(state: FeatureState) -> tuple[str, ...]:
    name = f"{cell(state.name)} {cell(state.title)}".rstrip()
    total = state.holding + state.failing + state.unknown
    told = str(state.readiness) if state.readiness is Readiness.READY else f"**{state.readiness}**"
    return name, told, f"{state.holding} of {total}", cell(state.owner), cell(state.tier)


def _needs(state: FeatureState) -> Iterator[str]:
    ranked = sorted(state.needs, key=lambda need: _RANK.index(need.outcome))
    yield from table(("needs", "", "known by"), map(_need, ranked[:SHOWN]))
    if len(ranked) > SHOWN:
        yield f"… and {len(ranked) - SHOWN} more."
        yield ""
    if places := [*state.files, *state.routes]:
        yield f"In {', '.join(map(code, places[:SHOWN]))}."
        yield ""


def _need(need: NeedState) -> tuple[str, ...]:
    told = "holds" if need.outcome is NeedOutcome.HOLDS else f"**{need.outcome}**"
    problem = f" {cell(need.problem)}" if need.problem else ""
    optional = "" if need.required else " (optional)"
    return f"{cell(need.sentence)}{optional}", f"{told}{problem}", plain(need.known)
