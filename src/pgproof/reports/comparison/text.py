"""The comparison on a terminal: what is new in full, the rest in a line each, and a last line that tells the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pgproof.judge.comparison import Change, Comparison, Side
from pgproof.judge.result import Judged
from pgproof.model import Gap
from pgproof.reports.block import block
from pgproof.reports.ending import VERDICT_INKS, count
from pgproof.reports.headline import headline
from pgproof.reports.terminal import Ink, paint, verbatim, wrapped
from pgproof.reports.view import View

_INDENTATION = " " * 4


def render(comparison: Comparison, view: View) -> str:
    """Return the report for a terminal."""
    lines = [] if view.brief else [*_sides(comparison, view), *_body(comparison, view), *_because(comparison, view)]
    return "\n".join([*lines, *last_line(comparison, view), ""])


def sections(comparison: Comparison, view: View) -> Iterator[tuple[str, list[str]]]:
    """Yield the title and the lines of each part that has any."""
    new = [(one.finding, one.note) for one in comparison.new]
    fixed = [(finding, "") for finding in comparison.fixed]
    unclear = [(one.finding, one.note) for one in comparison.unclear]
    changed = [one for one in comparison.persisting if one.changes]
    unchanged = [(one.finding, "") for one in comparison.persisting if not one.changes]
    parts: list[tuple[str, Iterable[str]]] = [
        (_title("new", new), _blocks(new, view)),
        (_title("fixed", fixed), _listed(fixed, view)),
        (_title("gone, but not known to be fixed", unclear), _listed(unclear, view)),
        (_title("changed", changed), (line for one in changed for line in _changed(one.finding, one.changes, view))),
        (_title("unchanged", unchanged), _listed(unchanged, view)),
        ("new gaps", _gaps(comparison.gaps_opened, view)),
        ("gaps that are gone", _gaps(comparison.gaps_closed, view)),
        ("evidence", _differences(comparison.evidence, view)),
        ("checks", _differences(comparison.checks, view, absent="not run")),
        ("read", _differences(comparison.coverage, view)),
    ]
    for title, lines in parts:
        if made := list(lines):
            yield title, made


def last_line(comparison: Comparison, view: View) -> list[str]:
    """Return the line that tells the whole story."""
    before, after = comparison.before, comparison.after
    colour = [paint(side.verdict, VERDICT_INKS[side.verdict], view.colour) for side in (before, after)]
    verdicts = f"{colour[1]} as before" if before.verdict is after.verdict else f"{colour[0]} → {colour[1]}"
    scope = f"({after.scope})   " if after.scope else ""
    return wrapped(f"{scope}{summary(comparison)}", view.width, f"{verdicts} ", "  ")


def summary(comparison: Comparison) -> str:
    """Return how many findings are new, fixed and so on."""
    counts = {
        "new": comparison.new,
        "fixed": comparison.fixed,
        "not known to be fixed": comparison.unclear,
        "persisting": comparison.persisting,
    }
    told = [f"{len(findings)} {what}" for what, findings in counts.items() if findings or what == "new"]
    opened, closed = len(comparison.gaps_opened), len(comparison.gaps_closed)
    told += [count(opened, "new gap")] * bool(opened) + [f"{count(closed, 'gap')} gone"] * bool(closed)
    return " · ".join(told)


def _sides(comparison: Comparison, view: View) -> Iterator[str]:
    for label, side in (("before", comparison.before), ("after", comparison.after)):
        yield from wrapped(_side(side), view.width, paint(label.ljust(8), Ink.FAINT, view.colour), " " * 8)
    yield ""


def _side(side: Side) -> str:
    scope = f" ({side.scope})" if side.scope else ""
    return f"{side.name}: {side.verdict}{scope}"


def _body(comparison: Comparison, view: View) -> Iterator[str]:
    for title, lines in sections(comparison, view):
        yield paint(title, Ink.BOLD, view.colour)
        yield from lines
        yield ""


def _because(comparison: Comparison, view: View) -> Iterator[str]:
    if comparison.why:
        label = paint("because", Ink.FAINT, view.colour)
        yield from wrapped(" · ".join(comparison.why), view.width, f"{label}  ", " " * 9)


def _title(title: str, findings: Sequence[object]) -> str:
    return f"{title}: {len(findings)}"


def _blocks(findings: Sequence[tuple[Judged, str]], view: View) -> Iterator[str]:
    end = len(findings) if view.limit is None else view.limit
    for number, (finding, note) in enumerate(findings[:end]):
        if number:
            yield ""
        yield from block(finding, view)
        if note:
            yield from wrapped(note, view.width, f"   {paint('=', Ink.FAINT, view.colour)} ", "       ")
    yield from _listed(findings[end:], view)


def _listed(findings: Sequence[tuple[Judged, str]], view: View) -> Iterator[str]:
    end = len(findings) if view.limit is None else view.limit
    for finding, note in findings[:end]:
        yield headline(finding, view)
        if note:
            yield from wrapped(note, view.width, _INDENTATION, _INDENTATION)
    if hidden := len(findings) - end if len(findings) > end else 0:
        yield f"  … and {hidden} more (--all shows them)"


def _changed(finding: Judged, changes: Sequence[Change], view: View) -> Iterator[str]:
    yield headline(finding, view)
    for change in changes:
        yield from wrapped(_arrow(change), view.width, _INDENTATION, _INDENTATION)


def _differences(changes: Sequence[Change], view: View, absent: str = "nothing") -> Iterator[str]:
    for change in changes:
        yield from wrapped(_arrow(change, absent), view.width, "  ", _INDENTATION)


def _arrow(change: Change, absent: str = "nothing") -> str:
    before, after = (absent if value is None else value or "there" for value in (change.before, change.after))
    return f"{change.what}: {before} → {after}"


def _gaps(gaps: Sequence[Gap], view: View) -> Iterator[str]:
    for gap in gaps:
        mark = paint("blocking", Ink.YELLOW, view.colour) + " " if gap.blocking else ""
        place = f"{gap.location}: " if gap.location else ""
        yield from wrapped(place + gap.reason, view.width, f"  {mark}", _INDENTATION)
        if gap.way_out:
            yield from verbatim(gap.way_out, f"{_INDENTATION}→ ", _INDENTATION + "  ")
