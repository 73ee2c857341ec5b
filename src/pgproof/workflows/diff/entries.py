"""From differences to what is shown of them: ignored, grouped, worded, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

from pgproof.catalog.alike import alike
from pgproof.catalog.difference import Difference
from pgproof.catalog.kind import Effect
from pgproof.catalog.object import Value
from pgproof.checks.drift.wording import value
from pgproof.judge.schema_diff import Changed, Weight
from pgproof.model import Gap, Location

_WEIGHTS = {
    Weight.SECURITY: Effect.SECURITY,
    Weight.INTEGRITY: Effect.INTEGRITY,
    Weight.PERFORMANCE: Effect.PERFORMANCE,
}
_ACTIONS = {"missing": "only in A", "extra": "only in B"}


class Ignored:
    """What the user does not want to see, and which of that was met."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        """Each of `patterns` is an effect, an attribute, or a name with `*`, with or without its kind before it."""
        self._patterns = patterns
        self._met: set[str] = set()

    def matches(self, difference: Difference) -> bool:
        """Whether a difference is not to be shown."""
        name = str(difference.name)
        words = (weight(difference).value, difference.attribute, name, f"{difference.name.kind} {name}")
        met = [p for p in self._patterns if any(word and fnmatchcase(word, p) for word in words)]
        self._met.update(met)
        return bool(met)

    def gaps(self) -> Iterator[Gap]:
        """Say what was asked for in vain: a name may be misspelt, or what it hid may be gone."""
        for pattern in self._patterns:
            if pattern not in self._met:
                yield Gap(f"--ignore {pattern}: nothing that differs is called so")


def weight(difference: Difference) -> Weight:
    """Return the worst of what a difference does."""
    return next((word for word, effect in _WEIGHTS.items() if difference.effect & effect), Weight.COSMETIC)


def entries(differences: Iterable[Difference], place: Callable[[Difference], Location | None]) -> tuple[Changed, ...]:
    """Return what is shown of the differences; `place` says where one was declared."""
    found = [_entry(group, place) for group in alike(differences)]
    ranks = {word: rank for rank, word in enumerate(Weight)}
    return tuple(sorted(found, key=lambda one: ranks[one.weight]))


def _entry(group: tuple[Difference, ...], place: Callable[[Difference], Location | None]) -> Changed:
    first, *others = group
    follow = tuple(one.name for one in others) if first.action == "renamed" else ()
    return Changed(
        first.name.kind,
        str(first.name),
        _ACTIONS.get(first.action, first.action),
        first.attribute,
        first.key,
        _text(first.declared),
        _text(first.live),
        weight(first),
        first.hidden + len(follow),
        tuple(f"{name.kind} {name}" for name in (*first.along, *follow)),
        () if follow else tuple(str(one.name) for one in others),
        _note(first),
        place(first),
    )


def _note(difference: Difference) -> str:
    if difference.perhaps:
        return f"{difference.perhaps}, on the other side, is alike: perhaps it was renamed"
    if difference.other:
        return f"there it belongs to what was renamed: {difference.other}"
    return f"compared as text: {difference.reason}" if difference.reason else ""


def _text(of: Value) -> str | None:
    return None if of is None else value(of)
