"""Values chosen together: rows that meet all conditions of a table, and for each condition one that breaks only it.

Columns that no condition joins do not concern each other, so they are solved apart, and tried side by side in the same
rows. Within a group the search proposes combinations, the server judges, and the best ones are changed where they fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from math import prod
from random import Random

from pgproof.model import ObjectName
from pgproof.probes.rows.judging import Judge, Row, Verdict, needed
from pgproof.probes.rows.table import Check, Table

MOST_SAMPLES = 250
ROUNDS = 8
_ENOUGH = 6
"""How many solutions of a group are worth searching for."""
_OFTEN = 0.25


@dataclass(frozen=True, slots=True)
class Slot:
    """Columns whose values are chosen together, and the choices, the preferred one first."""

    columns: tuple[str, ...]
    options: tuple[Row, ...]


@dataclass(slots=True)
class Group:
    """Slots that conditions join, and the choices found for all of them: which meet the conditions, which break one."""

    slots: list[Slot]
    checks: list[Check]
    valid: list[Row] = field(default_factory=list)
    breaking: dict[ObjectName, list[Row]] = field(default_factory=dict)
    near: list[tuple[int, Row, tuple[int, ...]]] = field(default_factory=list)
    """Rows that fail, with how many and which of the conditions they fail."""

    @property
    def unmet(self) -> tuple[Check, ...]:
        """The conditions that the nearest rows fail, when nothing meets all."""
        if self.valid or not self.near:
            return ()
        _, _, failing = min(self.near, key=lambda one: one[0])
        return tuple(self.checks[n] for n in failing)


def solve(table: Table, slots: Sequence[Slot], judge: Judge, random: Random) -> list[Group]:
    """Return the groups of a table's slots with what was found for each."""
    groups = _groups(table, slots)
    samples = [list(islice(_samples(group, random), MOST_SAMPLES)) for group in groups]
    for number in range(ROUNDS):
        open_ = [(group, some) for group, some in zip(groups, samples, strict=True) if some]
        if not open_:
            break
        _judge(table, open_, judge)
        samples = [_next(group, random) if number + 1 < ROUNDS else [] for group in groups]
    return groups


def _groups(table: Table, slots: Sequence[Slot]) -> list[Group]:
    """Join the slots that a condition depends on."""
    home = {name: number for number, slot in enumerate(slots) for name in slot.columns}
    root = list(range(len(slots)))

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    reach = {id(check): [home[n] for n in needed(table, [check]) if n in home] for check in table.checks}
    for numbers in reach.values():
        for number in numbers[1:]:
            root[find(number)] = find(numbers[0])
    groups: dict[int, Group] = {}
    for number, slot in enumerate(slots):
        groups.setdefault(find(number), Group([], [])).slots.append(slot)
    for check in table.checks:
        if check.enforced and (numbers := reach[id(check)]):
            groups[find(numbers[0])].checks.append(check)
    return list(groups.values())


def _samples(group: Group, random: Random) -> Iterator[Row]:
    """Propose: every combination when they are few; else the preferred one, changes of one slot, and any."""
    if not all(slot.options for slot in group.slots):
        return
    if prod(len(slot.options) for slot in group.slots) <= MOST_SAMPLES:
        for combination in product(*(slot.options for slot in group.slots)):
            yield _joined(combination)
        return
    preferred = [slot.options[0] for slot in group.slots]
    yield _joined(preferred)
    yield _joined([_null(slot) for slot in group.slots])
    share = max(MOST_SAMPLES // (2 * len(group.slots)), 8)
    for number, slot in enumerate(group.slots):
        for option in slot.options[1:share]:
            yield _joined([*preferred[:number], option, *preferred[number + 1 :]])
    while True:
        yield _joined([_any(slot, random) for slot in group.slots])


def _judge(table: Table, open_: list[tuple[Group, list[Row]]], judge: Judge) -> None:
    """Judge the samples of all groups side by side: the n-th row holds the n-th sample of each."""
    for group, samples in open_:
        if not group.checks:
            group.valid += samples
    asked = [(group, samples) for group, samples in open_ if group.checks]
    checks = [check for group, _ in asked for check in group.checks]
    length = max((len(samples) for _, samples in asked), default=0)
    rows = [_joined([samples[n % len(samples)] for _, samples in asked]) for n in range(length)]
    verdicts = judge.verdicts(table, checks, rows)
    start = 0
    for group, samples in asked:
        end = start + len(group.checks)
        for sample, verdict in zip(samples, verdicts, strict=False):
            _sort(group, sample, verdict[start:end])
        start = end


def _sort(group: Group, sample: Row, verdicts: list[Verdict]) -> None:
    failing = tuple(number for number, verdict in enumerate(verdicts) if verdict is not True)
    if not failing:
        group.valid.append(sample)
        return
    if len(failing) == 1 and verdicts[failing[0]] is False:
        group.breaking.setdefault(group.checks[failing[0]].name, []).append(sample)
    group.near.append((len(failing), sample, failing))


def _next(group: Group, random: Random) -> list[Row]:
    """Propose changes of the best rows so far: where they fail, or where a condition was not yet broken alone."""
    unbroken = [n for n, check in enumerate(group.checks) if check.name not in group.breaking]
    if not group.checks or (group.valid and not unbroken) or not all(slot.options for slot in group.slots):
        return []
    if prod(len(slot.options) for slot in group.slots) <= MOST_SAMPLES:
        return []  # all were tried
    made: list[Row] = []
    group.near.sort(key=lambda one: one[0])
    del group.near[MOST_SAMPLES:]
    if len(group.valid) < _ENOUGH:
        for _, row, failing in group.near[:6]:
            made += [_changed(group, row, group.checks[random.choice(failing)], random) for _ in range(20)]
    share = MOST_SAMPLES // max(len(unbroken), 1)
    for number in unbroken:
        made += islice(_breaking(group, group.checks[number], random), share)
    return made[: 2 * MOST_SAMPLES]


def _breaking(group: Group, check: Check, random: Random) -> Iterator[Row]:
    """Propose rows that may break one condition: valid ones, whose columns of it are not NULL, with other values."""
    base = sorted(group.valid, key=lambda row: sum(row.get(name) is None for name in check.columns))
    base = base[:3] or [row for _, row, _ in group.near[:3]]
    concerned = [slot for slot in group.slots if not set(slot.columns).isdisjoint(check.columns)] or group.slots
    for row in base:
        for slot in concerned:
            start = random.randrange(len(slot.options))
            for option in (*slot.options[start:], *slot.options[:start]):
                yield {**{name: value for name, value in row.items() if name not in slot.columns}, **option}
        yield from (_changed(group, row, check, random) for _ in range(10))


def _changed(group: Group, row: Row, check: Check, random: Random) -> Row:
    """Return the row with other values in some of the columns of a condition."""
    concerned = [slot for slot in group.slots if not set(slot.columns).isdisjoint(check.columns)] or group.slots
    chosen = random.sample(concerned, random.randint(1, len(concerned)))
    kept = {name: value for name, value in row.items() if not any(name in slot.columns for slot in chosen)}
    return _joined([kept, *(_any(slot, random) for slot in chosen)])


def _any(slot: Slot, random: Random) -> Row:
    """Choose any option, the first ones more often, and NULL, which conditions on several columns ask for, often."""
    if random.random() < _OFTEN:
        return _null(slot)
    return slot.options[min(int(random.expovariate(4 / len(slot.options))), len(slot.options) - 1)]


def _null(slot: Slot) -> Row:
    return next((option for option in slot.options if None in option.values()), slot.options[0])


def _joined(rows: Sequence[Row]) -> Row:
    return {name: value for row in rows for name, value in row.items()}
