"""Findings that are known already: how many of each, by any of the fingerprints that name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class Known:
    """Each item goes by several names and stands for `count` findings; those that were taken are used up."""

    def __init__(self, items: Iterable[tuple[tuple[str, ...], int]]) -> None:
        """Take the names and the count of each item."""
        listed = list(items)
        self._left = [count for _, count in listed]
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        for number in reversed(range(len(listed))):  # the first is the last of its list, where it goes at no cost
            for name in listed[number][0]:
                self._by_name[name].append(number)

    def take(self, *names: str) -> int | None:
        """Use up one of the first item that goes by one of these names; return the item's number, `None` for none."""
        for name in names:
            numbers = self._by_name.get(name, [])
            while numbers and not self._left[numbers[-1]]:
                numbers.pop()
            if numbers:
                self._left[numbers[-1]] -= 1
                return numbers[-1]
        return None

    def left(self, number: int) -> int:
        """Return how many of an item were not taken."""
        return self._left[number]
