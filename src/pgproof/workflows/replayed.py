"""Each migration as the replay saw it, as a result holds it."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.evidence.store import Evidence
from pgproof.judge.document import ReplayedFile
from pgproof.migrations.observation import Observation, Replay

_PARTS = frozenset({"column", "constraint", "privilege"})
"""What a table brings along is told with the table, as the index of a constraint is."""


def replayed_files(evidence: Evidence) -> Iterator[ReplayedFile]:
    """Yield an entry for each migration file, in their order."""
    replay = evidence.known(Replay)
    if replay is None:
        return
    made: dict[str, list[tuple[str, str]]] = {path: [] for path in replay.files}
    for name, place in sorted(replay.created.items()):
        thing = replay.catalog.objects.get(name)
        of_constraint = name.kind == "index" and thing is not None and thing.attributes["constraint"]
        if thing is not None and name.kind not in _PARTS and not of_constraint:
            made.setdefault(place.path, []).append((name.kind, str(name)))
    seen_in: dict[str, list[Observation]] = {path: [] for path in replay.files}
    for one in replay.observations:
        seen_in.setdefault(one.origin, []).append(one)
    for path in replay.files:
        seen = seen_in[path]
        failed = sum(bool(one.failure or one.refused) for one in seen)
        took = round(sum(one.elapsed_ms for one in seen))
        yield ReplayedFile(path, len(seen), failed, tuple(made[path]), took)
