"""Promised numbers compared with each other, before anybody looks at a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pgproof.contract.counting import COUNTABLE
from pgproof.contract.need import Compare
from pgproof.contract.promise import Number, Promise
from pgproof.model import Location


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two numbers of one contract that cannot both be true."""

    word: str
    problem: str
    location: Location
    seen: tuple[str, ...] = ()


def contradictions(promises: Iterable[Promise]) -> list[Contradiction]:
    """Return where numbers do not add up, in the order of the contract."""
    all_ = list(promises)
    found = [one for promise in all_ for one in _lists(promise)]
    totals = [promise for promise in all_ if not promise.name]
    parts = [promise for promise in all_ if promise.name and promise.counts]
    for total in totals:
        found += _sums(total, parts)
    return sorted(found, key=lambda one: (one.location, one.word))


def _lists(promise: Promise) -> Iterator[Contradiction]:
    """Yield lists of names that hold another number than is promised, and names that stand in them twice."""
    for word, names in promise.names.items():
        twice = sorted(name for name, number in Counter(names).items() if number > 1)
        number = promise.counts.get(word)
        place = number.location if number else promise.location
        whose = promise.name or "the total"
        if twice:
            yield Contradiction(word, f"{whose} lists {', '.join(twice)} twice", place)
        different = len(set(names))
        if number and not number.delta and not number.compare.holds(different, number.value):
            yield Contradiction(word, f"{whose} promises {number} {word} and lists {different}", place)


def _sums(total: Promise, parts: list[Promise]) -> Iterator[Contradiction]:
    for word in COUNTABLE:
        whole = total.counts.get(word)
        counted = [(part.name, part.counts[word]) for part in parts if word in part.counts]
        if whole is None or not counted or whole.compare is Compare.AT_MOST:
            continue
        if any(number.compare is not Compare.EXACTLY for _, number in counted):
            continue
        summed = sum(number.value for _, number in counted)
        if not _agrees(whole, summed, complete=len(counted) == len(parts), grown=bool(total.before)):
            yield Contradiction(
                word,
                f"{summed} {word} in the parts, {whole} in the total",
                whole.location,
                (", ".join(f"{name} {number.value}" for name, number in counted),),
            )


def _agrees(whole: Number, summed: int, *, complete: bool, grown: bool) -> bool:
    """Whether a total can be true beside its parts: all of them are there, or some, or more was there before."""
    if summed > whole.value:
        return whole.compare is Compare.AT_LEAST
    if not complete or (grown and not whole.delta):
        return True
    return whole.compare.holds(summed, whole.value)
