"""Two schemas compared, on a terminal: by effect, the worst first, in the shape of a unified diff."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from pgproof.judge.schema_diff import Changed, Compared, SchemaDiff, Weight
from pgproof.reports.ending import count, not_verified
from pgproof.reports.terminal import Ink, one_line, paint, wrapped
from pgproof.reports.view import View

_MARKS = {"only in A": ("-", Ink.RED), "only in B": ("+", Ink.GREEN)}
_CHANGED = ("~", Ink.YELLOW)
_SHOWN = 5
"""How many objects that changed alike are named."""
_LINES = 24
"""How many lines of a text that changed are shown."""


def render(diff: SchemaDiff, view: View) -> str:
    """Return the report for a terminal."""
    lines = [] if view.brief else [*_sides(diff, view), *body(diff, view), *not_verified(diff.gaps, view)]
    return "\n".join([*lines, *last_line(diff, view), ""])


def body(diff: SchemaDiff, view: View) -> Iterator[str]:
    """Yield the differences, those of one effect together."""
    for weight in Weight:
        changes = diff.of(weight)
        if changes:
            yield paint(weight.value, Ink.BOLD, view.colour)
            end = len(changes) if view.limit is None else max(view.limit, 10)
            for change in changes[:end]:
                yield from _change(change, view)
            if len(changes) > end:
                yield f"  … and {len(changes) - end} more (--all shows them)"
            yield ""


def summary(diff: SchemaDiff) -> str:
    """Return how many differences there are, by effect."""
    by_weight = [(weight, sum(map(len, diff.of(weight)))) for weight in Weight]
    total = sum(number for _, number in by_weight)
    listed = "".join(f" · {number} {weight}" for weight, number in by_weight if number)
    ignored = f" · {diff.ignored} ignored" if diff.ignored else ""
    if diff.undecided:
        return f"nothing differs in what could be compared{ignored}   {count(diff.objects, 'object')} compared"
    told = f"{count(total, 'difference')}{listed}" if total else "no difference"
    return f"{told}{ignored}   {count(diff.objects, 'object')} compared"


def last_line(diff: SchemaDiff, view: View) -> list[str]:
    """Return the line that tells the whole story."""
    word, ink = ("UNDECIDED", Ink.YELLOW) if diff.undecided else ("EQUAL", Ink.GREEN)
    if not diff.same:
        word, ink = "DIFFERENT", Ink.RED
    elapsed = f"   {view.elapsed_ms / 1000:.1f} s" if view.elapsed_ms is not None else ""
    return wrapped(summary(diff) + elapsed, view.width, f"{paint(word, ink, view.colour)}   ", "  ")


def side(one: Compared) -> str:
    """Return what a side is, in one line."""
    return f"{one.name}   {one.what}" if one.name else one.what


def _sides(diff: SchemaDiff, view: View) -> Iterator[str]:
    for mark, ink, letter, one in zip("-+", (Ink.RED, Ink.GREEN), "AB", diff.sides, strict=True):
        yield from wrapped(side(one), view.width, paint(mark * 3, ink, view.colour) + f" {letter}  ", "       ")
    yield ""


def _change(change: Changed, view: View) -> Iterator[str]:
    mark, ink = _MARKS.get(change.action, _CHANGED)
    place = f"   {one_line(str(change.location))}" if change.location else ""
    yield f"  {paint(mark, ink, view.colour)} {_headline(change)}{paint(place, Ink.FAINT, view.colour)}"
    if change.others:
        named = ", ".join((change.name, *change.others[: _SHOWN - 1]))
        yield from wrapped(named + " …" * (len(change) > _SHOWN), view.width, "      ", "      ")
    if change.along and view.limit is None:
        yield from wrapped(", ".join(change.along), view.width, "      with ", "      ")
    if change.action == "changed":
        yield from _values(change, view)
    if change.note:
        yield from wrapped(change.note, view.width, "      = ", "        ")


def _headline(change: Changed) -> str:
    what = f"{change.kind} {change.name}" if not change.others else f"{len(change)} × {change.kind}"
    told = change.attribute + (f" of {change.key}" if change.key else "")
    if change.action == "renamed":
        follow = f", and so are {count(change.hidden, 'name')} that follow from it" if change.hidden else ""
        return one_line(f"{what} is named {change.after}{follow}")
    if change.action == "changed":
        return one_line(f"{what}: {told}")
    return one_line(what + (f", with {count(change.hidden, 'object')} of its own" if change.hidden else ""))


def _values(change: Changed, view: View) -> Iterator[str]:
    before, after = change.before, change.after
    if before and after and ("\n" in before or "\n" in after):
        lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[3:]
        for line in lines[:_LINES]:
            ink = {"-": Ink.RED, "+": Ink.GREEN}.get(line[:1], Ink.FAINT)
            yield "      " + paint(one_line(line), ink, view.colour)
        if len(lines) > _LINES:
            yield f"      … and {len(lines) - _LINES} more lines"
        return
    for mark, ink, value in (("-", Ink.RED, before), ("+", Ink.GREEN, after)):
        yield from wrapped(value or "nothing", view.width, f"      {paint(mark, ink, view.colour)} ", "        ")
