"""How the features of the contract stand, in a short block: those that are not ready, the others counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pgproof.judge.result import FeatureState, Readiness
from pgproof.reports.terminal import Ink, one_line, paint, wrapped
from pgproof.reports.view import View

_ORDER = list(Readiness)
_INKS = {
    Readiness.BLOCKED: Ink.RED,
    Readiness.PARTIAL: Ink.YELLOW,
    Readiness.UNDECIDED: Ink.YELLOW,
    Readiness.READY: Ink.GREEN,
}
_WIDEST = len(Readiness.UNDECIDED)


def features(states: Sequence[FeatureState], view: View) -> Iterator[str]:
    """Yield a line of counts, and one for each feature that is not ready (with `--all` for each of them)."""
    if not states:
        return
    counts = Counter(state.readiness for state in states)
    told = " · ".join(f"{counts[readiness]} {readiness}" for readiness in reversed(_ORDER) if counts[readiness])
    yield f"{paint('features', Ink.BOLD, view.colour)}   {told}"
    ranked = sorted(states, key=lambda state: (_ORDER.index(state.readiness), state.name))
    listed = ranked if view.limit is None else [state for state in ranked if state.readiness is not Readiness.READY]
    shown = listed if view.limit is None else listed[: view.limit]
    for state in shown:
        label = paint(state.readiness.ljust(_WIDEST), _INKS[state.readiness], view.colour)
        yield from wrapped(_line(state), view.width, f"  {label}  ", " " * (_WIDEST + 4))
    if hidden := len(listed) - len(shown):
        yield f"  … and {hidden} more (--all shows them)"
    yield ""


def _line(state: FeatureState) -> str:
    """Return a feature's name, whose it is, how many of its needs hold, and the first that do not."""
    whose = ", ".join(filter(None, (state.title, state.owner, state.tier)))
    total = state.holding + state.failing + state.unknown
    missing = "; ".join(state.missing[:2]) + (f"; {len(state.missing) - 2} more" if len(state.missing) > 2 else "")
    parts = (
        f"{state.name} ({whose})" if whose else state.name,
        f"{state.holding} of {total} needs",
        missing and f"without {missing}",
    )
    return one_line("   ".join(filter(None, parts)))
