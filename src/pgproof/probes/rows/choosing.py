"""Rows composed of what was found for each group of columns, so that no key is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from pgproof.model import ObjectName
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.solving import Group
from pgproof.probes.rows.table import Key, Table

_AHEAD = 400
"""How many choices of a group are looked at for one that repeats no key."""
_FIRST = 4
"""How many rows come before those that vary what triggers look at."""
_WATCHED = 40
_FAILED = 3
"""After so many rows that would repeat a key there is none left."""


class Chooser:
    """Composes rows of one table: first the preferred one, then one with few values, then any."""

    def __init__(
        self,
        table: Table,
        groups: Sequence[Group],
        stored: Sequence[Row],
        random: Random,
        watched: frozenset[str] = frozenset(),
        repeating: ObjectName | None = None,
    ) -> None:
        """`stored` are the rows that are there, `watched` the columns that triggers look at.

        `repeating` is a key that may be repeated.
        """
        self._table = table
        self._groups = list(groups)
        self._watched = [
            place
            for place, group in enumerate(self._groups)
            if any(watched.intersection(slot.columns) for slot in group.slots)
        ]
        self._random = random
        self._keys = [key for key in table.keys if key.kind != "exclusion" and key.columns and key.name != repeating]
        self._used = {id(key): {_values(row, key) for row in stored} for key in self._keys}
        self.blocked: frozenset[str] = frozenset()
        """The columns of the keys that every row would repeat."""

    @property
    def exhausted(self) -> bool:
        """Whether no row can be composed that repeats no key."""
        return all(group.valid for group in self._groups) and next(self.rows(), None) is None

    def rows(self) -> Iterator[Row]:
        """Yield rows without end, until none is left that repeats no key; nothing when a group has no choice."""
        if not all(group.valid for group in self._groups):
            return
        failed = 0
        for choices in self._choices():
            row = self._avoiding(choices)
            if row is not None:
                yield row
            elif (failed := failed + 1) >= _FAILED:
                return

    def _choices(self) -> Iterator[list[Row]]:
        """Yield the preferred choices, those with few values, one other value in what triggers look at, and any."""
        for number in range(_FIRST):
            yield [self._choice(group, number) for group in self._groups]
        preferred = [group.valid[0] for group in self._groups]
        for place in self._watched:
            for option in self._groups[place].valid[1:_WATCHED]:
                yield [*preferred[:place], option, *preferred[place + 1 :]]
        while True:
            yield [self._choice(group, _FIRST) for group in self._groups]

    def _choice(self, group: Group, number: int) -> Row:
        if number == 0:
            return group.valid[0]
        if number == 1:
            return min(group.valid[:50], key=_given)
        return group.valid[min(int(self._random.expovariate(4 / len(group.valid))), len(group.valid) - 1)]

    def _avoiding(self, chosen: list[Row]) -> Row | None:
        """Join the choices; change those that make a key repeat a stored one."""
        for key in self._keys:
            if self._repeats(key, chosen) and not self._change(key, chosen):
                self.blocked |= frozenset(key.columns)
                return None
        if any(self._repeats(key, chosen) for key in self._keys):
            return None
        return {name: value for part in chosen for name, value in part.items()}

    def _repeats(self, key: Key, chosen: list[Row]) -> bool:
        row = {name: value for part in chosen for name, value in part.items()}
        values = _values(row, key)
        return values is not None and values in self._used[id(key)]

    def _change(self, key: Key, chosen: list[Row]) -> bool:
        for place, group in enumerate(self._groups):
            if not any(set(slot.columns) & set(key.columns) for slot in group.slots):
                continue
            before = chosen[place]
            for option in group.valid[:_AHEAD]:
                chosen[place] = option
                if not self._repeats(key, chosen):
                    return True
            chosen[place] = before
        return False


def _values(row: Row, key: Key) -> tuple[str, ...] | None:
    """Return the key's values in a row; `None` when one is NULL or not known beforehand: then it repeats nothing."""
    values = tuple(row.get(name) for name in key.columns)
    return None if None in values else values  # type: ignore[return-value]


def _given(row: Row) -> int:
    return sum(value is not None for value in row.values())
