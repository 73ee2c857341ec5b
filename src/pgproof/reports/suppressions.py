"""What is not reported and why, and what suppresses nothing any more, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pgproof.judge.result import Result, Stale, Staleness, Suppressed, Suppression, Suppressor
from pgproof.reports.headline import headline
from pgproof.reports.terminal import Ink, paint, wrapped
from pgproof.reports.view import View

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_IGNORED = (Suppressor.COMMENT, Suppressor.CONFIGURATION)


def counts(result: Result) -> Iterator[str]:
    """Yield how many findings are ignored, in the baseline, and older than the change."""
    by = [one.suppression.by for one in result.suppressed]
    ignored = [one.suppression.until for one in result.suppressed if one.suppression.by in _IGNORED]
    if ignored:
        yield f"{len(ignored)} ignored{_expiring(ignored)}"
    if listed := by.count(Suppressor.BASELINE):
        yield f"{listed} in the baseline"
    if older := by.count(Suppressor.SINCE):
        yield f"{older} persisting"


def _expiring(until: Sequence[str]) -> str:
    """Say when the first of them expire. ISO dates sort as days do; a stored result may hold any text."""
    days = [day for day in until if _DAY.fullmatch(day)]
    if not days:
        return ""
    if len(set(days)) > 1:
        return f" ({len(days)} expire, the first on {min(days)})"
    return f" ({len(days)} expire{'s' * (len(days) == 1)} on {days[0]})"


def why(suppression: Suppression) -> str:
    """Say why a finding is not reported."""
    if suppression.by is Suppressor.SINCE:
        return suppression.reason
    if suppression.by is Suppressor.BASELINE:
        return f"in the baseline {suppression.location}"
    until = f" until {suppression.until}" if suppression.until else ""
    return f"ignored by {suppression.location}{until}: {suppression.reason}"


def what_to_do(stale: Stale) -> str:
    """Say what a suppression is that can go, and what to do, without its place."""
    one = stale.suppression
    of = f"{one.code} of {one.subject}" if one.subject else one.code
    if one.by is Suppressor.BASELINE:
        return f"{one.code} {one.subject} is fixed: pgproof baseline removes it"
    if stale.state is Staleness.EXPIRED:
        return f"{of} was ignored until {one.until} ({one.reason}): fix it, or decide anew"
    return f"{of} is ignored and not found ({one.reason}): delete the ignore"


def to_clean_up(stale: Sequence[Stale], view: View) -> Iterator[str]:
    """Yield a line for each suppression that can go; nothing when there are none."""
    if not stale:
        return
    yield paint("to clean up", Ink.BOLD, view.colour)
    shown = stale if view.limit is None else stale[: view.limit]
    for one in shown:
        place = f"{one.suppression.location}: " if one.suppression.location else ""
        yield from wrapped(place + what_to_do(one), view.width, "  ", "    ")
    if hidden := len(stale) - len(shown):
        yield f"  … and {hidden} more (--all shows them)"
    yield ""


def not_reported(suppressed: Sequence[Suppressed], view: View) -> Iterator[str]:
    """Yield each finding that is not reported, with the reason; nothing when there are none."""
    if not suppressed:
        return
    yield paint("not reported", Ink.BOLD, view.colour)
    shown = suppressed if view.limit is None else suppressed[: view.limit]
    for one in shown:
        yield headline(one.finding, view)
        yield from wrapped(why(one.suppression), view.width, "    ", "    ")
    if hidden := len(suppressed) - len(shown):
        yield f"  … and {hidden} more (--all shows them)"
    yield ""
