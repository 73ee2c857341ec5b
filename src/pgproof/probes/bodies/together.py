"""What several trials of one body say, as one list: a trigger function is tried for each of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgproof.probes.bodies.proved import Defect, Untold
from pgproof.probes.bodies.trial import Trial


def together(judged: Sequence[tuple[str, Defect | Untold]], trials: Sequence[Trial]) -> Iterator[Defect | Untold]:
    """Yield each judgement once: a trigger function is tried for each of its tables.

    What fails for some of the tables only that it is tried for, at a place that not every call reaches, may be guarded.
    """
    same: dict[tuple[str, str, int], list[tuple[str, Defect | Untold]]] = {}
    for firing, one in judged:
        key = (one.sqlstate, one.message, one.offset) if isinstance(one, Defect) else ("", one.reason, one.offset)
        same.setdefault(key, []).append((firing, one))
    seen: Mapping[int, Defect] = {}
    for several in same.values():
        one = several[0][1]
        if isinstance(one, Defect):
            if one.firing and not one.certain and len({firing for firing, _ in several}) < _tables(trials, one.offset):
                yield Untold("it fails for some of the tables that the trigger is on, perhaps guarded", one.offset)
                continue
            if one.offset in seen and seen[one.offset].sqlstate == one.sqlstate:
                continue
            seen = {**seen, one.offset: one}
        yield one


def _tables(trials: Sequence[Trial], offset: int) -> int:
    """Return for how many tables that is tried which stands at a place of the body."""
    return len({trial.firing.table for trial in trials if trial.firing and any(p.covers(offset) for p in trial.probes)})
